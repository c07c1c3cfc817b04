"""Recursions over rows in a text: a loop that fills one vector for each state, in statements before the formula."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Dimension, Graph, Node, minus, plus, reachable, scan_of
from secantd.functions import LeftOut
from secantd.language.notation import Notation
from secantd.render.arrays.printer import Printer, is_count
from secantd.render.names import unused
from secantd.render.parts import repeated_parts
from secantd.render.writer import ADD, ATOM, Piece, node_text

__all__ = ["LoopPrinter"]


# Names and texts.
Parts = Sequence[tuple[str, str]]

# The length of the text of a row from which on parts that occur more than once have names.
LONG = 160


@dataclass(frozen=True, slots=True)
class Recursion:
    """The texts of a recursion.

    Attributes:
        names: The names of the vectors, one for each state.
        initial: Their first values.
        steps: Their next values.
        parts: Parts of the next values that have names within the loop.
        length: The length of the vectors.
        rows: The number of rows.
        index: The index.
    """

    names: Sequence[str]
    initial: Sequence[str]
    steps: Sequence[str]
    parts: Parts
    length: str
    rows: str
    index: str


class Loop(NamedTuple):
    """How a notation writes a recursion.

    Attributes:
        shift: The index of the first element of a vector minus that of the first row.
        texts: The value of each vector, the last one with the loop that fills them.
        element: The text of an element from the name of a vector and the position.
        part: The name of a part from a stem that is free, its number and the index.
    """

    shift: int
    texts: Callable[[Recursion], list[str]]
    element: str
    part: str


def in_r(r: Recursion) -> list[str]:
    found = [f"rep({value}, {r.length})" for value in r.initial]
    lines = [f"{name} <- {text}" for name, text in r.parts]
    lines += [f"{name}[{r.index} + 1] <- {step}" for name, step in zip(r.names, r.steps, strict=True)]
    body = lines[0] if len(lines) == 1 else "\n".join(["{", *(f"  {line}" for line in lines), "}"])
    found[-1] += f"\nfor ({r.index} in seq_len({r.rows})) {body}"
    return found


def in_python(r: Recursion) -> list[str]:
    found = [f"np.full({r.length}, {value}, dtype=float)" for value in r.initial]
    lines = [f"{name} = {text}" for name, text in r.parts]
    lines += [f"{name}[{r.index} + 1] = {step}" for name, step in zip(r.names, r.steps, strict=True)]
    found[-1] += "\n".join([f"\nfor {r.index} in range({r.rows}):", *(f"    {line}" for line in lines)])
    return found


def in_latex(r: Recursion) -> list[str]:
    found = [
        rf"{value} \\ {{{name}}}_{{{r.index} + 1}} &= {step}"
        for name, value, step in zip(r.names, r.initial, r.steps, strict=True)
    ]
    found[-1] += "".join(rf" \\ {name} &= {text}" for name, text in r.parts)
    return found


LOOPS: Mapping[Notation, Loop] = {
    Notation.R: Loop(1, in_r, "{}[{}]", "{}{}"),
    Notation.PYTHON: Loop(0, in_python, "{}[{}]", "{}{}"),
    Notation.LATEX: Loop(1, in_latex, "{{{}}}_{{{}}}", "{{{}_{{{}}}}}_{{{}}}"),
}


# An element of a vector: at sign * (row - 1) + offset, counted from 0.
Place = tuple[Node, int, Dimension]


class RowError(Exception):
    """A vector has no text by element; it gets a name."""

    def __init__(self, node: Node) -> None:
        self.node = node


class Rows:
    """The expressions of one row, as nodes of a graph of their own.

    Args:
        printer: The printer of the whole.
        index: The name of the loop's index.
        limit: The most code points of one text.
    """

    def __init__(self, printer: Printer, index: str, limit: int) -> None:
        self.printer = printer
        self.loop = LOOPS[printer.notation]
        self.index = index
        self.limit = limit
        self.graph = Graph()
        written = printer.lengths.graph.branches
        # Whether the author wrote `if` for all choices: what is chosen in a row is one number.
        self.with_if = bool(written) and all(written.values())

    def leaf(self, text: str) -> Node:
        return self.graph.symbol(text)

    def bracketed(self, pieces: Sequence[Piece], own: int) -> Node:
        text = written(self.printer, pieces, self.limit)
        left, right = self.printer.brackets
        return self.leaf(text if own == ATOM else f"{left}{text}{right}")

    def step(self, node: Node, states: Sequence[Node], inputs: Sequence[Node]) -> Node:
        """Return the next state as a node of the row's graph."""
        made: dict[int, Node] = {}
        for part in reachable([node]):
            if part.op == "local":
                assert isinstance(part.payload, tuple)
                kind, j = part.payload
                made[part.index] = self.element(states[j] if kind else inputs[j])
            else:
                made[part.index] = self.copied(part, [made[a.index] for a in part.args])
        return made[node.index]

    def copied(self, node: Node, args: Sequence[Node]) -> Node:
        if node.op == "number":
            left_out = isinstance(node.payload, LeftOut)
            return self.graph.left_out(node.value) if left_out else self.graph.number(node.value)
        if node.op == "add":
            # An input of the step may be a sum.
            args = [term for a in args for term in (a.args if a.op == "add" else (a,))]
        self.graph.keep_branch(node, args)
        return self.made(node.op, args)

    def made(self, op: str, args: Sequence[Node]) -> Node:
        if op == "ifelse" and self.with_if:
            self.graph.branches[args[0].index] = True
        return self.graph.make(op, *args)

    def number(self, node: Node) -> Node:
        """Return a number that is the same in each row."""
        made: dict[int, Node] = {}
        stack = [node]
        while stack:
            top = stack[-1]
            plain = not (top.op in ARRAY_OPERATIONS or top.op in REDUCTIONS or top.index in self.printer.named)
            if top.index in made:
                stack.pop()
            elif top.op in ("symbol", "data") or not plain:
                made[top.index] = self.bracketed(*self.printer.pieces(top))
            elif waiting := [a for a in top.args if a.index not in made]:
                stack += waiting
            else:
                made[top.index] = self.copied(top, [made[a.index] for a in top.args])
        return made[node.index]

    def element(self, vector: Node) -> Node:
        """Return the element of a vector, or the number, that a row reads.

        Raises:
            RowError: The vector has no text by element.
        """
        made: dict[Place, Node] = {}
        wanted: Place = (vector, 1, 0)
        stack = [wanted]
        while stack:
            place = stack[-1]
            parts = self.parts_of(*place) if place not in made else []
            waiting = [part for part in parts if isinstance(part, tuple) and part not in made]
            if waiting:
                stack += waiting
                continue
            stack.pop()
            if place not in made:
                args = [made[part] if isinstance(part, tuple) else part for part in parts]
                moved = place[0].op in ("slice", "reverse") or (len(args) == 1 and not isinstance(parts[0], tuple))
                made[place] = args[0] if moved else self.made(place[0].op, args)
        return made[wanted]

    def parts_of(self, node: Node, sign: int, offset: Dimension) -> "list[Node | Place]":
        """Return what the element at sign * (row - 1) + offset, counted from 0, is made of: other elements, or its text."""
        if not node.shape:
            return [self.number(node)]
        name = self.printer.named.get(node.index)
        if name is None and node.op in ("symbol", "data"):
            name = self.printer.name(node.name)
        if name is not None:
            return [self.leaf(self.loop.element.format(name, self.position(sign, offset)))]
        if node.op == "fill":
            return [self.number(node.args[0])]
        if node.op == "slice" and node.payload:
            assert isinstance(node.payload, tuple)
            return [(node.args[0], sign, plus(offset, node.payload[0]))]
        if node.op == "reverse":
            last = plus(node.shape[0], -1)
            return [(node.args[0], -sign, plus(last, minus(offset)))]
        if is_count(node):
            # The entry at the position p is p + 1.
            text = self.position(sign, plus(offset, 1 - self.loop.shift))
            return [self.leaf(text if text == self.index else f"({text})")]
        whole = all(not a.shape or a.shape == node.shape for a in node.args)
        if node.op in ARRAY_OPERATIONS or node.op in REDUCTIONS or not whole:
            raise RowError(node)
        return [(a, sign, offset) for a in node.args]

    def position(self, sign: int, offset: Dimension) -> str:
        """Return the text of a position that is counted from 0."""
        # Row r is number r - 1 from 0; R's and LaTeX's first index is 1.
        shift = 0 if sign == 1 else 2 * self.loop.shift
        added = plus(offset, shift)
        if sign == 1:
            if isinstance(added, int):
                return self.index if not added else f"{self.index} + {added}"
            return f"{self.index} + {self.length(added)}"
        return f"{self.length(added)} - {self.index}"

    def length(self, dimension: Dimension) -> str:
        pieces, own = self.printer.length(dimension)
        text = written(self.printer, pieces, self.limit)
        return text if own >= ADD else f"({text})"


