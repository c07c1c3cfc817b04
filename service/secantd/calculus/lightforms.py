"""The light forms of a function's nodes, which its memory keeps, and their exact forms.

Texts in R notation have the decimals that Deriv prints, 0.333333333333333; other notations are written in the exact form, 1/3.
"""

from typing import TYPE_CHECKING, Final

from secantd.algebra import Light
from secantd.calculus import forward
from secantd.errors import CalculusError, Reason
from secantd.expression import Node, reachable
from secantd.functions import NAMES
from secantd.language import Function, Slot
from secantd.language.library import functions

if TYPE_CHECKING:
    from secantd.algebra.arrays import Arrays
    from secantd.algebra.sympyform import SympyForm

__all__ = [
    "author_names",
    "constructors",
    "exact_form",
    "is_unwieldy",
    "light_form",
    "light_of",
    "remember_origin",
    "sympy_form",
    "too_long",
]

LIGHT: Final[Slot[Light]] = Slot("light form")
EXACT: Final[Slot[Light]] = Slot("exact form")
# How a light form was made, by its index: from an expression, and by which derivative of it.
ORIGINS: Final[Slot[tuple[Node, str]]] = Slot("origins of light forms")
# Expressions whose light forms are too long to print.
UNWIELDY: Final[Slot[Node]] = Slot("unwieldy expressions")
SYMPY: Final["Slot[SympyForm]"] = Slot("SymPy's form")
CONSTRUCTORS: Final["Slot[Arrays]"] = Slot("constructors of arrays")


def light_form(function: Function) -> Light:
    """Return the light forms of a function's nodes; the caller holds the function's lock."""
    found = function.memory.find(LIGHT)
    return function.memory.keep(LIGHT, None, Light(function.graph)) if found is None else found


def exact_light(function: Function) -> Light:
    """Return the exact forms of a function's nodes; the caller holds the function's lock."""
    found = function.memory.find(EXACT)
    return function.memory.keep(EXACT, None, Light(function.graph, exact=True)) if found is None else found


def light_of(
    function: Function, node: Node, longest: int = 0, *, origin: Node | None = None, variable: str = ""
) -> Node:
    """Return the light form of an expression, and remember where it came from, for its exact form.

    Args:
        function: The function that owns the node; the caller holds its lock.
        node: The expression.
        longest: As for `Light.of`.
        origin: What `node` was made of, if its constants may be rounded already: it is the derivative of `origin`.
        variable: The variable of that derivative.
    """
    light = light_form(function)
    try:
        form = light.of(node, longest)
    except CalculusError as error:
        if not too_long(error):
            raise
        # A recursion of a hundred steps: it is printed as it is, with names for its parts.
        return function.memory.keep(UNWIELDY, node.index, node)
    remember_origin(function, form, node if origin is None else origin, variable)
    return form


def remember_origin(function: Function, form: Node, source: Node, variable: str) -> None:
    """Remember how a light form was made, for its exact form; the caller holds the function's lock.

    If two derivatives have one light form and different exact forms, the latest request counts, so that an answer does not depend on
    earlier ones.
    """
    # The author's own expressions stay as they are; and no form leads back to itself, as sine's fourth derivative would.
    if form.index > max([o.index for o in function.outputs]) and not leads_to(function, source, form):
        function.memory.replace(ORIGINS, form.index, (source, variable))


def is_unwieldy(function: Function, node: Node) -> bool:
    """Return whether an expression is used instead of its light form, which is too long to print."""
    return function.memory.find(UNWIELDY, node.index) is not None


def too_long(error: CalculusError) -> bool:
    """Return whether an error says that a text is longer than an answer may be."""
    return error.reason is Reason.LIMIT_EXCEEDED and error.metadata.get("name") == "output_length"


def leads_to(function: Function, node: Node, form: Node) -> bool:
    """Return whether `form` is among the origins of a node, or the node itself."""
    while node is not form:
        found = function.memory.find(ORIGINS, node.index)
        if found is None:
            return False
        node = found[0]
    return True


def exact_form(function: Function, node: Node, longest: int = 0) -> Node:
    """Return the exact form of a light form: constants are fractions, roots and logarithms, no decimals.

    Args:
        function: The function that owns the node; the caller holds its lock.
        node: A light form. If its origin is not known, it is returned.
        longest: As for `Light.of`.

    >>> from secantd.language import read
    >>> from secantd.render import r_text
    >>> f = read("log(2) + 1/3")
    >>> form = light_of(f, f.outputs[0])
    >>> r_text(form), r_text(exact_form(f, form))
    ('1.02648051389328', '1/3 + log(2)')
    """
    if not light_form(function).rounded and not has_decimals(node):
        return node
    derivatives: list[str] = []
    origin = node
    while (found := function.memory.find(ORIGINS, origin.index)) is not None:
        origin, variable = found
        if variable:
            derivatives.append(variable)
    form = exact_light(function)
    for variable in reversed(derivatives):
        origin = form.of(forward.derivative(function.graph, origin, variable, exact=True), longest)
    return node if origin is node else form.of(origin, longest)


def sympy_form(function: Function, node: Node) -> Node:
    """Return SymPy's form of a node in the exact form, for texts in Python notation; the caller holds the function's lock."""
    from secantd.algebra.sympyform import SympyForm

    found = function.memory.find(SYMPY)
    if found is None:
        found = function.memory.keep(SYMPY, None, SympyForm(function.graph))
    return found.of(node)


def has_decimals(node: Node) -> bool:
    return any(n.op == "number" and not n.value.is_integer() for n in reachable([node]))


def constructors(function: Function, *, exact: bool = False) -> "Arrays":
    """Return the constructors of a function's graph of arrays, of light or of exact forms; the caller holds the function's lock."""
    from secantd.algebra.arrays import Arrays

    found = function.memory.find(CONSTRUCTORS, exact)
    return function.memory.keep(CONSTRUCTORS, exact, Arrays(function.graph, exact=exact)) if found is None else found


def author_names(function: Function, node: Node, *, exact: bool = False) -> dict[str, Node]:
    """Return the parts of a node, in the light or the exact form, to which the text of its function assigns names.

    Names that mean something else in the answer are left out: those of variables, of data, of vectors that occur by their
    components, of changes, and of functions of the language.

    Args:
        function: The function that owns the node.
        node: The expression, in the light or the exact form.
        exact: Whether it is in the exact form.
    """
    if not function.parts:
        return {}
    inside = reachable([node])
    present = {n.index for n in inside}
    taken = {*function.variables, *function.used, *function.graph.columns}
    taken |= {n.name for n in inside if n.op in ("symbol", "data")}
    taken |= {name.partition("[")[0].partition("$")[0] for name in taken}
    found: dict[str, Node] = {}
    with function.lock:
        form = exact_light(function) if exact else light_form(function)
        for name, part in function.parts.items():
            if name not in taken and name not in NAMES and name not in functions():
                light = constructors(function, exact=exact).light(part) if function.arrays else form.of(part)
                # The steps of a derivation show formulas as the text has them.
                written = light if light.index in present else part
                # A recursion is a loop that fills a vector, also where this vector is the formula.
                if written.index in present and (written is not node or node.op == "scan"):
                    found[name] = written
    return found
