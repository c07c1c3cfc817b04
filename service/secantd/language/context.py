"""The interface of the interpreter to the functions of the language: its graph, names, limits and stack."""

import re
from collections.abc import Mapping, Sequence
from keyword import kwlist
from typing import TYPE_CHECKING, Final, Protocol

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Dimension, Graph, Node
from secantd.functions import CONSTANTS
from secantd.language.callstack import Frame
from secantd.language.extents import extent
from secantd.language.hints import name_hint
from secantd.language.instructions import Instruction, Instructions
from secantd.language.notation import Notation
from secantd.language.packages import constant_of
from secantd.language.shapes import Shapes
from secantd.language.values import Environment, Filled, Value
from secantd.settings import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FEW", "UNROLLED", "Context", "RowReader"]


# A name that R needs no backticks for.
PLAIN: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_.]*")
# Loops over more rows of data than this are not unrolled: their text would grow with the data.
UNROLLED: Final = 100
# Loops over fewer rows are always unrolled.
FEW: Final = 4
# Keywords of Python that are no part of a formula; lambda is a name of physics and statistics, too.
KEYWORDS: Final = frozenset(kwlist) - {"lambda", "None", "True", "False"}


class RowReader(Protocol):
    """A loop over data whose body runs once for all rows: see `rows.py`."""

    def element(self, base: Value, at: list[Value]) -> Value | None:
        """Return base[at] where the position depends on the loop's index, None where it does not."""

    def stored(self, base: Value, at: Sequence[Value], value: Value) -> Value | None:
        """Return a vector that the loop fills after base[at] <- value, None for another vector."""

    def holds(self, condition: Node) -> bool | None:
        """Return whether a condition on the loop's index holds in all rows or in none, None for another condition."""

    def either(self, yes: Value, no: Value) -> tuple[Filled, Node, Node] | None:
        """Return a vector that a branch fills, and what its sides assign; None for other values."""


