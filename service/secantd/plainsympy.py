"""SymPy with the integers of Python: `from secantd.plainsympy import sympy`.

With those of gmpy2 or python-flint, which SymPy takes if they are installed, an answer could depend on what is installed, and no
time limit would end a computation within them. A program that has imported SymPy before keeps its own.
"""

import os
from importlib import import_module

__all__ = ["sympy"]

GROUND_TYPES = "SYMPY_GROUND_TYPES"

chosen = os.environ.get(GROUND_TYPES)
os.environ[GROUND_TYPES] = chosen or "python"
try:
    sympy = import_module("sympy")
    # Sums import this part of it when they are first made, perhaps within a time limit.
    import_module("sympy.tensor.tensor")
finally:
    # Other programs that this process starts choose for themselves.
    if chosen is None:
        del os.environ[GROUND_TYPES]
