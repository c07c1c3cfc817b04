"""A function of vectors and matrices with its derivatives: programs that all descents of it share."""

from collections.abc import Sequence
from typing import Any

from secantd.calculus.arrays.answers import require_number
from secantd.calculus.arrays.derivatives import direction_of
from secantd.calculus.arrays.entrynumbers import EntryNumbers
from secantd.calculus.arrays.entrywise import UnsupportedError
from secantd.calculus.arrays.functions import bounded_depth, computed, constructors, gradient, variable_of
from secantd.calculus.arrays.gradient import reverse_gradient
from secantd.calculus.arrays.matrices import second_derivatives
from secantd.calculus.arrays.settling import grows
from secantd.descent.entries import Entries
from secantd.descent.objective import Vector
from secantd.errors import CalculusError
from secantd.expression import Node
from secantd.language.function import Function
from secantd.program import ShapedProgram, compile_shaped
from secantd.program.shaped.lengths import lengths_of
from secantd.program.shaped.work import operations

__all__ = ["ArrayFormula"]


class ArrayFormula:
    """f, its gradient and its second derivatives.

    Args:
        function: A function whose value is a number.
        entries: The variables and their entries.
        memory: Bytes for all arrays that exist at once; 0: no limit.

    Attributes:
        output: The node of f.
        gradient: That of its gradient with respect to each variable.
        first: The program of f and of its gradient, an array for each variable.
        work: The operations of `first` at one point.
        grows: Whether numbers on the way may underflow.

    Raises:
        CalculusError: INVALID_VALUE: the value is no number, or a variable has the wrong shape; NOT_DIFFERENTIABLE;
            MISSING_PART.
    """

    def __init__(self, function: Function, entries: Entries, memory: int) -> None:
        self.function = function
        self.entries = entries
        self._memory = memory
        self._given = require_number(function)
        self.output: Node = computed(function, self._given)
        self.gradient: list[Node] = [gradient(function, self.output, name) for name in entries.shapes]
        nodes = [self.output, *self.gradient]
        self.first = self._compile(nodes, list(entries.shapes))
        self.work = operations(nodes, self._conforming())
        self.grows = grows(self._given)
        # Made when first needed.
        self._blocks: ShapedProgram | None = None
        self._product: ShapedProgram | None = None
        self._directions: list[str] = []
        self._second: list[Node] | None = None
        self._whole = False
        self._numbers: EntryNumbers | None = None
        self._unsupported = ""

    def _compile(self, nodes: Sequence[Node], names: Sequence[str]) -> ShapedProgram:
        with self.function.lock:
            return compile_shaped(self.function.graph, nodes, names, self._memory)

    def _conforming(self) -> dict[str, int]:
        """Return the lengths that the start determines; INVALID_VALUE where its shapes do not conform."""
        shapes = self.entries.shapes
        try:
            return lengths_of(self.first.shapes, shapes)
        except CalculusError as error:
            error.field = f"start[{list(shapes).index(error.metadata['variable'])}]"
            raise

    def second(self) -> list[Node]:
        """Return the blocks of the Hessian from the diagonal on, or its product with the directions.

        With respect to a matrix, and where a block is an array of rank 3 on the way, there are only products.
        """
        if self._second is None:
            names = list(self.entries.shapes)
            if all(len(shape) < 2 for shape in self.entries.shapes.values()):
                rows = second_derivatives(self.function, self.output, names)
                self._whole = all(block.direction is None for row in rows for block in row)
                self._second = [block.node for i, row in enumerate(rows) for block in row[i:]]
            if not self._whole:
                self._second = self._products()
        return self._second or []

    def _products(self) -> list[Node]:
        with self.function.lock, bounded_depth():
            form = constructors(self.function)
            variables = [variable_of(self.function, name) for name in self.entries.shapes]
            directions = [direction_of(form, variable) for variable in variables]
            self._directions = [direction.name for direction in directions]
            pairs = zip(self.gradient, directions, strict=True)
            slope = form.add(*[form.sum(form.mul(g, d)) if d.shape else form.mul(g, d) for g, d in pairs])
            return [reverse_gradient(form, slope, variable) for variable in variables]

    def blocks(self, x: Vector, happened: set[str]) -> list[Any] | None:
        """Return the blocks of the Hessian at a point, from the diagonal on; None where there are only products.

        Args:
            x: The point, shape (n,).
            happened: Receives what happens on the way.
        """
        nodes = self.second()
        if not self._whole:
            return None
        if self._blocks is None:
            self._blocks = self._compile(nodes, list(self.entries.shapes))
        return self._blocks(self.entries.divided(x), happened)

    def product(self, x: Vector, v: Vector, happened: set[str]) -> Vector:
        """Return the Hessian at `x` times `v`, all of shape (n,); `happened` receives what happens on the way."""
        if self._product is None:
            nodes = self._products()
            self._product = self._compile(nodes, [*self.entries.shapes, *self._directions])
        changes = self.entries.divided(v).values()
        values = {**self.entries.divided(x), **dict(zip(self._directions, changes, strict=True))}
        return self.entries.joined(self._product(values, happened))

    def digits(self, order: int, x: Vector) -> list[float]:
        """Return f, its gradient and the upper triangle of its Hessian, up to an order, with more digits where some are lost.

        Raises:
            UnsupportedError: f is too long, or has operations without a form entry by entry.
        """
        if self._unsupported:
            raise UnsupportedError(self._unsupported)
        if self._numbers is None:
            try:
                self._numbers = EntryNumbers(self.function, self._given, self.entries.divided(x))
            except UnsupportedError as reason:
                self._unsupported = str(reason)
                raise
        return self._numbers(order, x.tolist())
