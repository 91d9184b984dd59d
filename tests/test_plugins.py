"""Installed packages extend the command line by entry points."""

import subprocess
import sys

import pytest

from sk_ser import _plugins


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a package of one module with one entry point."""

    def _install(module, code):
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[sk_ser]\n{module} = {module}\n")
        monkeypatch.syspath_prepend(tmp_path)

    _plugins.load_plugins.cache_clear()
    yield _install
    _plugins.load_plugins.cache_clear()


def test_a_plugin_is_imported_once(install):
    install("sk_ser_plugin_one", "calls = globals().get('calls', 0) + 1")
    assert "sk_ser_plugin_one" in _plugins.load_plugins()
    _plugins.load_plugins()
    assert sys.modules["sk_ser_plugin_one"].calls == 1


def test_a_plugin_that_fails_is_left_out_with_a_warning(install):
    install("sk_ser_plugin_two", "raise ValueError('no such table')")
    with pytest.warns(UserWarning, match="sk_ser_plugin_two.*ValueError: no such table"):
        assert "sk_ser_plugin_two" not in _plugins.load_plugins()


def test_importing_the_package_loads_no_plugin(install, tmp_path):
    install("sk_ser_plugin_three", "raise SystemExit(3)")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import sk_ser"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
