r"""Formulas of a page: each in a notation for a terminal and in LaTeX, composed from expressions and from other formulas.

A line of a derivation contains what is not an expression: d/dx [x^2 - 2], a product whose factors are not simplified yet. Such
a line is composed of texts, with the brackets that the precedence of its parts requires.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from secantd.calculus.formulas import note, spelling_of
from secantd.calculus.lightforms import exact_form, light_of, sympy_form, too_long
from secantd.errors import CalculusError
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.render import render
from secantd.render.latex import BRACKETS
from secantd.render.parts.scalars import WRITERS
from secantd.render.writer import ADD, ATOM, CALL, MUL, POW, Piece, Writer, naming, node_text
from secantd.shown import printable

__all__ = ["ELLIPSIS", "LONGEST", "Pen", "Written"]

# A longer formula is shown with an ellipsis: it would fill the page.
LONGEST: Final = 1_500
LONGEST_ANSWER: Final = 40_000
# How many nodes of a long formula are shown, and how many terms of a sum.
SHOWN: Final = 12
MOST_ARGUMENTS: Final = 8
LETTERS: Final = "uvwstpqrzabcdegjklmo"


@dataclass(frozen=True, slots=True)
class Written:
    """A formula in both notations, with the precedence of the outermost operator of each.

    Attributes:
        text: In R or Python notation.
        latex: In LaTeX.
        text_binds: The precedence of `text`.
        latex_binds: The precedence of `latex`.
    """

    text: str
    latex: str
    text_binds: int = ATOM
    latex_binds: int = ATOM

    def within(self, power: int) -> "Written":
        """Return the formula as an operand that needs a precedence, in brackets if it has a lower one."""
        text = self.text if self.text_binds >= power else f"({self.text})"
        latex = self.latex if self.latex_binds >= power else rf"\left({self.latex}\right)"
        return Written(text, latex, max(self.text_binds, power), max(self.latex_binds, power))

    def unsigned(self) -> "Written":
        """Return the formula in brackets if it begins with a sign."""
        text = f"({self.text})" if self.text.startswith("-") else self.text
        latex = rf"\left({self.latex}\right)" if self.latex.startswith("-") else self.latex
        return Written(text, latex, self.text_binds, self.latex_binds)


ELLIPSIS: Final = Written("…", r"\ldots")
# What is left of a long sum or product.
DOTS: Final = Node("symbol", (), "…", -1, ())


def nearest(node: Node, most: int) -> set[int]:
    """Return the indices of an expression's nodes that are nearest to its root, at most so many."""
    found = {node.index}
    waiting = [node]
    for top in waiting:
        if len(found) >= most:
            break
        for a in top.args:
            if a.index not in found:
                found.add(a.index)
                waiting.append(a)
    return found


def shortening(writer: Writer, near: set[int], dots: str) -> Writer:
    """Return a printer that prints nodes that are not near, and terms in the middle of a long sum, as dots."""

    def pieces(node: Node) -> tuple[list[Piece], int]:
        if node is DOTS or (node.args and node.index not in near):
            return [dots], ATOM
        if node.op in ("add", "mul") and len(node.args) > MOST_ARGUMENTS:
            node = Node(node.op, (*node.args[:3], DOTS, node.args[-1]), None, node.index, node.shape)
        return writer(node)

    return pieces


