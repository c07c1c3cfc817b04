"""Limits, kinks and jumps of one output at a point, from values of f beside the point, with notices in words."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from secantd.calculus.formulas import note
from secantd.expression import Node
from secantd.language import Function
from secantd.precise import Side, Sides, UnsupportedError, agreed

__all__ = ["Beside", "beside"]

# The relative difference from which on a limit replaces the formula's value; less is the rounding of the formula.
DIFFERENT: Final = 1e-6
# Directions along which the slopes of a differentiable function are known from its partials, and with how many variables they
# are compared; the factors are those of even and odd variables.
DIRECTIONS: Final = ((1.0, 0.7), (1.0, -0.45), (-1.0, 0.6))
FEW: Final = 10
SAME: Final = 1e-9


class Beside:
    """One output beside a point.

    Args:
        sides: Its limits.
        at: The point.
        name: How notices call the output.
        notices: Receives notices.
    """

    def __init__(self, sides: Sides, at: Mapping[str, float], name: str, notices: list[str]) -> None:
        self.sides = sides
        self.at = at
        self.name = name
        self.notices = notices
        self.smooth: dict[tuple[str, ...], bool] = {}
        self.found: dict[tuple[str, ...], list[Side]] = {}
        self.continuous: dict[str, bool] = {}
        self.differentiable: bool | None = None
        # The variables along which the value is the mean of two slopes, no limit.
        self.means: set[str] = set()

    def value(self, variables: tuple[str, ...], formula: float) -> float | None:
        """Return the limit that replaces the value of a formula, None if the formula is right or there is no limit.

        Args:
            variables: The variables of the derivative; empty: f itself.
            formula: The value of the formula.
        """
        if not variables:
            side = self.sides.limit()
            if side.value is not None and not side.defined:
                place = places(self.sides.names, self.at)
                note(
                    self.notices,
                    f"{self.name} has values on one side of {place} only: the limit is that from this side",
                )
            return side.value
        if not all(math.isfinite(self.at[v]) for v in variables):
            return None
        if not set(variables) <= set(self.sides.names):
            # f does not depend on one of them.
            return None if self.sides.limit().value is None else 0.0
        lower = [variables[:k] for k in range(1, len(variables))]
        if not all(map(self.goes_on, dict.fromkeys(variables))):
            return None
        if math.isnan(formula) and len(variables) == 1:
            mean = self.mean(variables)
            if mean is not None:
                return mean
        if not all(map(self.has_derivative, [*lower, variables])):
            return None
        defined = [s for s in self.of(variables) if s.defined]
        found = agreed([s.value for s in defined])
        if math.isnan(formula) and len(variables) == 1 and not self.is_differentiable():
            return None
        if found is None or (found == formula or abs(found - formula) <= DIFFERENT * abs(found)):
            return None
        if len(defined) < len(self.of(variables)):
            place = places(variables, self.at)
            note(
                self.notices,
                f"{self.name} has values on one side of {place} only: the derivative is that from this side",
            )
        return found

    def mean(self, variables: tuple[str, ...]) -> float | None:
        """Return the mean of different finite slopes on both sides, as abs and max have it at a kink; None where there are none."""
        slopes = [s.value for s in self.of(variables) if s.defined]
        known = [v for v in slopes if v is not None and math.isfinite(v)]
        if len(known) < 2 or agreed(known) is not None:
            return None
        left, right = known
        note(self.notices, self.kink(variables, known, "is their mean"))
        self.means.update(variables)
        return left / 2.0 + right / 2.0

    def certain(self, variables: tuple[str, ...]) -> float | None:
        """Return f or a derivative if f is continuous and all sides have the same finite limit, else None."""
        value: float | None
        if not variables:
            here = self.sides.here()
            value = here if math.isfinite(here) else self.sides.limit().value
        else:
            sides = self.of(variables)
            known = all(s.defined for s in sides) and all(map(self.goes_on, dict.fromkeys(variables)))
            value = agreed([s.value for s in sides]) if known else None
        return value if value is not None and math.isfinite(value) else None

    def of(self, variables: tuple[str, ...]) -> list[Side]:
        key = tuple(sorted(variables))
        if key not in self.found:
            self.found[key] = self.sides.of(key)
        return self.found[key]

    def is_differentiable(self) -> bool:
        """Return whether slopes along other directions are those of the gradient, as far as is known, with a notice if not.

        All partials of sqrt(x*y) at 0 are 0, but f is not differentiable there: its slope along the diagonal is 1.
        """
        names = [v for v in self.sides.names if math.isfinite(self.at[v])]
        if self.differentiable is None and 1 < len(names) <= FEW:
            slopes = [agreed([s.value for s in self.of((v,)) if s.defined]) for v in names]
            known = [s for s in slopes if s is not None and math.isfinite(s)]
            for way in DIRECTIONS if len(known) == len(names) else ():
                moves = {v: way[i % 2] * (1 + i / 7) for i, v in enumerate(names)}
                slope = self.sides.along(moves).value
                terms = [s * d * (abs(self.at[v]) or 1.0) for s, (v, d) in zip(known, moves.items(), strict=True)]
                size = math.fsum(map(abs, terms))
                if (
                    slope is not None
                    and math.isfinite(slope)
                    and abs(slope - math.fsum(terms)) > SAME * max(size, abs(slope))
                ):
                    place = places(names, self.at)
                    note(
                        self.notices,
                        f"{self.name} is not differentiable at {place}: its slopes differ from those of a plane",
                    )
                    self.differentiable = False
                    break
        return self.differentiable is not False

    def goes_on(self, variable: str) -> bool:
        """Return whether f is continuous along a variable, with a notice if it jumps."""
        if variable not in self.continuous:
            values = [s.value for s in self.sides.continuation(variable) if s.defined]
            here = self.sides.here()
            known = [v for v in values if v is not None] + [here] * math.isfinite(here)
            jumps = len(known) > 1 and agreed(known) is None
            if jumps:
                place = places([variable], self.at)
                note(self.notices, f"{self.name} jumps along {variable} at {place}, so it has no derivative there")
            self.continuous[variable] = not jumps
        return self.continuous[variable]

    def has_derivative(self, variables: tuple[str, ...]) -> bool:
        """Return whether the sides have the same derivative, or are not known, with a notice if they differ."""
        key = tuple(sorted(variables))
        if key not in self.smooth:
            values = [s.value for s in self.of(key) if s.defined]
            known = [v for v in values if v is not None]
            self.smooth[key] = not values or len(known) < len(values) or agreed(known) is not None
            if not self.smooth[key]:
                note(self.notices, self.kink(key, known))
        return self.smooth[key]

    def kink(
        self, variables: tuple[str, ...], known: Sequence[float], number: str = "is only that of the formula"
    ) -> str:
        """Return a notice that the derivatives on the sides differ."""
        place = places(variables, self.at)
        if len(variables) == 1 and len(known) == 2:
            left, right = known
            if math.isinf(left) and math.isinf(right):
                return f"{self.name} has a cusp along {variables[0]} at {place}: the graph is vertical there and turns back"
            sides = f"the slope is {left:g} from the left and {right:g} from the right"
            return f"{self.name} has a kink along {variables[0]} at {place}: {sides}, so the number {number}"
        if len(set(variables)) == 1 and len(known) == 2:
            order = f"the derivative of order {len(variables)} is {known[0]:g} from the left and {known[1]:g} from the right"
            return f"{self.name} has no such derivative with respect to {variables[0]} at {place}: {order}"
        return f"{self.name} has no derivative with respect to {' and '.join(variables)} at {place}: it differs from side to side"


def beside(function: Function, output: Node, at: Mapping[str, float], name: str, notices: list[str]) -> Beside | None:
    """Return an output beside a point, None if mpmath lacks one of its functions."""
    try:
        return Beside(Sides(output, function.graph.columns, at), at, name, notices)
    except UnsupportedError:
        return None


def places(variables: Iterable[str], at: Mapping[str, float]) -> str:
    return ", ".join(f"{v} = {at[v]:g}" for v in dict.fromkeys(variables))
