"""Without the extra ``neural`` there is nothing to test here."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("skorch") else ["test_*.py"]
