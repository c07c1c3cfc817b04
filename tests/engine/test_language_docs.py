"""docs/language.md agrees with the tables."""

import importlib.util
from pathlib import Path

import pytest
from secantd.errors import CalculusError
from secantd.language import Notation, read

ROOT = Path(__file__).parents[2]


def script():
    spec = importlib.util.spec_from_file_location("language", ROOT / "docs" / "language.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_functions_of_the_page_are_those_of_the_table():
    written = script()
    assert written.PAGE.read_text(encoding="utf-8") == written.page(), "run: python docs/language.py"


@pytest.mark.parametrize(
    "text", ["x^2 + y", "x**2 + y", "~ x^2", "y ~ a + b*x", "function(x, y) x^2 + y", "\\(x) x^2", "lambda x: x**2",
             "c(x*y, x + y)", "[x*y, x + y]", "{ a <- x^2; a + 1 }", "f <- function(t) t^2\nf(a) * a", "2^-x", "0x1F + 1_000"],
)  # fmt: skip
def test_the_forms_of_the_page_are_read(text):
    assert read(text).outputs


@pytest.mark.parametrize(
    "text", ["'a'", "1i", "x[1, 2, 3]", "NULL", "while (TRUE) x", "repeat x", "for (i in 1:n) x", "open(x)"]
)
def test_what_the_page_refuses_is_refused(text):
    with pytest.raises(CalculusError):
        read(text, Notation.R)
