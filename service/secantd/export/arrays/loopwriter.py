"""Loops over the elements of arrays: what the languages without arithmetic of whole arrays share."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

from secantd.export.arrays.plan import Plan
from secantd.export.arrays.sizes import Sizes
from secantd.export.language import Language
from secantd.export.statements import Budget, Inputs, statements
from secantd.expression import STRETCHED, Dimension, Node, Shape
from secantd.program.tape import Tape

__all__ = ["LoopWriter", "Store", "View"]

# The longest text of an element, in code points, that is written again instead of being named.
REPEATED = 24

# The text of one element of a value that is not stored, given indices as the language counts them; an atom.
View = Callable[["LoopWriter", Node, str, str], str]
# Writes the lines that compute a value, and gives it its text or its memory.
Store = Callable[["LoopWriter", Node], None]


class LoopWriter(ABC):
    """The text of elements, loops and assignments in one language.

    Args:
        plan: The plan.
        sizes: The lengths.
        words: The spelling of the arguments.
        language: The language.
        names: The names of the variables of loops: i, j, k.
        temporary: The prefix of temporary names.
        budget: The code points that may still be written.
        targets: The names of the arrays that receive the outputs, if the language returns them so.
    """

    # The index of the first element, the sign of "and", and the literal of NaN.
    BASE: ClassVar[int]
    AND: ClassVar[str] = "&&"
    NAN: ClassVar[str]
    VIEWS: ClassVar[Mapping[str, View]]
    STORES: ClassVar[Mapping[str, Store]]

    def __init__(
        self,
        plan: Plan,
        sizes: Sizes,
        words: Mapping[str, str],
        language: Language,
        names: Mapping[str, str],
        temporary: str,
        budget: Budget,
        targets: Sequence[str],
    ) -> None:
        self.plan = plan
        self.sizes = sizes
        self.words = words
        self.language = language
        self.names = names
        self.temporary = temporary
        self.budget = budget
        self.targets = targets
        self.count = 0
        self.indent = ""
        self.lines: list[str] = []
        # The text of each number, and the name of each stored array.
        self.text: dict[int, str] = {}
        # The shapes of the stored arrays, for the memory that they need.
        self.stored: list[tuple[str, Shape]] = []
        # The names of the paths of scans.
        self.paths: dict[tuple[Node, ...], list[str]] = {}
        # Factored matrices by their index.
        self.factored: dict[int, tuple[str, ...]] = {}

    # -- lines

    def line(self, text: str) -> None:
        """Write a line."""
        line = self.indent + text
        self.budget.spend(line)
        self.lines.append(line)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write a block of lines."""
        self.line(head)
        before = self.indent
        self.indent += self.language.indent
        yield
        self.indent = before
        self.line(self.end)

    @contextmanager
    def loop(self, index: str, length: str) -> Iterator[None]:
        """Write a loop over a length."""
        with self.block(self.language.loop(index, length)[0]):
            yield

    @contextmanager
    def each(self, shape: Shape) -> Iterator[tuple[str, str]]:
        """Write a loop over all elements of a shape, and give their indices."""
        i, j = self.names["i"], self.names["j"]
        sides = [(name, d) for name, d in zip((i, j), shape, strict=False) if d is not STRETCHED]
        if not sides:
            yield i, j
            return
        with self.loop(sides[0][0], self.side(sides[0][1])):
            if len(sides) == 1:
                yield i, j
            else:
                with self.loop(sides[1][0], self.side(sides[1][1])):
                    yield i, j

    def computed(self, tape: Tape, texts: Sequence[str]) -> list[str]:
        """Write the statements of a tape with the texts of its inputs, and return the texts of its outputs."""
        found = list(texts)
        for slot, text in enumerate(found):
            if tape.uses[slot] > 1 and len(text) > REPEATED:
                found[slot] = self.let(text)
        compound = frozenset(k for k, text in enumerate(found) if len(text) > REPEATED)
        inputs = Inputs(tuple(found), temporary=self.temporary, counted=self.count, compound=compound)
        code = statements(tape, self.language, inputs, self.budget)
        self.count = code.counted
        self.lines += [self.indent + line for line in code.lines]
        return code.outputs

    def temp(self) -> str:
        """Return a new name."""
        self.count += 1
        return f"{self.temporary}{self.count}"

    def let(self, text: str) -> str:
        """Assign a number to a new name, and return it."""
        name = self.temp()
        self.line(self.language.let(name, text))
        return name

    def set(self, target: str, text: str) -> None:
        """Write an assignment to an element or a variable that exists."""
        self.line(f"{target} = {text}{self.stop}")

    def add(self, target: str, text: str) -> None:
        """Write an addition to a variable."""
        self.line(f"{target} += {text}{self.stop}")

    def store(self, node: Node) -> str:
        """Make memory for the value of a node, and return its name."""
        name = self.text[node.index] = self.memory(node.shape)
        return name

    def memory(self, shape: Shape) -> str:
        """Make memory for an array, and return its name."""
        name = self.temp()
        self.stored.append((name, shape))
        self.line(self.allocation(name, shape))
        return name

    # -- what a language decides

    end: ClassVar[str] = "}"
    stop: ClassVar[str] = ";"

    @abstractmethod
    def allocation(self, name: str, shape: Shape) -> str:
        """Return the line that makes memory for an array."""

    @abstractmethod
    def variable(self, name: str, text: str) -> str:
        """Return the line that makes a number that changes."""

    @abstractmethod
    def counter(self, name: str, text: str) -> str:
        """Return the line that makes a whole number that changes."""

    @abstractmethod
    def element(self, name: str, shape: Shape, i: str, j: str) -> str:
        """Return an element of an array that is stored; a stretched side has one entry."""

    @abstractmethod
    def if_(self, condition: str) -> str:
        """Return the head of a condition's block."""

    @abstractmethod
    def number(self, length: str) -> str:
        """Return a length as a number, as an atom."""

    @abstractmethod
    def is_nan(self, text: str) -> str:
        """Return the test whether a number is NaN."""

    @abstractmethod
    def index(self, text: str) -> str:
        """Return a number that counts from 1 as an index."""

    @abstractmethod
    def fail(self, message: str) -> Sequence[str]:
        """Return the lines that leave the function because of an argument."""

    # -- texts

    def side(self, dimension: Dimension) -> str:
        """Return the text of a length."""
        return "1" if dimension is STRETCHED else self.sizes.text(dimension)

    def place(self, number: int, dimension: Dimension) -> str:
        """Return a constant index, which counts from 0, or from -1 at the end."""
        if number >= 0:
            return str(number + self.BASE)
        back = number + self.BASE
        length = self.side(dimension)
        return length if back == 0 else f"{length} {'-' if back < 0 else '+'} {abs(back)}"

    def shifted(self, index: str, by: int) -> str:
        """Return an index some places on."""
        return index if by == 0 else f"{index} {'+' if by > 0 else '-'} {abs(by)}"

    @abstractmethod
    def divided(self, number: str, by: str) -> str:
        """Return the whole quotient of two whole numbers."""

    def called(self, op: str, argument: str) -> str:
        """Return a call of a function of one argument."""
        return self.language.templates[op].text.replace("{0}", argument)

    def choice(self, condition: str, yes: str, no: str) -> str:
        """Return one of two numbers, as an atom."""
        return f"({condition} ? {yes} : {no})"

    def at(self, node: Node, i: str = "", j: str = "") -> str:
        """Return an element of a value as an atom; a number is the same everywhere.

        Args:
            node: The value.
            i: The index of its first axis.
            j: The index of its second axis.
        """
        if node.op == "number":
            text = self.language.number(node.value)
            return f"({text})" if text.startswith("-") else text
        if node.op == "length":
            return self.number(self.sizes.name(node.name))
        if node.index in self.text:
            name = self.text[node.index]
            return self.element(name, node.shape, i, j) if node.shape else name
        if node.op in ("symbol", "data"):
            word = self.words[node.name]
            return self.element(word, node.shape, i, j) if node.shape else word
        return self.VIEWS[node.op](self, node, i, j)

    def broadcast(self, node: Node, shape: Shape, i: str, j: str) -> str:
        """Return the element of an operand of an elementwise operation of a shape."""
        if len(node.shape) == 1 and node.shape != shape:
            if node.shape == (1,):
                return self.at(node, str(self.BASE))
            return self.at(node, self.based(f"{self.zero(i)} {self.mod} {self.side(node.shape[0])}"))
        return self.at(node, i, j)

    mod: ClassVar[str] = "%"

    def zero(self, index: str) -> str:
        """Return an index as a number that counts from 0, as an atom."""
        return index if not self.BASE and index.isidentifier() else f"({self.shifted(index, -self.BASE)})"

    def based(self, number: str) -> str:
        """Return a number that counts from 0 as an index."""
        return f"{number} + {self.BASE}" if self.BASE else number
