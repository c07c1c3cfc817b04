"""What the docstrings show happens."""

import doctest
import importlib
import pkgutil

import pytest
import secant
import secantd

MODULES = [
    module.name
    for package in (secant, secantd)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not module.name.startswith("secant.v1") and not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run_as_shown(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_offers_it_has(name):
    module = importlib.import_module(name)
    assert all(hasattr(module, public) for public in getattr(module, "__all__", ()))
