"""Assumptions about variables: `x > 0`, `n integer`, `-1 < r < 1`.

An assumption is read by the parser of formulas and never executed. Comparisons of one variable with a constant are bounds, which
the choice of points and SymPy's symbols use; all comparisons are also conditions that a point has to satisfy.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, graft, symbols
from secantd.language import Notation, read
from secantd.program import compile as compile_program
from secantd.settings import Limits
from secantd.shown import quoted

__all__ = ["NO_POINT", "Assumptions", "Bounds", "no_arrays", "read_assumptions", "require_assumed"]

Array = NDArray[np.float64]

# The most assumptions, and the most characters of one.
MOST, LONGEST = 32, 200
FIELD = "assumptions"
NO_POINT = "no point was found that satisfies the assumptions"
EXAMPLES = "write for example x > 0, -1 < r < 1 or n integer"
WHOLE = re.compile(
    r"\s*(?P<name>`[^`]+`|[^\s<>=!,;]+)\s*(?:is\s+)?(?:an?\s+)?(?:(?P<kind>integer|even|odd|real|positive|negative|non-?negative|non-?zero)"
    r"|(?:∈|\\in(?![a-z])|in)\s*(?P<set>\\mathbb\s*\{?\s*[ZNR]\s*\}?|[ZNRℤℕℝ]))\s*",
    re.IGNORECASE,
)
INTERVAL = re.compile(
    r"\s*(?P<name>`[^`]+`|[^\s<>=!,;]+?)\s*(?:∈|\\in(?![a-z])|\sin\s)\s*(?:\\left\s*)?(?P<open>[\[(])"
    r"(?P<low>[^,;\[\]]+)[,;](?P<high>[^,;\[\]]+?)(?:\\right\s*)?(?P<close>[\])])\s*"
)
ENDLESS = re.compile(r"[-−+]?\s*(?:∞|\\infty|[Ii]nf(?:inity)?)")
# The words of an assumption about one variable, as comparisons.
SIGN_WORDS = {"positive": "> 0", "negative": "< 0", "nonnegative": ">= 0", "nonzero": "!= 0"}
SIGNS = re.compile(r"\\(?:leq?|geq?|neq?|lt|gt)(?![a-zA-Z])|<=|>=|==|!=|[<>≤≥≠=]")
# Statements and functions are no part of a comparison.
CODE = re.compile(r"[;\n\r]|\b(?:function|lambda|import|def)\b|:=|<<-|\\\(")
PLAIN = {
    r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\ne": "!=", r"\neq": "!=", r"\lt": "<", r"\gt": ">",
    "≤": "<=", "≥": ">=", "≠": "!=",
}  # fmt: skip
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!="}


@dataclass(slots=True)
class Bounds:
    """What is assumed of one variable.

    Attributes:
        low, high: The bounds.
        open_low, open_high: Whether the bound itself is excluded.
        step, rest: The variable is `rest` plus a multiple of `step`; step 0: any real number.
        nonzero: Whether 0 is excluded.
    """

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    step: int = 0
    rest: int = 0
    nonzero: bool = False

    def add(self, sign: str, value: float) -> None:
        """Take a comparison of the variable with a constant into account."""
        if sign in (">", ">="):
            if value > self.low or (value == self.low and sign == ">"):
                self.low, self.open_low = value, sign == ">"
        elif sign in ("<", "<="):
            if value < self.high or (value == self.high and sign == "<"):
                self.high, self.open_high = value, sign == "<"
        elif value == 0:
            self.nonzero = True

    @property
    def empty(self) -> bool:
        """Whether no number satisfies the bounds."""
        if self.step:
            first = math.ceil((self.lowest - self.rest) / self.step) if self.low > -math.inf else 0
            return self.low > -math.inf and self.high < math.inf and first * self.step + self.rest > self.highest
        return self.low > self.high or (self.low == self.high and (self.open_low or self.open_high or self.is_zero))

    @property
    def is_zero(self) -> bool:
        return self.nonzero and self.low == self.high == 0

    @property
    def lowest(self) -> float:
        """The smallest whole number within the bounds."""
        return math.floor(self.low) + 1 if self.open_low else math.ceil(self.low)

    @property
    def highest(self) -> float:
        """The largest whole number within the bounds."""
        return math.ceil(self.high) - 1 if self.open_high else math.floor(self.high)

    @property
    def words(self) -> dict[str, bool]:
        """SymPy's words for the assumption."""
        found = {"real": True}
        if self.step:
            found["integer"] = True
        if self.step == 2:
            found["odd" if self.rest else "even"] = True
        if self.low > 0 or (self.low == 0 and (self.open_low or self.nonzero)):
            found["positive"] = True
        elif self.low == 0:
            found["nonnegative"] = True
        if self.high < 0 or (self.high == 0 and (self.open_high or self.nonzero)):
            found["negative"] = True
        elif self.high == 0:
            found["nonpositive"] = True
        if self.nonzero and "positive" not in found and "negative" not in found:
            found["nonzero"] = True
        return found


