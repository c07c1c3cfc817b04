"""R itself reads what we print as the names, numbers and functions of the formula, and runs nothing else."""

import math
import re
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from secantd.export import export
from secantd.language import Notation, read
from secantd.render import r_text, spelling
from secantd.render.spelling import R_RESERVED, r_name

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from hostile import LISTS, formula, function, quoted


@pytest.fixture(scope="module")
def parts(r):
    """Return a function: a text of R to its functions and its variables, none of it run."""
    of = r.r(
        """function(text) {
          found <- parse(text = text, keep.source = FALSE, encoding = "UTF-8")
          list(setdiff(all.names(found), all.names(found, functions = FALSE)), all.vars(found))
        }"""
    )
    return lambda text: tuple({str(n) for n in part} for part in of(text))


@given(names=LISTS)
@example(names=["x", "\\", '^system("touch /")#'])
@settings(max_examples=100)
def test_r_reads_our_text_as_the_names_and_functions_of_the_formula(parts, names):
    f = function(names)
    texts = spelling(f.variables, Notation.R).texts
    called, found = parts(r_text(f.outputs[0], names=texts))
    assert called <= {*"^*+/-([$", "exp", "gamma"}
    read_as = set()
    for n in names:
        if n == "pi" or texts[n].startswith("`"):
            read_as.add(texts["pi"] if n == "pi" else n)
        else:
            # R has the components x[1] and x$a by their parts.
            read_as |= set(re.sub(r"\[\d+\]", "", n).split("$"))
    assert found - {"pi"} == read_as


@given(names=LISTS)
@example(names=["x", "\\", '^system("touch /")#'])
@settings(max_examples=30)
def test_r_reads_exported_code_as_that_of_usual_names(parts, names):
    usual = [f"zz{chr(97 + k)}" for k in range(len(names))]
    (called, found), (expected, known) = (
        parts(export(read(formula(n)), formula(n), (), [Notation.R], 1).codes[0].text) for n in (names, usual)
    )
    # A function that shares its name with a variable is listed with the variables.
    assert called <= expected
    assert len({n for n in found if not n.rstrip("0123456789_").startswith("t")} - known) <= len(names)


@pytest.mark.parametrize(
    "name",
    ["a`b", "\\", "a b", "a\tb\n", "\x01\x1b\x7f", "é", "a\u0301", ".1", "_a", "中", *sorted(R_RESERVED - {"π"})],
)
def test_a_name_is_written_as_r_deparses_it(r, name):
    assert r_name(name) == r.r("function(n) deparse(as.name(n), backtick = TRUE)")(name)[0]


@pytest.mark.parametrize("name", ["...", "..1", "π"])
def test_a_name_that_is_read_as_something_else_stands_in_backticks_which_r_reads_too(r, name):
    assert r.r("function(text) as.character(str2lang(text))")(r_name(name))[0] == name


def test_what_the_review_sent_is_computed_and_nothing_is_run(r):
    names = ["x", "\\", '^system("exit 1")#']
    text = " * ".join(map(quoted, names))
    value = r.r("function(text, names, values) eval(str2lang(text), setNames(as.list(values), names), baseenv())")(
        r_text(read(text).outputs[0]), r.StrVector(names), r.FloatVector([2.0, 3.0, 5.0])
    )
    assert math.isclose(value[0], 30.0)
