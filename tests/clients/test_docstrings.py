"""What the docstrings show happens."""

import doctest
import importlib
import pkgutil

import pytest
import secant

MODULES = [
    module.name
    for module in pkgutil.walk_packages(secant.__path__, "secant.")
    if not module.name.startswith("secant.v1")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run_as_shown(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_offers_it_has(name):
    module = importlib.import_module(name)
    assert all(hasattr(module, public) for public in module.__all__)
