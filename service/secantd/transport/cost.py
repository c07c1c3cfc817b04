"""The cost estimate: which requests are surely quick, before anything is computed.

The event loop may not be blocked for more than some milliseconds. A short formula without assignments has a
graph as small as its text, so one or two derivatives of it are quick, unless it names a function that costs more than a
call of a worker process, or one that expands a vector. A block may expand to any size (`a <- x*x` and so on doubles with
each line, a loop runs to the limit `loop_steps`), so it runs in a worker process.
"""

import re
import unicodedata
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from secant.v1 import expression_pb2

from secantd.calculus.results import Form
from secantd.functions import CHEAP, FUNCTIONS, cost
from secantd.functions import NAMES as ROWS
from secantd.program import special

__all__ = [
    "always",
    "brief_start",
    "few_derivatives",
    "few_points",
    "low_order",
    "many_points",
    "never",
    "no_sweep",
    "plain",
    "tiny",
    "waits_for_scipy",
    "without_page",
]

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
# A data column is walked once for each node; a matrix of so many entries is inverted within a millisecond.
DATA_LENGTH = 1_000
# Each further derivative may multiply the formula by the number of its factors.
DERIVATIVES = 2
# Points times characters; NumPy takes about 1 ns for each, with a Hessian some ten times that.
NUMBERS = 100_000
MANY_NUMBERS = 100_000_000
# By order.
FACTORS = {0: 1, 1: 4, 2: 40}
HESSIAN = 2

# Whatever can make more than one node of one character.
MARKS = frozenset("\n;{:\\")
KEYWORDS = frozenset({"function", "lambda", "for", "while", "repeat", "def"})
# Functions whose vectors have a length given as a number, and those that call a function for each element.
EXPANDING = frozenset({
    "rep", "seq", "seq_len", "seq_along", "range", "arange", "np.arange", "numeric", "zeros", "sapply", "lapply", "vapply", "Map",
    "map", "Reduce", "reduce",
})  # fmt: skip
# Names whose cost at one point is more than the call to another process.
DEAR = frozenset(name for name, rows in ROWS.items() if any(cost(row) > CHEAP for row in rows))
# The derivative of the largest of n grows with n², its second one with n³.
ARGUMENTS, ARGUMENTS_TWICE = 12, 6
ASSIGNMENT = re.compile(r"(?<![<>=!])=(?!=)")
WORD = re.compile(r"[^\W\d][\w.]*")
HEADER = re.compile(r"\s*(?:function\s*\([\w\s,.]*\)|lambda[\w\s,]*:|~)")
SPECIAL_NAMES = frozenset(
    name for f in FUNCTIONS.values() if f.name in special.SPECIAL for name in (f.name, f.written, f.python, *f.aliases)
)
HEAVY_FORMS = (Form.EXPANDED.value, Form.FACTORED.value, Form.SIMPLIFIED.value)


def always(request: Any) -> bool:
    """Any request is quick."""
    return True


def never(request: Any) -> bool:
    """No request is known to be quick."""
    return False


def tiny(request: Any) -> bool:
    """A formula whose second derivatives are still short."""
    return (
        tiny_text(request.expression)
        and few_entries(request)
        and getattr(request, "form", 0) not in HEAVY_FORMS
        and not getattr(request, "inner", ())
        and len(getattr(request, "variables", ())) <= DERIVATIVES
    )


def without_page(request: Any) -> bool:
    """A derivation of a short formula; its pages take milliseconds to write."""
    return tiny(request) and not request.formats


def low_order(request: Any) -> bool:
    """A short formula's polynomial of few terms: the work grows with the square of the order."""
    return tiny(request) and request.order <= LOW_ORDER and len(request.at) == 1 and not request.points


def brief_start(request: Any) -> bool:
    """A descent of a short formula, whose first bunch of steps comes at once."""
    expression = request.expression
    return (
        tiny_text(expression)
        and few_entries(request)
        and len(request.start) <= FEW_VARIABLES
        and not request.starts
        and not expression.data
        and not expression.data_set
    )


def no_sweep(request: Any) -> bool:
    """A short formula's differences at one point."""
    return tiny(request) and not request.sweep


def plain(request: Any) -> bool:
    """A short formula in light form, without a certificate."""
    if request.certificate:
        return False
    return short(request.expression) and few_entries(request) and request.form not in HEAVY_FORMS