@dataclass(slots=True)
class Assumptions:
    """All assumptions of a request.

    Attributes:
        texts: Their texts.
        graph: The graph of the conditions.
        conditions: Conditions that a point satisfies, nodes of the graph.
        bounds: The bounds of each variable.
    """

    texts: tuple[str, ...] = ()
    graph: Graph = field(default_factory=Graph)
    conditions: list[Node] = field(default_factory=list)
    bounds: dict[str, Bounds] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.texts)

    @property
    def names(self) -> tuple[str, ...]:
        """The variables."""
        return tuple(dict.fromkeys([*self.bounds, *symbols(self.conditions)]))

    def bounds_of(self, name: str) -> Bounds:
        return self.bounds.setdefault(name, Bounds())

    def hold(self, names: Sequence[str], points: Array) -> NDArray[np.bool_]:
        """Return at which points all assumptions hold, shape (N,).

        Args:
            names: The coordinates, which include all variables of the assumptions.
            points: Shape (n, N).
        """
        found = np.ones(points.shape[1], dtype=bool)
        for name, bounds in self.bounds.items():
            if bounds.step:
                x = points[list(names).index(name)]
                found &= (x - bounds.rest) % bounds.step == 0
        if self.conditions:
            with np.errstate(all="ignore"):
                for values in compile_program(self.conditions, names, {}).batch(list(points)):
                    found &= np.broadcast_to(values == 1, found.shape)
        return found

    def symbols(self, sympy: Any) -> Mapping[str, Any]:
        """Return SymPy's symbols of the variables."""
        return {name: sympy.Symbol(name, **bounds.words) for name, bounds in self.bounds.items()}


def require_assumed(assumed: Assumptions, point: Mapping[str, float]) -> None:
    """Raise INVALID_VALUE for a point that does not satisfy the assumptions."""
    if assumed and not assumed.hold(tuple(point), np.array([[v] for v in point.values()])).all():
        raise CalculusError(
            Reason.INVALID_VALUE, "the point does not satisfy the assumptions", "choose another point", field="at"
        )


def no_arrays() -> CalculusError:
    """Return the error of assumptions about a formula of vectors or matrices, whose points do not follow them."""
    return invalid(
        "assumptions about formulas of vectors and matrices are not supported",
        "leave them out, or name components, for example x[1]",
        f"{FIELD}[0]",
    )


def read_assumptions(texts: Sequence[str], notation: Notation | None, limits: Limits) -> Assumptions:
    """Return assumptions.

    Args:
        texts: Their texts.
        notation: The notation of formulas in them.
        limits: The limits of reading.

    Raises:
        CalculusError: INVALID_VALUE where one is not an assumption, where they contradict each other, and where there are too
            many; SYNTAX_ERROR and the like where a side is no formula.

    >>> found = read_assumptions(["x > 0", "n integer", "-1 < r < 1"], None, Limits())
    >>> found.names, found.bounds["x"].words, found.bounds["r"].high
    (('x', 'n', 'r'), {'real': True, 'positive': True}, 1.0)
    """
    if len(texts) > MOST:
        raise invalid(f"there are {len(texts)} assumptions", f"make at most {MOST}", f"{FIELD}[{MOST}]")
    found = Assumptions(tuple(texts))
    for i, text in enumerate(texts):
        place = f"{FIELD}[{i}]"
        if len(text) > LONGEST:
            raise invalid(
                f"the assumption has {len(text)} characters", f"make it at most {LONGEST} characters long", place
            )
        if not text.strip():
            raise invalid("the assumption is empty", f"{EXAMPLES}, or leave it out", place)
        if CODE.search(text):
            raise invalid(f"{quoted(text)} is more than a comparison", f"{EXAMPLES}, one at a time", place)
        before = {name: (b.low, b.high, b.step, b.rest, b.nonzero) for name, b in found.bounds.items()}
        add(found, text, notation, limits, place)
        for name, bounds in found.bounds.items():
            if bounds.empty:
                others = f" with the other assumptions about {name}" if name in before else ""
                raise invalid(f"no {name} satisfies {quoted(text)}{others}", "remove one of them", place)
    return found


def invalid(headline: str, hint: str, place: str) -> CalculusError:
    return CalculusError(Reason.INVALID_VALUE, headline, hint, field=place)


