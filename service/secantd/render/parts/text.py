"""Texts with named parts, each before it is used."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from secantd.expression import Node
from secantd.interrupt import paced
from secantd.language.notation import Notation
from secantd.render.names import unused
from secantd.render.spelling import spelling
from secantd.render.writer import Piece, node_text

__all__ = ["NamedText", "PartsPrinter", "named_text", "repeated_parts"]

# The length of a repeated text that is worth a name.
LEAST = 12


class PartsPrinter(Protocol):
    """A printer that writes nodes by name.

    Attributes:
        notation: The notation.
        brackets: The brackets of the notation.
        names: The texts of names.
        named: The names of nodes that are printed by name.
        nodes: The nodes of the formula, arguments first.
        unnamed: Operations of which no part gets a name.
        texts: The names that are in use.
    """

    named: dict[int, str]

    @property
    def notation(self) -> Notation: ...

    @property
    def brackets(self) -> tuple[str, str]: ...

    @property
    def names(self) -> Mapping[str, str]: ...

    @property
    def nodes(self) -> Sequence[Node]: ...

    @property
    def unnamed(self) -> frozenset[str]: ...

    @property
    def texts(self) -> Sequence[str]: ...

    def pieces(self, node: Node) -> tuple[list[Piece], int]:
        """Return the pieces of a node's text: its name if it has one."""

    def expanded(self, node: Node) -> tuple[list[Piece], int]:
        """Return the pieces of a node's text, whether or not it has a name."""

    def loops(self) -> Sequence[Sequence[Node]]:
        """Return the nodes that have no text without names: groups that one loop fills, and what loops read."""

    def loop(self, group: Sequence[Node], limit: int) -> Sequence[tuple[str, str]]:
        """Return a part for each node that a loop fills: to what it is assigned, and its text."""


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text with named parts; `str` returns a block that runs, in LaTeX aligned equations.

    Attributes:
        parts: Each part's name and text, which may contain the names before it.
        text: The text of the whole, with names.
        notation: The notation of all texts.
    """

    parts: tuple[tuple[str, str], ...]
    text: str
    notation: Notation

    def __str__(self) -> str:
        if not self.parts:
            return self.text
        if self.notation is Notation.LATEX:
            lines = [*(f"{name} &= {text}" for name, text in self.parts), f"& {self.text}"]
            rows = r" \\ ".join(lines)
            return rf"\begin{{aligned}} {rows} \end{{aligned}}"
        sign = " <- " if self.notation is Notation.R else " = "
        return "\n".join([*(name + sign + text for name, text in self.parts), self.text])


def named_text(
    printer: PartsPrinter, node: Node, limit: int, known: Mapping[str, Node], *, repeated: bool
) -> NamedText:
    """Return the text of a node with named parts.

    Args:
        printer: The printer of the node.
        node: The expression.
        limit: The most code points of all texts.
        known: Names to use, with the nodes that they are; those of variables are not used.
        repeated: Whether parts that occur more than once get names, too.
    """
    names: dict[int, str] = {}
    for name, part in spelled_names(printer, known).items():
        if part.op not in printer.unnamed and (part is not node or node.op == "scan"):
            names.setdefault(part.index, name)
    groups = printer.loops()
    fixed = {part.index for group in groups for part in group}
    printer.named = {**dict.fromkeys(fixed, ""), **names}
    if repeated:
        name_repeated(printer, node)
    # A name may have made another one superfluous: it stands where the other's text stood twice.
    while True:
        uses = counted(printer, node)
        kept = {i: name for i, name in printer.named.items() if i in fixed or uses.get(i, 0) > (0 if i in names else 1)}
        if len(kept) == len(printer.named):
            break
        printer.named = kept
    order = in_order(printer.named, groups)
    numbered = iter(range(1, len(order) + 1))
    printer.named = {i: names[i] if i in names else part_name(printer, next(numbered)) for i in order}
    parts: list[tuple[str, str]] = []
    by_index = {n.index: n for n in printer.nodes}
    filled = {group[0].index: group for group in groups if group[0].op == "scan"}
    left = limit
    for index in order:
        part = by_index[index]
        if index in filled:
            found = printer.loop(filled[index], max(left, 0))
        elif part.op == "scan":
            continue
        else:
            found = [(printer.named[index], definition(printer, part, left))]
        left -= sum(len(text) for _, text in found)
        parts += found
    whole = printer.named[node.index] if node.index in fixed else definition(printer, node, left)
    return NamedText(tuple(parts), whole, printer.notation)


def in_order(named: Iterable[int], groups: Sequence[Sequence[Node]]) -> list[int]:
    """Return nodes, those that others contain first; what one loop fills stands together."""
    group_of = {part.index: [p.index for p in group] for group in groups for part in group}
    found: dict[int, None] = {}
    for index in sorted(named):
        found.update(dict.fromkeys(group_of.get(index, [index])))
    return list(found)


def spelled_names(printer: PartsPrinter, known: Mapping[str, Node]) -> dict[str, Node]:
    """Return an author's names of parts as they are written here, without those that are variables, too."""
    variables = {n.name for n in printer.nodes if n.op in ("symbol", "data")}
    spelled = spelling(known, printer.notation, arrays=True).texts if known else {}
    used = set(printer.texts)
    found: dict[str, Node] = {}
    for name, node in known.items():
        text = printer.names.get(name)
        if name not in variables and (text is not None or spelled[name] not in used):
            found[text or spelled[name]] = node
    return found


