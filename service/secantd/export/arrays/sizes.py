"""Lengths in exported code: their names, what tells them, and what has to hold for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from secantd.errors import CalculusError, Reason
from secantd.export.arrays.derive import Argument
from secantd.export.arrays.plan import Plan, masks_in
from secantd.expression import Dimension, Length, Node, plus
from secantd.render.names import Identifiers, spelled

__all__ = ["Agreement", "Requirement", "Side", "Sizes"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an argument."""

    argument: Argument
    axis: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """A side of an argument has to have a length."""

    side: Side
    dimension: Dimension


@dataclass(frozen=True, slots=True)
class Requirement:
    """A length has to be at least another one; both are sums without differences, as C's lengths have no sign."""

    dimension: Dimension
    least: Dimension


class Sizes:
    """The lengths of a program.

    Attributes:
        names: The names of unknown lengths as they are spelled, in the order in which arguments show them.
        origin: For each the side that tells it, and the length of that side.
        agreements: What the sides of arguments have to be.
        requirements: What lengths have to be at least, without those that masks determine.
        products: Names of lengths that are products of two others.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        arguments: Sequence[Argument],
        identifiers: Identifiers,
        taken: Iterable[str],
        shortest: Mapping[Length, int],
    ) -> None:
        self.nodes = [n for plan in plans for n in plan.nodes]
        self.products = {
            n.shape[0].terms[0][0]: n.args[0].shape
            for n in self.nodes
            if n.op == "flatten"
            and isinstance(n.shape[0], Length)
            and all(isinstance(d, Length) for d in n.args[0].shape)
        }
        self.origin: dict[str, tuple[Side, Length]] = {}
        self.agreements: list[Agreement] = []
        self._settle(arguments)
        self.masks = list(dict.fromkeys(name for plan in plans for name in plan.masks))
        words = spelled([shown(n) for n in (*self.origin, *self.masks)], identifiers, taken)
        self.names = {n: words[shown(n)] for n in (*self.origin, *self.masks)}
        least: dict[Dimension, int] = {}
        self.requirements: list[Requirement] = []
        loops = [compared(d, k) for d, k in shortest.items() if all(name in self.origin for name, _ in d.terms)]
        for r in (*loops, *(r for n in self.nodes for r in required(n))):
            if isinstance(r.least, int):
                least[r.dimension] = max(r.least, least.get(r.dimension, 0))
            else:
                self.requirements.append(r)
        self.requirements += [Requirement(d, number) for d, number in least.items() if number > 0]
        self.requirements = list(dict.fromkeys(self.requirements))
        for n in self.nodes:
            for d in n.shape:
                self.check(d)

    def _settle(self, arguments: Sequence[Argument]) -> None:
        """Find what tells each length: sides of one name first, as n before n + m."""
        sides = [(Side(a, axis), d) for a in arguments for axis, d in enumerate(a.shape)]
        left = [(s, d) for s, d in sides if isinstance(d, Length)]
        self.agreements = [Agreement(s, d) for s, d in sides if isinstance(d, int)]
        for plain in (True, False):
            for side, d in list(left):
                unknown = [(n, f) for n, f in d.terms if n not in self.origin]
                if len(unknown) == 1 and (not plain or (len(d.terms) == 1 and not d.offset and unknown[0][1] == 1)):
                    self.origin[unknown[0][0]] = (side, d)
                    left.remove((side, d))
                    if unknown[0][1] != 1:
                        self.agreements.append(Agreement(side, d))
        self.agreements += [Agreement(s, d) for s, d in left]
        order = {(s.argument.name, s.axis): k for k, (s, _) in enumerate(sides)}
        self.agreements.sort(key=lambda a: order[a.side.argument.name, a.side.axis])

    def check(self, dimension: Dimension) -> None:
        """Raise an error for a length that no argument tells."""
        for name, _ in dimension.terms if isinstance(dimension, Length) else ():
            if name == "*" or name in self.names:
                continue
            if name in self.products:
                for d in self.products[name]:
                    self.check(d)
                continue
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the arguments do not tell the length {name}",
                "declare the shapes of the variables",
                field="expression.shapes",
            )

    def text(self, dimension: Dimension) -> str:
        """Return a length as a sum of names and numbers; in brackets if it is more than one.

        The names of lengths are those of variables of whole numbers in the code.
        """
        if isinstance(dimension, int):
            return str(dimension)
        text = ""
        for name, factor in dimension.terms:
            sign = (" - " if factor < 0 else " + ") if text else ("-" if factor < 0 else "")
            text += sign + (self.name(name) if abs(factor) == 1 else f"{abs(factor)} * {self.name(name)}")
        if dimension.offset:
            text += f" {'-' if dimension.offset < 0 else '+'} {abs(dimension.offset)}"
        return text if text.isidentifier() else f"({text})"

    def bare(self, dimension: Dimension) -> str:
        """Return a length without brackets around it."""
        text = self.text(dimension)
        return text[1:-1] if text.startswith("(") and not isinstance(dimension, int) else text

    def name(self, name: str) -> str:
        """Return the text of a named length."""
        if name in self.names:
            return self.names[name]
        return "(" + " * ".join(self.text(d) for d in self.products[name]) + ")"

    def definition(self, name: str, side: str, over: str) -> str:
        """Return the text of a length, given that of the side that tells it and the sign of whole division."""
        _, dimension = self.origin[name]
        factor = dict(dimension.terms)[name]
        rest = plus(*[Length(((n, -f),)) for n, f in dimension.terms if n != name], -dimension.offset)
        if rest == 0 and factor == 1:
            return side
        text = side if rest == 0 else f"{side} + {self.text(rest)}"
        if factor == -1:
            return f"-({text})"
        return text if factor == 1 else f"({text}) {over} {factor}"


def shown(name: str) -> str:
    """Return a length's name as a base for an identifier: nrow(X) is nrow_X, the count of a mask is count_1."""
    return f"count_{int(name[1:]) + 1}" if name.startswith("#") else name


def required(node: Node) -> list[Requirement]:
    """Return what the lengths of a node's argument have to be."""
    found: list[tuple[Dimension, int]] = []
    payload = node.payload if isinstance(node.payload, tuple) else ()
    if node.op in ("diff", "slice"):
        found = [(node.shape[0], 0)]
    elif node.op in ("element", "unit"):
        shape = node.args[0].shape if node.op == "element" else node.shape
        found = [(d, place + 1 if place >= 0 else -place) for d, place in zip(shape, payload, strict=True)]
    elif node.op in ("pick", "place"):
        axis, place = payload
        shape = node.args[0].shape if node.op == "pick" else node.shape
        found = [(shape[axis], place + 1 if place >= 0 else -place)]
    for d, least in found:
        if isinstance(d, int) and d < least:
            raise CalculusError(Reason.INVALID_VALUE, f"component {least} of a value of length {d} does not exist")
    return [compared(d, least) for d, least in found if isinstance(d, Length) and not masks_in((d,))]


def compared(dimension: Length, least: int) -> Requirement:
    """Return the requirement that a length is at least a number, with what is subtracted on the other side."""
    above = Length(tuple((n, f) for n, f in dimension.terms if f > 0))
    below = tuple((n, -f) for n, f in dimension.terms if f < 0)
    number = least - dimension.offset
    return Requirement(above, Length(below, number) if below else number)