class Context:
    """The state of interpreting one text.

    Args:
        text: The text, for error messages.
        graph: The graph in which nodes are made.
        data: Named columns, each of shape (rows,).
        limits: The limits that apply.
        notation: The notation that the caller named, None for none. In Python indices count from 0 (`zero_based`).
        shapes: What is known about the shapes of variables.
    """

    def __init__(
        self,
        text: str,
        graph: Graph,
        data: "Mapping[str, NDArray[np.float64]]",
        limits: Limits,
        *,
        notation: Notation | None = None,
        shapes: Shapes | None = None,
    ) -> None:
        self.text = text
        self.notation = notation
        self.zero_based = notation is Notation.PYTHON
        self.shapes = shapes or Shapes({})
        self.graph = graph
        self.data = data
        self.limits = limits
        self.stack: list[Value] = []
        self.instruction = Instruction("empty", None, 0, 0)
        self.names: dict[str, None] = {}
        self.notices: dict[str, None] = {}
        self.assigned: set[str] = set()
        # The values of nodes without variables, by index: conditions, bounds of loops and indices need them.
        self.constants: dict[int, float] = {}
        # The lengths that nodes are, by index; None for other numbers.
        self.dimensions: dict[int, Dimension | None] = {}
        # Nodes whose variables are numbers because an `if` asks for them.
        self.decided: set[int] = set()
        self.frames: list[Frame] = []
        # Steps of loops and calls so far, and how deep calls are nested.
        self.steps = 0
        self.depth = 0
        # The loop over data that is being read.
        self.rows: RowReader | None = None
        # Loops over more rows of data than this are recursions; whether some were not because they have fewer.
        self.unrolled = UNROLLED
        self.has_unrolled = False
        # R's matrices of one row and one column, which are numbers here.
        self.singles: set[int] = set()
        # The names of data frames, whose columns are data: dat$y.
        self.frames_of_data: set[str] = set()
        # Components as the author writes them: a[[1]] for a[1].
        self.written: dict[str, str] = {}
        # Lists whose elements are variables by their own names: with(as.list(c(y, par)), ...).
        self.lists: dict[str, None] = {}
        # The paths of names that a loop over data changes, by these names.
        self.paths: dict[str, Node] = {}

    def error(self, headline: str, hint: str = "", reason: Reason = Reason.SYNTAX_ERROR) -> CalculusError:
        span = (self.instruction.start, self.instruction.end)
        return CalculusError(reason, headline, hint, text=self.text, span=span, field="expression.text")

    def error_at_operands(self, headline: str, hint: str = "") -> CalculusError:
        """Return the error of an operation whose operands do not fit together, with carets under all of it."""
        error = self.error(headline, hint)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.at and frame.code.instructions[frame.at - 1] is self.instruction:
            error.span = extent(frame.code, frame.at - 1, self.text)
        return error

    def number(self, value: float) -> Node:
        node = self.graph.number(value)
        self.constants[node.index] = node.value
        return node

    def left_out(self, value: float) -> Node:
        node = self.graph.left_out(value)
        self.constants[node.index] = value
        return node

    def free(self, name: str, quoted: bool = False) -> Node:
        """Return the node of a name that the text does not define.

        Args:
            name: The name.
            quoted: Whether it was in backticks; then it is never a constant such as Inf.

        Raises:
            CalculusError: UNKNOWN_VARIABLE for NULL and the like; LIMIT_EXCEEDED.
        """
        if name in self.data:
            return self.column(name)
        if not quoted:
            if name in CONSTANTS:
                return self.number(CONSTANTS[name])
            if self.zero_based and name in ("inf", "nan"):
                return self.number(float(name))
            hint = name_hint(name)
            if hint:
                raise self.error(f"'{name}' is not a number", hint, Reason.UNKNOWN_VARIABLE)
        if self.zero_based and not quoted and name in KEYWORDS:
            hint = "choose another name for a variable"
            raise self.error(f"'{name}' is a keyword of Python", hint, Reason.UNKNOWN_VARIABLE)
        if name == "pi" or (name == "π" and not quoted):
            return self.graph.make("pi")
        constant = constant_of(name) if "." in name and not quoted else None
        if constant is not None:
            return self.graph.make("pi") if isinstance(constant, str) else self.number(constant)
        if name not in self.names:
            self.names[name] = None
            if len(self.names) > self.limits.variables:
                raise limit_exceeded("variables", "there are too many variables", self.limits.variables)
        return self.symbol(name)

    def column(self, name: str) -> Node:
        """Return the node of a data column; that of its only entry where it is read as a number."""
        node = self.graph.data(name, self.data[name])
        return self.graph.make("sum", node) if name in self.shapes.numbers else node

    def symbol(self, name: str) -> Node:
        """Return the node of a variable, of the shape that is known."""
        if name in self.shapes.symmetric:
            self.graph.symmetric.add(name)
        if name in self.shapes.parted:
            self.names.pop(name, None)
            lowest = 0 if self.zero_based else 1
            parts = [self.free(f"{name}[{i}]", quoted=True) for i in range(lowest, self.shapes.components[name] + 1)]
            return self.graph.array("concatenate", *parts)
        return self.graph.symbol(name, self.shapes.of(name))

    def rolls(self, rows: float) -> bool:
        """Return whether a loop over a known number of rows is a recursion, because it is what is being read and long."""
        if not self.before_loop():
            return False
        self.has_unrolled |= FEW < rows <= self.unrolled
        return rows > self.unrolled

    def before_loop(self) -> bool:
        """Return whether the value that is being computed is what a loop takes."""
        frame = self.frames[-1] if self.frames else None
        following = frame.code.instructions[frame.at : frame.at + 1] if frame is not None else []
        return any(i.op == "for" for i in following)

    def write_as(self, name: str, base: str, brackets: str) -> None:
        """Record how the author of a text in R writes a component; x[[1]] is right for a list, too."""
        head = self.written.get(base, base)
        if not self.zero_based and (base in self.written or PLAIN.fullmatch(base)):
            double = self.text.startswith("[[", self.instruction.start)
            if double:
                self.written[name] = f"{head}[[{brackets}]]"
            else:
                self.written.setdefault(name, f"{head}[{brackets}]")

    def note_choice(self, test: Value, *, branch: bool) -> None:
        """Record whether the author wrote `if` or a function for a choice; a function takes vectors, too."""
        if isinstance(test, Node) and not test.shape:
            if branch:
                self.graph.branches.setdefault(test.index, True)
            else:
                self.graph.branches[test.index] = False

    def evaluate(self, code: Instructions, environment: Environment) -> Value:
        """Run code inside a function of the library, such as a default, and return its value."""
        raise AssertionError("Machine overrides it")

    def call_now(self, function: Value, arguments: list[Value], names: tuple[str | None, ...] = ()) -> Value:
        """Call a function value and return its value."""
        raise AssertionError("Machine overrides it")