def part_name(printer: PartsPrinter, number: int) -> str:
    """Return the name of a repeated part: .e1 in R, e1 in Python, E_1 in LaTeX."""
    if printer.notation is Notation.LATEX:
        free = not any(text.startswith("E") for text in printer.texts)
        return f"{'E' if free else chr(92) + 'mathcal{E}'}_{{{number}}}"
    return f"{unused('.e' if printer.notation is Notation.R else 'e', printer.texts)}{number}"


def name_repeated(printer: PartsPrinter, node: Node) -> None:
    """Name the parts that occur more than once and are long enough."""
    uses = counted(printer, node)
    number = 0
    lengths: dict[int, int] = {}
    for part in paced(printer.nodes):
        if part.index not in uses:
            continue
        lengths[part.index] = sum(
            len(piece) if isinstance(piece, str) else name_length(printer, piece[0], lengths)
            for piece in printer.expanded(part)[0]
        )
        worth = uses[part.index] > 1 and lengths[part.index] >= LEAST and part.op not in printer.unnamed
        if worth and part.index not in printer.named and part is not node:
            number += 1
            printer.named[part.index] = part_name(printer, number)


def repeated_parts(
    printer: PartsPrinter, node: Node, limit: int, least: int, name: Callable[[int], str]
) -> list[tuple[str, str]]:
    """Name the parts of a long text that occur more than once; return their names and texts, in the order of use.

    Args:
        printer: The printer of the node, which prints the parts by name from now on.
        node: The expression.
        limit: The most code points of one text.
        least: The length of a text from which on parts are named.
        name: Returns the name of a part from its number.
    """
    lengths: dict[int, int] = {}
    for part in paced(printer.nodes):
        pieces = printer.expanded(part)[0]
        lengths[part.index] = sum(len(p) if isinstance(p, str) else lengths.get(p[0].index, 0) for p in pieces)
    if lengths[node.index] < least:
        return []
    name_repeated(printer, node)
    while True:
        uses = counted(printer, node)
        kept = {i: text for i, text in printer.named.items() if uses.get(i, 0) > 1}
        if len(kept) == len(printer.named):
            break
        printer.named = kept
    printer.named = {i: name(k) for k, i in enumerate(sorted(printer.named), 1)}
    by_index = {n.index: n for n in printer.nodes}
    return [(text, definition(printer, by_index[i], limit)) for i, text in printer.named.items()]


def definition(printer: PartsPrinter, part: Node, limit: int) -> str:
    """Return the text of a part, with the names of others."""

    def pieces(node: Node) -> tuple[list[Piece], int]:
        return printer.expanded(node) if node is part else printer.pieces(node)

    return node_text(part, pieces, limit, brackets=printer.brackets)


def counted(printer: PartsPrinter, node: Node) -> dict[int, int]:
    """Return how often each node is written, where each named part is written once."""
    uses = {node.index: 1}
    stack = [node]
    while stack:
        top = stack.pop()
        for piece in printer.expanded(top)[0]:
            if not isinstance(piece, str):
                inner = piece[0]
                if inner.index not in uses:
                    uses[inner.index] = 0
                    stack.append(inner)
                uses[inner.index] += 1
    return uses


def name_length(printer: PartsPrinter, node: Node, lengths: Mapping[int, int]) -> int:
    name = printer.named.get(node.index)
    return len(name) if name is not None else lengths.get(node.index, 0)
