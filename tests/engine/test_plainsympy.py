"""SymPy as the engine uses it."""

import os
import subprocess
import sys

PRINTED = """
import os
from secantd.plainsympy import sympy
from sympy.external.gmpy import GROUND_TYPES
print(GROUND_TYPES, os.environ.get("SYMPY_GROUND_TYPES"))
"""


def printed(**more: str) -> str:
    own = {name: value for name, value in os.environ.items() if name != "SYMPY_GROUND_TYPES"}
    return subprocess.run(
        [sys.executable, "-c", PRINTED], env=own | more, capture_output=True, text=True, check=True
    ).stdout


def test_sympy_has_integers_of_python_where_python_flint_is_installed_too():
    assert printed() == "python None\n"


def test_a_choice_of_the_user_is_kept():
    assert printed(SYMPY_GROUND_TYPES="auto").split()[1] == "auto"
