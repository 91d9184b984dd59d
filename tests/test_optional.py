"""A missing dependency names the extra that installs it."""

import sys

import pytest

from sk_ser._optional import import_optional


def test_what_is_installed_is_returned():
    assert import_optional("os.path", extra="plot", purpose="This").join("a", "b") == "a/b"


def test_what_is_missing_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
    with pytest.raises(ImportError, match=r'GapDisplay.*matplotlib.*pip install "sk_ser\[plot\]"'):
        import_optional("matplotlib.figure", extra="plot", purpose="GapDisplay.plot")


def test_what_is_installed_and_broken_says_so_itself(tmp_path, monkeypatch):
    (tmp_path / "broken_package.py").write_text("import a_module_that_is_not_installed")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_module_that_is_not_installed"):
        import_optional("broken_package", extra="plot", purpose="This")
