"""R's Deriv, called through rpy2, as a witness that is not us."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest

# Without a compiler rpy2 uses R through its binary interface; the choice is read when rpy2 is imported.
os.environ.setdefault("RPY2_CFFI_MODE", "ABI")


def start_r() -> Any:
    """Return rpy2's running R, or skip with the name of what is missing.

    importorskip knows only ImportError; rpy2 without R, or with an R newer or older than it, fails otherwise.
    """
    if shutil.which("R") is None:
        pytest.skip("R is not installed: ./dev setup")
    before = os.environ.get("LD_LIBRARY_PATH")
    try:
        from rpy2 import robjects
    except Exception as problem:
        pytest.skip(f"rpy2 cannot run this R: {type(problem).__name__}: {problem}")
    # R's own libraries are not for the Python processes that other tests start: some miss a symbol there.
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
        os.unsetenv("LD_LIBRARY_PATH")
    else:
        os.environ["LD_LIBRARY_PATH"] = before
    # R's order of names decides the order of terms; LC_ALL would win over LC_COLLATE in the environment.
    robjects.r('invisible(Sys.setlocale("LC_COLLATE", "C"))')
    return robjects


@pytest.fixture(scope="session")
def r() -> Any:
    """rpy2.robjects with R running. Never evaluate text in it that we did not print ourselves."""
    return start_r()


@pytest.fixture(scope="session")
def deriv(r: Any) -> Callable[[str, str], str]:
    """Deriv::Deriv as a function of a formula in R's notation and a variable; what comes back is R's text."""
    # Invisible results arrive as None, hence isTRUE.
    if not r.r('isTRUE(requireNamespace("Deriv", quietly = TRUE))')[0]:
        pytest.skip("R's package Deriv is not installed: ./dev setup")
    derive = r.r("function(f, x) Deriv::Deriv(f, x)")

    def derivative(formula: str, variable: str) -> str:
        return str(derive(formula, variable)[0])

    return derivative
