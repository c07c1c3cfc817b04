"""Which requests are surely quick, told from their size before anything is computed.

The event loop may not be held for more than some milliseconds. A short formula without assignments has a
graph as small as its text, so one or two derivatives of it are quick. A block may write itself out to any
size (`a <- x*x` and so on doubles with each line, a loop runs to the limit `loop_steps`): it goes elsewhere.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from secant.v1 import expression_pb2

from secantd.calculus.answers import Form

__all__ = ["always", "brief_start", "few_derivatives", "few_points", "low_order", "never", "no_sweep", "plain", "tiny"]

# Reading, differentiating and printing take 10 us a character, quotients of quotients ten times that.
TEXT_LENGTH = 150
# Second derivatives are up to the square of a formula's length.
TINY_LENGTH = 60
# In a tower x^x^x each level's derivative holds all levels above, twice.
POWERS, POWERS_TWICE = 12, 5
# A partial for each name, a second one for each pair.
NAMES, NAMES_OF_PAIRS = 12, 5
LOW_ORDER = 12
FEW_VARIABLES = 4
# A data column is walked once for each node.
DATA_LENGTH = 1_000
# Each further derivative may multiply the formula by the number of its factors.
DERIVATIVES = 2
# Points times characters; NumPy takes about 1 ns for each, with a Hessian some ten times that.
NUMBERS = 100_000

# Whatever can make more than one node of one character.
MARKS = frozenset("\n;{:\\")
KEYWORDS = frozenset({"function", "lambda", "for", "while", "repeat", "def"})
ASSIGNMENT = re.compile(r"(?<![<>=!])=(?!=)")
WORD = re.compile(r"[^\W\d][\w.]*")
HEADER = re.compile(r"\s*(?:function\s*\([\w\s,.]*\)|lambda[\w\s,]*:|~)")
HEAVY_FORMS = (Form.EXPANDED.value, Form.FACTORED.value, Form.SIMPLIFIED.value)


def always(request: Any) -> bool:
    """Quick whatever it says."""
    return True


def never(request: Any) -> bool:
    """Never surely quick."""
    return False


def tiny(request: Any) -> bool:
    """A formula whose second derivatives are still short."""
    return (
        tiny_text(request.expression)
        and getattr(request, "form", 0) not in HEAVY_FORMS
        and not getattr(request, "inner", ())
        and len(getattr(request, "variables", ())) <= DERIVATIVES
    )


def low_order(request: Any) -> bool:
    """A short formula's polynomial of few terms: the work grows with the square of the order."""
    return tiny(request) and request.order <= LOW_ORDER and len(request.at) == 1 and not request.points


def brief_start(request: Any) -> bool:
    """A descent of a short formula, whose first bunch of steps comes at once."""
    expression = request.expression
    return tiny_text(expression) and len(request.start) <= FEW_VARIABLES and not request.starts and not expression.data


def no_sweep(request: Any) -> bool:
    """A short formula's differences at one point."""
    return tiny(request) and not request.sweep


def plain(request: Any) -> bool:
    """A short formula in light form."""
    return short(request.expression) and request.form not in HEAVY_FORMS


def few_derivatives(request: Any) -> bool:
    """A short formula, once or (shorter) twice differentiated."""
    times = len(request.variables)
    return plain(request) and (times < DERIVATIVES or (times == DERIVATIVES and tiny(request)))


def few_points(request: Any) -> bool:
    """A short formula at a handful of points."""
    points = sum(len(column.values) for column in request.points)
    cost = (1, 4, 40)[request.order] if 0 <= request.order <= 2 else 1
    return short(request.expression) and points * len(request.expression.text) * cost <= NUMBERS


def tiny_text(expression: expression_pb2.Expression) -> bool:
    """Whether a formula is so short that its second derivatives are."""
    look = looked(expression.text) if len(expression.text) <= TINY_LENGTH and short(expression) else None
    return look is not None and look.names <= NAMES_OF_PAIRS and look.powers <= POWERS_TWICE


class Look(NamedTuple):
    """What a short text shows at once: its powers, its different words, whether it is a block."""

    powers: int
    names: int
    block: bool


# Most texts are asked about more than once: at other points, from other starts.
@lru_cache(maxsize=1024)
def looked(text: str) -> Look:
    """Return what is to be seen of a text.

    >>> looked("x*sin(x) + y^2")
    Look(powers=1, names=3, block=False)
    >>> looked("a <- x*x; a*a").block, looked("function(x, y) x^2 + y").block
    (True, False)
    """
    text = text.strip()
    header = HEADER.match(text)
    words = set(WORD.findall(text))
    body = text[header.end() :] if header else text
    return Look(
        powers=text.count("^") + text.count("**"),
        names=len(words),
        block=not MARKS.isdisjoint(body)
        or "<-" in body
        or ("=" in body and ASSIGNMENT.search(body) is not None)
        or not KEYWORDS.isdisjoint(WORD.findall(body) if header else words),
    )


def short(expression: expression_pb2.Expression) -> bool:
    """Whether an expression is short and of one formula.

    >>> short(expression_pb2.Expression(text="function(x, y) x^2 + y"))
    True
    >>> short(expression_pb2.Expression(text="a <- x*x; a*a"))
    False
    """
    text = expression.text
    if len(text) > TEXT_LENGTH:
        return False
    if expression.data and sum(len(column.values) for column in expression.data) > DATA_LENGTH:
        return False
    look = looked(text)
    return not look.block and look.powers <= POWERS and look.names <= NAMES
