"""A function that was read from a text."""

from collections.abc import Callable, Mapping
from threading import RLock
from typing import Final

from secantd.expression import Graph, Node, VariableShape, reachable
from secantd.language.memory import Memory, Slot
from secantd.language.notation import Notation

__all__ = ["Function"]

ROLLED: "Slot[Function]" = Slot("rolled")
NO_NAMES: Final[dict[str, str]] = {}
NO_PARTS: Final[dict[str, Node]] = {}


class Function:
    """A function as expressions of its variables.

    Attributes:
        graph: The graph that owns the nodes; derivatives are added to it.
        outputs: One node for each component, as the text computes them: nothing is simplified.
        vector: Whether the value of the text is a vector, possibly of one component.
        variables: The parameters of a `function(x, y)`, else the free names in order of first appearance.
        notation: R or PYTHON: the notation of the text, and the default notation of answers.
        notices: Remarks for the caller about how the text was read.
        used: The variables that occur in the outputs.
        settled: Parameters with a default, which are not variables.
        assigned: Names to which the text itself assigns a value.
        parts: Parts of the outputs to which the text assigns a name that still means them at its end.
        arrays: Whether the outputs need the rules of arrays (`expression.has_arrays`).
        lengths: Names of which only the length is used: `s * length(x)`.
        undecided: Whether names were read as numbers that are vectors if the request differentiates with respect to others.
        declared: Variables that the request declares, which the text need not contain.
        rolled: Reads the text again with its loops over data as recursions, where that makes formulas much shorter; None
            for other texts.
        written: Components as the author of a text in R wrote them: a[[1]] for a[1].
        memory: Results that were derived from the function before.
    """

    __slots__ = (
        "arrays",
        "assigned",
        "declared",
        "graph",
        "lengths",
        "memory",
        "notation",
        "notices",
        "outputs",
        "parts",
        "rolled",
        "settled",
        "undecided",
        "used",
        "variables",
        "vector",
        "written",
    )

    def __init__(
        self,
        graph: Graph,
        outputs: tuple[Node, ...],
        vector: bool,
        variables: tuple[str, ...],
        notation: Notation,
        notices: tuple[str, ...] = (),
        settled: tuple[str, ...] = (),
        used: frozenset[str] = frozenset(),
        assigned: frozenset[str] = frozenset(),
        arrays: bool = False,
        undecided: bool = False,
        parts: Mapping[str, Node] = NO_PARTS,
        lengths: frozenset[str] = frozenset(),
        written: dict[str, str] = NO_NAMES,
    ) -> None:
        self.graph: Final = graph
        self.outputs: Final = outputs
        self.vector: Final = vector
        self.variables: Final = variables
        self.notation: Final = notation
        self.notices = notices
        self.settled: Final = settled
        self.used: Final = used
        self.assigned: Final = assigned
        self.arrays: Final = arrays
        self.undecided: Final = undecided
        self.parts: Final = parts
        self.lengths: Final = lengths
        self.written: Final = written
        self.declared: frozenset[str] = frozenset()
        self.rolled: Callable[[], Function] | None = None
        self.memory: Final = Memory()

    def to_print(self) -> "Function":
        """Return the function whose derivatives are printed: one with recursions in place of long unrolled loops."""
        if self.rolled is None:
            return self
        with self.lock:
            return self.memory.get(ROLLED, None, self.rolled)

    def shapes(self) -> dict[str, VariableShape]:
        """Return the shapes of the variables, for reading another text with them."""
        symmetric = self.graph.symmetric
        used = [n for n in reachable(self.outputs) if n.op == "symbol"]
        return {n.name: VariableShape(n.shape, n.name in symmetric) for n in used}

    @property
    def lock(self) -> RLock:
        """Guards the graph: see `Memory`."""
        return self.memory.lock