class Pen:
    """Writes formulas of one function.

    Args:
        function: The function.
        notation: R or PYTHON: the notation for a terminal.
        notices: Receives notices about names that are spelled differently.

    Attributes:
        cut: Whether a formula was too long.
    """

    def __init__(self, function: Function, notation: Notation, notices: list[str]) -> None:
        self.function = function
        self.notation = notation
        self.cut = False
        self.names: dict[Notation, Mapping[str, str]] = {}
        for each in (notation, Notation.LATEX):
            found = spelling_of(function, each)
            self.names[each] = function.written | dict(found.changed) if each is Notation.R else found.texts
            note(notices, found.notice(each))
        python = notation is Notation.PYTHON
        self.times, self.power_sign = ("*", "**") if python else (" * ", "^")
        self.known: dict[tuple[int, bool, bool], Written] = {}

    # -- expressions -----------------------------------------------------------------------------------------------

    def expression(self, node: Node) -> Written:
        """Return an expression as its author wrote it."""
        return self._written(node, derived=False, whole=False)

    def derivative(self, node: Node, *, whole: bool = False) -> Written:
        """Return a derivative in the exact form; the whole answer has any length."""
        return self._written(node, derived=True, whole=whole)

    def simplified(self, node: Node) -> Node:
        """Return the light form of an expression."""
        with self.function.lock:
            return light_of(self.function, node)

    def _written(self, node: Node, *, derived: bool, whole: bool) -> Written:
        key = (node.index, derived, whole)
        if key not in self.known:
            try:
                self.known[key] = self._rendered(node, derived, LONGEST_ANSWER if whole else LONGEST)
            except CalculusError as error:
                if not too_long(error):
                    raise
                self.known[key] = self._shortened(node)
        return self.known[key]

    def _rendered(self, node: Node, derived: bool, limit: int) -> Written:
        if len(nearest(node, limit)) >= limit:
            return self._shortened(node)
        shown = node
        with self.function.lock:
            if derived:
                node = shown = exact_form(self.function, node, limit)
                if self.notation is Notation.PYTHON:
                    shown = sympy_form(self.function, node)
        text = render(shown, self.notation, limit, self.names[self.notation])
        latex = render(node, Notation.LATEX, 2 * limit, self.names[Notation.LATEX])
        return Written(text, latex, WRITERS[self.notation](shown)[1], WRITERS[Notation.LATEX](node)[1])

    def _shortened(self, node: Node) -> Written:
        """Return an expression with an ellipsis for what is deep inside it, and for terms of a long sum."""
        self.cut = True
        texts = []
        near = nearest(node, SHOWN)
        for notation, dots in ((self.notation, ELLIPSIS.text), (Notation.LATEX, ELLIPSIS.latex)):
            brackets = BRACKETS if notation is Notation.LATEX else ("(", ")")
            writer = shortening(naming(WRITERS[notation], self.names[notation]), near, dots)
            texts.append((node_text(node, writer, LONGEST, cut=True, brackets=brackets), writer(node)[1]))
        (text, binds), (latex, latex_binds) = texts
        if len(latex) >= LONGEST or len(text) >= LONGEST:
            return ELLIPSIS
        return Written(text, latex, binds, latex_binds)

    # -- names -----------------------------------------------------------------------------------------------------

    def name(self, name: str) -> Written:
        """Return a variable's name."""
        text = self.names[self.notation].get(name)
        latex = self.names[Notation.LATEX].get(name)
        return Written(printable(text or name), latex or render(Node("symbol", (), name, 0, ()), Notation.LATEX))

    def letter(self, taken: Sequence[str] = ()) -> str:
        """Return a letter for a part that is no name of the function."""
        used = {*self.function.variables, *self.function.used, *self.function.graph.columns, *taken}
        used |= {*self.names[self.notation].values()}
        return next((c for c in LETTERS if c not in used), "u_1")

    # -- composed formulas -----------------------------------------------------------------------------------------

    def d(self, variable: Written, inner: Written, *, partial: bool) -> Written:
        """Return d/dx [inner], with ∂ if it is a partial derivative."""
        text = f"∂/∂{variable.text} [{inner.text}]" if partial else f"d/d{variable.text} [{inner.text}]"
        over, under = (r"\partial", rf"\partial {variable.latex}") if partial else ("d", f"d{variable.latex}")
        return Written(text, rf"\frac{{{over}}}{{{under}}}\left[{inner.latex}\right]", CALL, CALL)

    def sum(self, terms: Sequence[tuple[bool, Written]]) -> Written:
        """Return a sum of terms, each with whether it is subtracted."""
        if not terms:
            return Written("0", "0")
        text = latex = ""
        for i, (minus, term) in enumerate(terms):
            part = term.within(MUL).unsigned() if i or minus else term.within(ADD)
            sign = (" - " if minus else " + ") if i else ("-" if minus else "")
            text += sign + part.text
            latex += sign + part.latex
        if len(terms) == 1 and not terms[0][0]:
            return terms[0][1]
        return self.checked(Written(text, latex, ADD, ADD))

    def product(self, factors: Sequence[Written]) -> Written:
        """Return a product with a dot between its factors."""
        if len(factors) == 1:
            return factors[0]
        parts = [f.within(MUL).unsigned() if i else f.within(MUL) for i, f in enumerate(factors)]
        text = self.times.join(p.text for p in parts)
        return self.checked(Written(text, r" \cdot ".join(p.latex for p in parts), MUL, MUL))

    def fraction(self, above: Written, below: Written) -> Written:
        """Return a fraction."""
        text = f"{above.within(MUL).unsigned().text}/{below.within(POW).text}"
        return self.checked(Written(text, rf"\frac{{{above.latex}}}{{{below.latex}}}", MUL, CALL))

    def power(self, base: Written, exponent: Written) -> Written:
        """Return a power."""
        low = base.within(CALL)
        if r"\frac" in base.latex and base.latex_binds < ATOM:
            low = Written(low.text, rf"\left({base.latex}\right)")
        text = f"{low.text}{self.power_sign}{exponent.within(POW).text}"
        return self.checked(Written(text, f"{low.latex}^{{{exponent.latex}}}", POW, POW))

    def cases(self, test: Written, yes: Written, no: Written) -> Written:
        """Return a choice between two formulas."""
        if self.notation is Notation.PYTHON:
            text = f"{yes.text} if {test.text} else {no.text}"
        else:
            text = f"ifelse({test.text}, {yes.text}, {no.text})"
        latex = (
            rf"\begin{{cases}} {yes.latex} & \text{{if }} {test.latex} \\ {no.latex} & \text{{otherwise}} \end{{cases}}"
        )
        return self.checked(Written(text, latex, ATOM if self.notation is Notation.R else 0, CALL))

    def total(self, entry: Written) -> Written:
        """Return the sum over data of an entry."""
        return self.checked(Written(f"sum({entry.text})", rf"\sum {entry.within(MUL).latex}", ATOM, ADD))

    def parts(self, formulas: Sequence[Written]) -> tuple[Written, ...]:
        """Return u = ..., v = ..., with letters that are no names of the function."""
        taken: list[str] = []
        for _ in formulas:
            taken.append(self.letter(taken))
        return tuple([self.equation(Written(x, x), f) for x, f in zip(taken, formulas, strict=True)])

    def equation(self, left: Written, right: Written) -> Written:
        """Return left = right."""
        return self.checked(Written(f"{left.text} = {right.text}", f"{left.latex} = {right.latex}", 0, 0))

    def checked(self, written: Written) -> Written:
        """Return a composed formula, an ellipsis if it is too long."""
        if len(written.latex) <= 2 * LONGEST:
            return written
        self.cut = True
        return ELLIPSIS
