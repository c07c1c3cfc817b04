"""What the docstrings show happens."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest
import secant
import secantd

SOURCES = {
    module.name: path.read_text(encoding="utf-8")
    for package in (secant, secantd)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not module.name.startswith("secant.v1") and not module.name.endswith("__main__")
    for path in [Path(module.module_finder.path, module.name.rpartition(".")[2])]  # type: ignore[union-attr]
    for path in [path / "__init__.py" if module.ispkg else path.with_suffix(".py")]
}


@pytest.fixture(scope="module")
def server():
    """A local server, whose processes are started once."""
    with secant.local(timeout=120.0, pool=1, seconds=60.0) as client:
        yield client


@pytest.fixture
def one_server(request):
    """The functions of `secant` ask one server in all examples of the client; `secant.local()` starts another."""
    if request.node.callspec.params["name"].startswith("secant"):
        secant.use(request.getfixturevalue("server"))


@pytest.mark.usefixtures("one_server")
@pytest.mark.parametrize("name", [name for name, source in SOURCES.items() if ">>> " in source])
def test_the_examples_of_a_module_run_as_shown(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", [name for name, source in SOURCES.items() if "\n__all__ = " in source])
def test_what_a_module_offers_it_has(name):
    module = importlib.import_module(name)
    assert module.__all__
    assert all(hasattr(module, public) for public in module.__all__)
