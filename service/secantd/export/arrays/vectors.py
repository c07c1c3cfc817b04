"""Code of a plan in a language whose arithmetic is that of whole arrays: each run and each operation is an expression."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from secantd.export.arrays.plan import Operation, Plan, Run
from secantd.export.arrays.sizes import Sizes
from secantd.export.language import ATOM, INLINE, Language
from secantd.export.statements import Budget, Inputs, statements
from secantd.expression import STRETCHED, Dimension, Node, Shape, plus, scan_of
from secantd.program.shaped.scans import tape_of

__all__ = ["Row", "VectorWriter", "Written", "recursion", "whole_numbers"]

# The text of an operation: a template of a call or an atom, or a function that returns a text and whether it is atomic.
# {0} is an argument, {0a} an argument that needs brackets unless it is an atom, {n} and {m} are the sides of the value,
# {n0} and {m0} those of argument 0; @name calls a helper.
Row = str | Callable[[Any, Node], tuple[str, bool]]

# The longest text, in code points, that is written again instead of being named: X[:, None].
REPEATED = 12
FIELD = re.compile(r"\{(\d)(a?)\}|\{([nm])(\d?)\}")


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of a function and an expression for each output."""

    lines: list[str]
    outputs: list[str]


class VectorWriter(ABC):
    """The walk over one plan.

    Args:
        plan: The plan.
        sizes: The lengths.
        words: The spelling of the arguments.
        language: The language.
        temporary: The prefix of temporary names.
        budget: The code points that may still be written.
    """

    ROWS: ClassVar[Mapping[str, Row]]

    def __init__(
        self, plan: Plan, sizes: Sizes, words: Mapping[str, str], language: Language, temporary: str, budget: Budget
    ) -> None:
        self.plan = plan
        self.sizes = sizes
        self.language = language
        self.temporary = temporary
        self.budget = budget
        self.count = 0
        self.lines: list[str] = []
        # The names of the paths of scans.
        self.paths: dict[tuple[Node, ...], list[str]] = {}
        # The text of each value, and whether it is an atom.
        self.value: dict[int, tuple[str, bool]] = {}
        self.masks = {mask.index: name for name, mask in plan.masks.items()}
        for node in plan.nodes:
            if node.op in ("symbol", "data"):
                self._set(node, words[node.name])
            elif node.op == "number":
                text = language.number(node.value)
                self.value[node.index] = text, not text.startswith("-")
            elif node.op == "length":
                name = sizes.name(node.name)
                self.value[node.index] = name, True

    def written(self) -> Written:
        """Return the code."""
        for node in self.plan.nodes:
            if node.op in ("symbol", "data") and node.index in self.masks:
                self._count(node)
        for step in self.plan.steps:
            if isinstance(step, Run):
                self._run(step)
            else:
                self._operation(step)
        return Written(self.lines, [self.value[o.index][0] for o in self.plan.outputs])

    # -- steps

    def _run(self, run: Run) -> None:
        tape = run.tape()
        for node, uses in zip(run.inputs, tape.uses, strict=False):
            if uses > 1 and len(self.text(node)) > REPEATED:
                self._name(node)
        texts = tuple(self.element(n, run.shape) for n in run.inputs)
        compound = frozenset(i for i, text in enumerate(texts) if len(text) > REPEATED)
        inputs = Inputs(texts, temporary=self.temporary, counted=self.count, compound=compound)
        code = statements(tape, self.language, inputs, self.budget)
        self.count = code.counted
        self.lines += code.lines
        for node, text, binds in zip(run.outputs, code.outputs, code.binds, strict=True):
            self._keep(node, self.whole(text, {i.op for i in tape.code}, run.shape), binds == ATOM)

    def _operation(self, step: Operation) -> None:
        node = step.node
        row = self.ROWS[node.op]
        text, atomic = (self.filled(row, node), True) if isinstance(row, str) else row(self, node)
        self._keep(node, text, atomic)

    def path(self, node: Node) -> str:
        """Return the name of a scan's path, after writing the loop that computes those of all its states."""
        if node.args not in self.paths:
            self.paths[node.args] = self._loop(node)
        return self.paths[node.args][scan_of(node).which]

    def _loop(self, node: Node) -> list[str]:
        scan = scan_of(node)
        for x in scan.inputs:
            text = self.text(x)
            if len(text) > REPEATED or (x.shape and not text.isidentifier()):
                self._name(x)
        names = []
        for start in scan.initial:
            names.append(self._new())
            self.line(self.language.let(names[-1], self.filled_with(self.text(start), self.side(node.shape[0]))))
        index = self._new()
        texts = [self.at(name, index) for name in names]
        texts += [self.at(self.text(x), index) if x.shape else self.atom(x) for x in scan.inputs]
        inputs = Inputs(tuple(texts), temporary=self.temporary, counted=self.count)
        code = statements(tape_of(node), self.language, inputs, self.budget)
        self.count = code.counted
        head, end = self.loop(index, self.side(plus(node.shape[0], -1)))
        self.line(head)
        body = [*code.lines]
        for name, text in zip(names, code.outputs, strict=True):
            body.append(self.language.let(self.at(name, f"{index} + 1"), text))
        for line in body:
            self.line(self.language.indent + line)
        if end:
            self.line(end)
        return names

    def _new(self) -> str:
        self.count += 1
        return f"{self.temporary}{self.count}"

    def _keep(self, node: Node, text: str, atomic: bool) -> None:
        """Give a value its text: a name, unless it is short and used once."""
        self.value[node.index] = text, atomic
        if (
            self.plan.uses[node.index] > 1 or len(text) > INLINE or node.index in self.masks
        ) and not text.isidentifier():
            self._name(node)
        if node.index in self.masks:
            self._count(node)

    def _name(self, node: Node) -> None:
        """Assign a value to a name."""
        name = self._new()
        self.line(self.language.let(name, self.text(node)))
        self._set(node, name)

    def _count(self, mask: Node) -> None:
        name = self.sizes.name(self.masks[mask.index])
        self.line(self.language.let(name, self.counted(self.value[mask.index][0])))

    def _set(self, node: Node, name: str) -> None:
        self.value[node.index] = name, True

    def line(self, text: str) -> None:
        """Write a line."""
        self.budget.spend(text)
        self.lines.append(text)

    # -- what a language decides

    @abstractmethod
    def element(self, node: Node, shape: Shape) -> str:
        """Return a value as an operand of elementwise operations of a shape, as an atom."""

    def whole(self, text: str, ops: set[str], shape: Shape) -> str:
        """Return the result of operations of a shape as a value of this shape."""
        return text

    def at(self, vector: str, index: str) -> str:
        """Return an element of a vector, by an index as loops count."""
        return f"{vector}[{index}]"

    @abstractmethod
    def loop(self, index: str, rows: str) -> tuple[str, str]:
        """Return the first and the last line of a loop over rows."""

    @abstractmethod
    def filled_with(self, value: str, length: str) -> str:
        """Return a vector that has the same value everywhere."""

    @abstractmethod
    def counted(self, mask: str) -> str:
        """Return the number of entries of a mask that are not 0."""

    # -- texts

    def text(self, node: Node) -> str:
        """Return the text of a value."""
        return self.value[node.index][0]

    def atom(self, node: Node) -> str:
        """Return the text of a value, in brackets unless it is an atom."""
        text, atomic = self.value[node.index]
        return text if atomic else f"({text})"

    def side(self, dimension: Dimension) -> str:
        """Return the text of a length."""
        return "1" if dimension is STRETCHED else self.sizes.text(dimension)

    def filled(self, template: str, node: Node) -> str:
        """Return a template with the texts of a node's arguments and sides."""

        def found(match: re.Match[str]) -> str:
            argument, atomic, side, of = match.groups()
            if argument:
                a = node.args[int(argument)]
                return self.atom(a) if atomic else self.text(a)
            shape = node.args[int(of)].shape if of else node.shape
            return self.side(shape["nm".index(side)])

        return FIELD.sub(found, template)

    def joined(self, nodes: Sequence[Node]) -> str:
        """Return the texts of values with commas between them."""
        return ", ".join(self.text(n) for n in nodes)


def recursion(w: VectorWriter, node: Node) -> tuple[str, bool]:
    """Return the path of a scan, which a loop computes."""
    return w.path(node), True


def whole_numbers(node: Node) -> tuple[int, ...]:
    """Return the whole numbers of an operation."""
    return node.payload if isinstance(node.payload, tuple) else ()