def written(printer: Printer, pieces: Sequence[Piece], limit: int) -> str:
    return "".join(
        [
            piece if isinstance(piece, str) else node_text(piece[0], printer.pieces, limit, brackets=printer.brackets)
            for piece in pieces
        ]
    )


class LoopPrinter(Printer):
    """The part of a printer that writes recursions."""

    # How many parts of rows have names so far.
    row_parts = 0

    def loops(self) -> list[list[Node]]:
        """Return the nodes that have no text without names: groups that one loop fills, and what loops read."""
        groups: dict[tuple[Node, ...], list[Node]] = {}
        read: dict[int, Node] = {}
        for node in [n for n in self.nodes if n.op == "scan"]:
            if node.args not in groups:
                groups[node.args] = self.group(node)
        for group in groups.values():
            known = {n.index for n in self.nodes}
            new = [n for n in group if n.index not in known]
            self.nodes += new
            self.prepare(new)
            self.named.update({n.index: "" for n in group})
        for group in groups.values():
            read.update({n.index: n for n in self.needed(group[0])})
        return [*groups.values(), *([n] for n in read.values())]

    def group(self, node: Node) -> list[Node]:
        """Return the nodes of all states of a scan."""
        count = len(scan_of(node).steps)
        graph = self.lengths.graph
        return [graph.array("scan", *node.args, payload=(k, count), shape=node.shape) for k in range(count)]

    def needed(self, node: Node) -> list[Node]:
        """Return the vectors that a recursion reads by element and that have no text by element: they get names."""
        rows = Rows(self, "i", 2_000_000)
        found: list[Node] = []
        for value in scan_of(node).inputs:
            while True:
                try:
                    rows.element(value)
                    break
                except RowError as error:
                    found.append(error.node)
                    self.named.setdefault(error.node.index, "")
        return found

    def loop(self, group: Sequence[Node], limit: int) -> list[tuple[str, str]]:
        """Return a part for each state of a recursion; the text of the last one has the loop.

        Args:
            group: The nodes of all states, which have names, as have the vectors that need one.
            limit: The most code points of one text.
        """
        node = group[0]
        scan = scan_of(node)
        loop = LOOPS[self.notation]
        index = unused("i", [*self.texts, *self.named.values()])
        rows = Rows(self, index, limit)
        steps = [rows.step(step, group, scan.inputs) for step in scan.steps]
        symbols = {n.name: n.name for n in rows.graph.nodes if n.op == "symbol"}
        whole = steps[0] if len(steps) == 1 else rows.graph.array("concatenate", *steps)
        inner = type(self)(rows.graph, whole, symbols)
        taken = [*self.texts, *self.named.values(), index]
        stem = unused({Notation.R: ".t", Notation.PYTHON: "t", Notation.LATEX: "T"}[self.notation], taken)
        parts = repeated_parts(inner, whole, limit, LONG, lambda k: loop.part.format(stem, self.row_parts + k, index))
        self.row_parts += len(parts)
        texts = [node_text(step, inner.pieces, limit, brackets=self.brackets) for step in steps]
        initial = [written(self, [(x, 0)], limit) for x in scan.initial]
        length, count = [written(self, self.length(plus(node.shape[0], -k))[0], limit) for k in (0, 1)]
        names = [self.named[g.index] for g in group]
        targets = [f"{{{name}}}_{{1}}" if self.notation is Notation.LATEX else name for name in names]
        return list(
            zip(targets, loop.texts(Recursion(names, initial, texts, parts, length, count, index)), strict=True)
        )
