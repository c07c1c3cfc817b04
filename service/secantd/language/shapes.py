"""What is known about the shapes of a text's variables while it is read.

A shape is declared, given with data or a point, or follows from use: the operand of a matrix product is no number. What
is learned late changes what was read before, so the text is read again (`RereadError`) until nothing new is learned. In
the final reading every length has one name, and equal lengths are equal.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.expression import SCALAR, Dimension, Length, Shape, VariableShape, minus, plus, substituted
from secantd.shown import quoted

__all__ = ["RereadError", "Shapes", "component"]

# The index of a component is a whole number that a double holds exactly.
COMPONENT: Final = re.compile(r"(.+)\[(\d{1,15})\]", re.DOTALL)


def component(name: str) -> tuple[str, int] | None:
    """Return the vector that a name is a component of, and the index; None if it is none.

    >>> component("x[2]"), component("x")
    (('x', 2), None)
    """
    # Most names are none, and a regular expression takes as long as reading an operator.
    found = COMPONENT.fullmatch(name) if name.endswith("]") else None
    return (found[1], int(found[2])) if found else None


class RereadError(Exception):
    """Something was learned about shapes; the text has to be read again."""


class Shapes:
    """The shapes of variables, by name.

    Args:
        declared: The shapes that the request declares or that its point has.
        variables: The variables that the request differentiates with respect to; empty: not known.
    """

    def __init__(self, declared: Mapping[str, VariableShape], variables: frozenset[str] = frozenset()) -> None:
        self.requested = variables
        # x[1] and x$a are components of x.
        self.variables = variables | {name.partition("[")[0].partition("$")[0] for name in variables}
        # The largest index of each vector of which the request names components.
        self.components: dict[str, int] = {}
        for name in variables:
            self._count_component(name)
        # Vectors whose components are the variables, because the request names these.
        self.parted: set[str] = set()
        # Vectors that are used as a whole and by component: x[1] is an element of x, not a variable of its own.
        self.whole: set[str] = set()
        self.symmetric: set[str] = set()
        # Names that are vectors because they are indices of arrays.
        self.positions: set[str] = set()
        # Data columns of one entry that are read as numbers.
        self.numbers: frozenset[str] = frozenset()
        # Whether some names were read as numbers because the variables of the derivatives are not known.
        self.undecided = False
        self._declared = frozenset(declared)
        self._shapes: dict[str, Shape] = {}
        self._lengths: dict[str, Dimension] = {}
        # Names of lengths that differ in another text, so that this one must not make them equal.
        self._distinct: set[str] = set()
        for name, shape in declared.items():
            self._count_component(name)
            self._distinct.update(n for d in shape.dimensions if isinstance(d, Length) for n, _ in d.terms)
            sides = tuple(Length.named(d) if isinstance(d, str) else d for d in shape.dimensions)
            if shape.symmetric and (len(sides) != 2 or sides[0] != sides[1]):
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"{quoted(name)} is declared symmetric, but not square",
                    "give a symmetric matrix two equal dimensions, for example n x n",
                    field="expression.shapes",
                )
            if shape.symmetric:
                self.symmetric.add(name)
            self._shapes[name] = sides

    def asked_for(self) -> frozenset[str]:
        """Return the variables that the request differentiates with respect to, or of which it gives a shape or a value."""
        return self.variables | self._declared

    def _count_component(self, name: str) -> None:
        if found := component(name):
            vector, index = found
            self.components[vector] = max(self.components.get(vector, 0), index)

    def is_learned(self, name: str) -> bool:
        """Return whether the shape of a variable follows from its use alone."""
        return name in self._shapes and name not in self._declared

    def known(self, name: str) -> bool:
        """Return whether the shape of a variable is known; a component of a vector is a number."""
        return name in self._shapes or name in self.parted or component(name) is not None

    def of(self, name: str) -> Shape:
        """Return the shape of a variable; a name of which nothing is known is a number."""
        found = self._shapes.get(name, SCALAR)
        return tuple([substituted(d, self._lengths) for d in found]) if found else found

    def learn(self, names: list[str], rank: int) -> None:
        """Record that variables are vectors (rank 1) or matrices (rank 2), and read again."""
        for name in names:
            if rank == 1 and name in self.components:
                self.parted.add(name)
                continue
            sides = (f"length({name})",) if rank == 1 else (f"nrow({name})", f"ncol({name})")
            self._shapes[name] = tuple(Length.named(side) for side in sides)
        raise RereadError

    def settle(self, names: Iterable[str]) -> None:
        """Record that variables are numbers: a condition of `if` holds or does not."""
        for name in names:
            self._shapes.setdefault(name, SCALAR)

    def use_whole(self, names: list[str], lengths: Mapping[str, int]) -> None:
        """Record that components of vectors occur beside the whole, and read again.

        Args:
            names: The vectors.
            lengths: The lengths of those of which only components occur, where nothing else says it.
        """
        self.whole.update(names)
        for name, length in lengths.items():
            self._shapes.setdefault(name, (length,))
        self.learn([name for name in names if not self.of(name)], 1)

    def unify(self, a: Dimension, b: Dimension) -> bool:
        """Return whether two lengths are equal; where a name in them makes them equal, bind it and read again."""
        if a == b:
            return True
        difference = plus(a, minus(b))
        if isinstance(difference, int):
            return False
        # A length is bound to a declared name or a number, not the other way round.
        candidates = sorted(difference.terms, key=lambda term: (term[0][0] == "#", "(" not in term[0], term[0]))
        for name, factor in candidates:
            # The number of entries that a mask takes, and the product of two lengths, have their names from their nodes:
            # the next reading makes them again.
            if (
                name in self._distinct
                or name[0] in "#("
                or any(part[0] == "(" and name in part for part, _ in difference.terms)
            ):
                continue
            rest = plus(difference, minus(Length(((name, factor),))))
            if factor == 1:
                value: Dimension = minus(rest)
            elif factor == -1:
                value = rest
            elif isinstance(rest, int) and rest % factor == 0:
                value = -rest // factor
            else:
                continue
            if isinstance(value, int) and value < 1:
                return False
            self._lengths = {n: substituted(d, {name: value}) for n, d in self._lengths.items()}
            self._lengths[name] = value
            raise RereadError
        return False