def add(found: Assumptions, text: str, notation: Notation | None, limits: Limits, place: str) -> None:
    """Add one assumption."""
    whole = WHOLE.fullmatch(text)
    if whole is not None:
        name = variable(whole["name"], notation, limits, place)
        kind = (whole["kind"] or "").lower().replace("-", "")
        letter = re.sub(r"\\mathbb|[\s{}]", "", whole["set"] or "").upper()
        letter = {"ℤ": "Z", "ℕ": "N", "ℝ": "R"}.get(letter, letter)
        bounds = found.bounds_of(name)
        if kind in ("integer", "even", "odd") or letter in ("Z", "N"):
            congruent(bounds, 2 if kind in ("even", "odd") else 1, int(kind == "odd"), name, text, place)
        if letter == "N":
            bounds.add(">=", 0.0)
        if letter == "N" or kind in SIGN_WORDS:
            compare(found, [name_node(found, name), found.graph.number(0.0)], [SIGN_WORDS.get(kind, ">= 0").split()[0]])
        return
    between = INTERVAL.fullmatch(text)
    if between is not None:
        low, high = between["low"].strip(), between["high"].strip()
        left = "" if ENDLESS.fullmatch(low) else f"{low} {'<=' if between['open'] == '[' else '<'} "
        right = "" if ENDLESS.fullmatch(high) else f" {'<=' if between['close'] == ']' else '<'} {high}"
        if left or right:
            text = f"{left}{between['name']}{right}"
    for part in parts(text):
        comparison(found, part, text, notation, limits, place)


def parts(text: str) -> list[str]:
    """Return the comparisons that `and`, `&` or a comma outside of brackets joins.

    >>> parts("x > 0, atan2(x, y) < 1 and y > 0")
    ['x > 0', ' atan2(x, y) < 1 ', ' y > 0']
    """
    found, depth = [""], 0
    for piece in re.split(r"(&&?|\band\b|\\land(?![a-z])|[,()\[\]{}])", text):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(piece, 0)
        if depth == 0 and (piece in ("&", "&&", "and", ",") or piece == r"\land"):
            found.append("")
        else:
            found[-1] += piece
    return found


def congruent(bounds: Bounds, step: int, rest: int, name: str, text: str, place: str) -> None:
    if step == bounds.step == 2 and rest != bounds.rest:
        raise invalid(
            f"no {name} satisfies {quoted(text)} with the other assumptions about {name}", "remove one of them", place
        )
    if step > bounds.step:
        bounds.step, bounds.rest = step, rest


def comparison(found: Assumptions, part: str, text: str, notation: Notation | None, limits: Limits, place: str) -> None:
    """Add a comparison, which may be chained."""
    signs = [PLAIN.get(s, s) for s in SIGNS.findall(part)]
    sides = SIGNS.split(part)
    if not signs or len(signs) > 2:
        raise invalid(f"{quoted(text)} is no comparison", EXAMPLES, place)
    if any(s in ("=", "==") for s in signs):
        raise invalid(
            f"{quoted(text)} is an equation, and an assumption is an inequality",
            "replace the variable in the formulas by its value",
            place,
        )
    nodes = [side_of(found, side, text, notation, limits, place) for side in sides]
    if not symbols(nodes):
        raise invalid(f"{quoted(text)} names no variable", EXAMPLES, place)
    compare(found, nodes, signs)


def compare(found: Assumptions, nodes: Sequence[Node], signs: Sequence[str]) -> None:
    """Add comparisons of neighbours."""
    for left, sign, right in zip(nodes, signs, nodes[1:], strict=False):
        found.conditions.append(found.graph.make(sign, left, right))
        for one, s, other in ((left, sign, right), (right, TURNED[sign], left)):
            if one.op == "symbol" and not symbols([other]):
                (value,) = compile_program([other], [], {}).point([])
                if math.isfinite(value):
                    found.bounds_of(one.name).add(s, float(value))


def side_of(found: Assumptions, side: str, text: str, notation: Notation | None, limits: Limits, place: str) -> Node:
    """Return one side of a comparison as a node of the assumptions' graph."""
    if not side.strip():
        raise invalid(f"a side of {quoted(text)} is missing", EXAMPLES, place)
    function = formula_of(side, notation, limits, place)
    if function.arrays or len(function.outputs) != 1 or function.outputs[0].rows > 1:
        raise invalid(f"{quoted(side.strip())} in the assumption is not a number", "compare numbers", place)
    return graft(found.graph, function.graph, function.outputs[0], {})


def formula_of(text: str, notation: Notation | None, limits: Limits, place: str) -> Any:
    try:
        return read(text.strip(), notation, {}, limits)
    except CalculusError as error:
        error.field = place
        raise


def variable(text: str, notation: Notation | None, limits: Limits, place: str) -> str:
    """Return the name of the variable that a text is."""
    function = formula_of(text, notation, limits, place)
    (node, *others) = function.outputs
    if others or node.op != "symbol" or node.shape:
        raise invalid(f"{quoted(text)} is not the name of a variable", EXAMPLES, place)
    return str(node.name)


def name_node(found: Assumptions, name: str) -> Node:
    return found.graph.symbol(name)
