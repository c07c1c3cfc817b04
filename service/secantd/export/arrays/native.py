"""What Julia and Stan share: arrays that are values, indices from 1, and functions of linear algebra."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from secantd.export.arrays.rolled import RolledWriter
from secantd.expression import STRETCHED, Node, Shape

__all__ = ["NativeWriter"]


class NativeWriter(RolledWriter):
    """The walk over one plan.

    Attributes:
        FUNCTIONS: Templates of the operations on factored matrices, with the arguments as {0} and {1}.
    """

    BASE = 1
    FUNCTIONS: ClassVar[Mapping[str, str]]

    def element(self, name: str, shape: Shape, i: str, j: str) -> str:
        """Return an element."""
        if len(shape) == 2 and STRETCHED not in shape:
            return f"{name}[{i}, {j}]"
        return f"{name}[{j if shape and shape[0] is STRETCHED else i}]"

    def result(self, number: int, node: Node) -> str:
        """Return an output as a whole."""
        if not node.shape:
            return self.at(node)
        return self.copied(self.words[node.name]) if node.op in ("symbol", "data") else self.whole(node)

    @abstractmethod
    def copied(self, word: str) -> str:
        """Return an argument as a new array."""

    def whole(self, node: Node) -> str:
        """Return the text of an array, which is stored if it is not yet."""
        if node.index in self.text:
            return self.text[node.index]
        if node.op in ("symbol", "data"):
            return self.words[node.name]
        if node.op == "transpose":
            return f"{self.whole(node.args[0])}'"
        name = self.memory(node.shape)
        with self.each(node.shape) as (i, j):
            self.set(self.element(name, node.shape, i, j), self.at(node, i, j))
        self.text[node.index] = name
        return name

    def is_whole(self, node: Node) -> bool:
        """Return whether a matrix or vector is stored, or the transpose of one that is."""
        while node.op == "transpose":
            node = node.args[0]
        return STRETCHED not in node.shape and (node.index in self.text or node.op in ("symbol", "data"))

    def _operation(self, node: Node) -> None:
        if node.op == "matmul" and all(self.is_whole(a) for a in node.args):
            name = self.temp()
            self.line(self.named(name, " * ".join(self.whole(a) for a in node.args), node.shape))
            self.text[node.index] = name
        else:
            super()._operation(node)

    def factoring(self, node: Node) -> None:
        """Write an operation by the language's own function."""
        text = self.FUNCTIONS["log det" if node.op == "logdet" and node.payload else node.op]
        for k, a in enumerate(node.args):
            text = text.replace(f"{{{k}}}", self.whole(a))
        if not node.shape:
            self.text[node.index] = self.let(text)
            return
        name = self.text[node.index] = self.temp()
        self.line(self.named(name, text, node.shape))

    @abstractmethod
    def named(self, name: str, text: str, shape: Shape) -> str:
        """Return the line that gives a name to an array."""