def few_derivatives(request: Any) -> bool:
    """A short formula, once or (shorter) twice differentiated."""
    times = len(request.variables)
    return plain(request) and (times < DERIVATIVES or (times == DERIVATIVES and tiny(request)))


def few_points(request: Any) -> bool:
    """A short formula at a handful of points."""
    points = sum(len(column.values) for column in request.points)
    if request.enclosures or (request.order == HESSIAN and not tiny_text(request.expression)):
        return False
    factor = FACTORS.get(request.order, 1)
    return short(request.expression) and points * len(request.expression.text) * factor <= NUMBERS


def many_points(request: Any) -> bool:
    """A short formula at so many points that NumPy takes a fraction of a second."""
    if (
        request.enclosures
        or request.order not in FACTORS
        or (request.order == HESSIAN and not tiny_text(request.expression))
    ):
        return False
    if any(column.shape for column in request.points):
        # The work of a matrix is more than its entries.
        return False
    points = sum(len(column.values) for column in request.points)
    return short(request.expression) and points * len(request.expression.text) * FACTORS[request.order] <= MANY_NUMBERS


def tiny_text(expression: expression_pb2.Expression) -> bool:
    """Whether a formula is so short that its second derivatives are."""
    look = looked(expression.text) if len(expression.text) <= TINY_LENGTH and short(expression) else None
    return (
        look is not None
        and look.names <= NAMES_OF_PAIRS
        and look.powers <= POWERS_TWICE
        and look.arguments <= ARGUMENTS_TWICE
    )


def waits_for_scipy(request: Any) -> bool:
    """Whether a request names a function that needs SciPy, which is not imported yet."""
    return not special.ready() and hasattr(request, "expression") and names_special(request.expression.text)


def names_special(text: str) -> bool:
    """Whether a text names a function that may need SciPy.

    >>> names_special("x * pgamma(x, 2)"), names_special("x * exp(x)")
    (True, False)
    """
    return not SPECIAL_NAMES.isdisjoint(WORD.findall(text))


class TextFeatures(NamedTuple):
    """What a short text shows at once.

    Attributes:
        powers: How many there are.
        names: Different words.
        arguments: Commas.
        block: Whether it may have more nodes than characters, or names a function that is not quick.
    """

    powers: int
    names: int
    arguments: int
    block: bool


# Most texts are asked about more than once: at other points, from other starts.
@lru_cache(maxsize=1024)
def looked(text: str) -> TextFeatures:
    """Return what is to be seen of a text.

    >>> looked("x*sin(x) + y^2")
    TextFeatures(powers=1, names=3, arguments=0, block=False)
    >>> looked("qgamma(x, 2)").block, looked("sum(seq_len(100000) * x)").block
    (True, True)
    >>> looked("a <- x*x; a*a").block, looked("function(x, y) x^2 + y").block
    (True, False)
    """
    # Names are compared as the reader reads them.
    text = unicodedata.normalize("NFKC", text.strip())
    header = HEADER.match(text)
    words = set(WORD.findall(text))
    body = text[header.end() :] if header else text
    return TextFeatures(
        powers=text.count("^") + text.count("**"),
        names=len(words),
        arguments=body.count(","),
        block=not (EXPANDING.isdisjoint(words) and DEAR.isdisjoint(words))
        or not MARKS.isdisjoint(body)
        or "<-" in body
        or ("=" in body and ASSIGNMENT.search(body) is not None)
        or not KEYWORDS.isdisjoint(WORD.findall(body) if header else words),
    )


def declared_entries(shape: expression_pb2.VariableShape) -> int:
    """Return the number of entries of a declared shape; a length that is a name counts as 1.

    >>> side = expression_pb2.Dimension
    >>> declared_entries(expression_pb2.VariableShape(dimensions=[side(size=3), side(name="n")]))
    3
    """
    return prod(max(d.size, 1) for d in shape.dimensions)


def few_entries(request: Any) -> bool:
    """Whether the vectors and matrices of a request's points are small."""
    points = (*getattr(request, "at", ()), *getattr(request, "start", ()), *getattr(request, "direction", ()))
    return sum(len(entry.values) for entry in points) <= DATA_LENGTH


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
    if expression.shapes and sum(declared_entries(shape) for shape in expression.shapes) > DATA_LENGTH:
        return False
    look = looked(text)
    return not look.block and look.powers <= POWERS and look.names <= NAMES and look.arguments <= ARGUMENTS
