"""The whole text: what is around a formula, equations with a name on their left, and definitions that use each other."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from secantd.errors import CalculusError, Reason
from secantd.expression import VariableShape
from secantd.language.instructions import Arguments, Instruction, Instructions, Parameter, Reading
from secantd.language.notation import Notation
from secantd.language.textbook.emit import Emitter
from secantd.language.textbook.equations import Piece, has_abstract, sides_of, split, without_domains
from secantd.language.textbook.latex import latex_tokens
from secantd.language.textbook.names import check_runs, resolve_words, standing_alone, two_readings
from secantd.language.textbook.parser import Parser
from secantd.language.textbook.plain import plain_tokens
from secantd.language.textbook.trees import ABSTRACT, Tree, nodes
from secantd.language.tokens import Token
from secantd.settings import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["read_textbook"]

AROUND: Final = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))
WRAPPERS: Final = re.compile(
    r"(aligned|align|alignat|equation|displaymath|gather|gathered|split|multline|eqnarray|math)\*?"
)


def read_textbook(
    text: str,
    notation: Notation,
    data: "Mapping[str, NDArray[np.float64]]",
    shapes: Mapping[str, VariableShape],
    variables: Collection[str],
    limits: Limits,
) -> Reading:
    r"""Return the instructions of a text.

    Args:
        text: A formula, an equation f(x) = ..., or several definitions.
        notation: TEXTBOOK or LATEX.
        data: The data columns and matrices of the request.
        shapes: The shapes that it declares.
        variables: The variables that it names.
        limits: The limits that apply.

    Raises:
        CalculusError: SYNTAX_ERROR with the position, also for a text with two readings; LIMIT_EXCEEDED.
    """
    return Text(text, notation, data, shapes, variables, limits).reading()


class Text:
    """The state of reading a whole text."""

    def __init__(
        self,
        text: str,
        notation: Notation,
        data: "Mapping[str, NDArray[np.float64]]",
        shapes: Mapping[str, VariableShape],
        variables: Collection[str],
        limits: Limits,
    ) -> None:
        self.text = text
        self.latex = notation is Notation.LATEX
        self.data = data
        self.shapes = dict(shapes)
        if data:
            import numpy as np

            self.shapes |= {n: VariableShape(v.shape) for n, v in data.items() if np.ndim(v) > 1}
        self.known = {*data, *shapes, *variables}
        self.known |= {n.partition("[")[0].partition("$")[0] for n in self.known}
        self.limits = limits
        self.notices: dict[str, None] = {}

    def error(self, headline: str, place: Token | Tree, hint: str = "") -> CalculusError:
        span = (place.start, max(place.end, place.start + 1))
        return CalculusError(Reason.SYNTAX_ERROR, headline, hint, text=self.text, span=span, field="expression.text")

    def reading(self) -> Reading:
        pieces = self.pieces()
        ordered, roots = self.in_order(pieces)
        emitter = Emitter(self.text, self.known, self.data, self.shapes, self.limits.loop_steps)
        emitter.prepare([piece.formula for piece in pieces])
        for vectors in emitter.lengths.values():
            import numpy as np

            sizes = {np.size(self.data[name]) for name in vectors if name in self.data}
            if len(sizes) > 1:
                raise self.error(
                    f"the columns {', '.join(dict.fromkeys(vectors))} have different lengths",
                    pieces[0].formula,
                    "give columns of one length",
                )
        out: list[Instruction] = []
        codes = {id(piece): emitter.code(piece.formula) for piece in pieces}
        for piece in ordered:
            place = (piece.formula.start, piece.formula.end)
            code = codes[id(piece)]
            if piece.parameters is None:
                out += code.instructions
            else:
                parameters = tuple(Parameter(name, None) for name in piece.parameters)
                out.append(Instruction("function", (parameters, code), *place))
            out += [Instruction("store", piece.name, *place), Instruction("pop", None, *place)]
        bodies = [codes[id(piece)].instructions for piece in roots]
        place = (roots[0].formula.start, roots[-1].formula.end)
        body = [i for code in bodies for i in code]
        if len(roots) > 1:
            body.append(Instruction("call", ("c", Arguments((None,) * len(roots))), *place))
            self.notices["the formulas of the text are the components of one function"] = None
        first = next((p.parameters for p in roots if p.parameters is not None), None)
        if first is None:
            out += body
        else:
            free = self.free_names(pieces, list(codes.values()))
            loads = {i.operand for code in codes.values() for i in code.instructions if i.op == "load_quoted"}
            # J(theta) of theta_0 and theta_1 has these parameters.
            names = [
                n for n in first
                if n not in self.data and (n in loads or n in self.known or not any(f.startswith(f"{n}_") for f in free))
            ]  # fmt: skip
            names += [n for n in free if n not in names]
            out.append(Instruction("function", (tuple(Parameter(n, None) for n in names), Instructions(body)), *place))
        notices = {**self.notices, **emitter.notices}
        for piece in pieces:
            notices.update(piece.parsers[-1].notices)
        if any(t.kind == "euler" for piece in pieces for t in nodes(piece.formula)):
            notices["'e' is Euler's number here; name it in the request if it is a variable"] = None
        numbers = tuple(n for n in emitter.numbers if n not in self.data)
        return Reading(Instructions(out), tuple(notices), tuple(emitter.vectors), numbers)

    def free_names(self, pieces: Sequence[Piece], codes: Sequence[Instructions]) -> list[str]:
        """Return the names that the text uses and does not define, in order."""
        own = {p.name for p in pieces} | {n for p in pieces for n in p.parameters or ()} | self.data.keys()
        loads = dict.fromkeys(str(i.operand) for code in codes for i in code.instructions if i.op == "load_quoted")
        return [name for name in loads if name not in own]

    # -- tokens ---------------------------------------------------------------------------------------------------

    def tokens(self) -> list[Token]:
        """Return the tokens of the formula, without what only sets it apart from the text around it."""
        start, end = 0, len(self.text)
        if self.latex:
            for opening, closing in AROUND:
                inside = self.text.strip()
                if inside.startswith(opening) and inside.endswith(closing) and len(inside) >= len(opening + closing):
                    start = self.text.index(opening) + len(opening)
                    end = self.text.rindex(closing)
                    break
            tokens = latex_tokens(self.text, start, end)
        else:
            tokens = plain_tokens(self.text, start, end)
        tokens = self.without_wrapper(tokens)
        while tokens[0].kind in ("arrow", "newline"):
            del tokens[0]
        while len(tokens) > 1 and tokens[-2].kind in (",", ";", "newline", ".") and len(tokens) > 2:
            del tokens[-2]
        if tokens[0].kind == "end":
            raise self.error("the text has no formula", tokens[0], "write a formula such as x^2")
        if self.latex:
            check_runs(self.text, tokens, self.known)
            return tokens
        return resolve_words(self.text, tokens, self.known | self.parameters_of(tokens), self.notices)

    def parameters_of(self, tokens: Sequence[Token]) -> set[str]:
        """Return the words in the brackets of f(x, y) = at the beginning: they are variables."""
        if len(tokens) < 4 or tokens[0].kind != "word" or tokens[1].kind != "(":
            return set()
        found, at = set(), 2
        while tokens[at].kind == "word":
            found.add(tokens[at].text)
            at += 1
            if tokens[at].kind != ",":
                break
            at += 1
        return found if tokens[at].kind == ")" and tokens[at + 1].kind == "=" else set()

    def without_wrapper(self, tokens: list[Token]) -> list[Token]:
        r"""Return tokens without \begin{align} and the like around them, and without the marks of alignment in it."""
        wrapped = False
        while tokens[0].kind == "begin" and WRAPPERS.fullmatch(tokens[0].name):
            last = tokens[-2]
            if last.kind != "end of environment" or last.name != tokens[0].name:
                raise self.error(
                    f"'{tokens[0].text}' is not closed", tokens[0], rf"write \end{{{tokens[0].name}}} at the end"
                )
            tokens = [*tokens[1:-2], tokens[-1]]
            wrapped = True
        if not wrapped:
            return tokens
        found: list[Token] = []
        depth = 0
        for token in tokens:
            depth += (token.kind == "begin") - (token.kind == "end of environment")
            if token.kind == "=" and len(found) and found[-1].kind == "newline" and not depth:
                # The equation goes on in the next line.
                found.pop()
            if token.kind != "&" or depth:
                found.append(token)
        return found

    # -- equations ------------------------------------------------------------------------------------------------

    def pieces(self) -> list[Piece]:
        tokens = self.tokens()
        tokens, remarks = without_domains(tokens)
        for a, b in remarks:
            self.notices[
                f"'{self.text[a:b].strip()[:60]}' is left out; write it as an assumption where one is taken"
            ] = None
        ranges = split(tokens)
        if not ranges:
            raise self.error("the text has no formula", tokens[0], "write a formula such as x^2")
        functions = {
            name: parameters
            for first, last in ranges
            if (name := self.function_name(tokens[first:last]))
            for parameters in [first]
        }
        alone = standing_alone(tokens) - set(functions)
        found = []
        for first, last in ranges:
            sides: list[Tree] = []
            parsers: list[Parser] = []
            for a, b in sides_of(tokens, first, last):
                place = tokens[b].start if b < len(tokens) else tokens[-1].end
                own = [*tokens[a:b], Token("end", "", place, place)]
                # On the left f(x) is what is defined.
                is_left = not sides and b < last
                parser = Parser(
                    self.text, own, latex=self.latex, known=self.known, variables=alone,
                    functions=() if is_left else functions, depth=self.limits.depth,
                )  # fmt: skip
                if is_left and self.function_name(tokens[first:last]):
                    sides.append(self.label(parser))
                else:
                    sides.append(parser.formula())
                parsers.append(parser)
            found.append(self.defined(Piece(tokens[first], sides, parsers)))
        self.check_indices(found)
        return found

    def function_name(self, tokens: Sequence[Token]) -> str:
        """Return the name of the function that a piece defines by f(x, y) = ..., "" where it does not."""
        if len(tokens) < 5 or tokens[0].kind != "name" or tokens[1].kind != "(":
            return ""
        if any(name in self.known for name in [tokens[0].name]):
            return ""
        depth, at = 1, 2
        while at < len(tokens) and depth:
            if tokens[at].kind not in ("name", ",", ")", "_", "number", "{", "}", "style", "upright"):
                return ""
            depth -= tokens[at].kind == ")"
            at += 1
        closes = at < len(tokens) and tokens[at].kind == "="
        return tokens[0].name if closes and tokens[2].kind != "number" else ""

    def label(self, parser: Parser) -> Tree:
        """Read f(x, y) on the left of an equals sign."""
        token = parser.take()
        inside = parser.run(parser.arguments())
        return Tree("unknown", token.start, inside.end, token.name, inside.parts)

    def defined(self, piece: Piece) -> Piece:
        """Return an equation with what its left side defines; check its sides."""
        formula = piece.formula
        if len(piece.sides) > 1:
            left = piece.sides[0]
            if left.kind == "name":
                piece.name = str(left.value)
            elif left.kind == "unknown" and all(p.kind == "name" for p in left.parts):
                piece.name = str(left.value)
                piece.parameters = [str(p.value) for p in left.parts]
            elif not any(t.kind in ABSTRACT for t in nodes(left)):
                a, b = self.text[left.start : left.end], self.text[formula.start : formula.end]
                raise self.error(
                    "an equation is not a function",
                    left,
                    f"write the difference, {a} - ({b}), or a name on the left: f = ...",
                )
            if any(
                t.kind in ("name", "indexed", "shifted") and t.value == piece.name for t in nodes(formula)
            ) and piece.name not in (piece.parameters or ()):
                raise self.error(f"'{piece.name}' is on both sides of the equation", left, "write the formula only")
            if len(piece.sides) > 2 and any(not has_abstract(s) for s in piece.sides[1:-1]):
                self.notices["the last side of the equation is read"] = None
        for tree in nodes(formula):
            if tree.kind == "unknown":
                self.refuse_unknown(tree)
            if tree.kind == "derivative":
                hint = "write the function, and name the variable to differentiate with respect to in the request"
                if self.text[tree.start : tree.end].rstrip("'") in self.text and self.text[tree.end - 1] == "'":
                    hint += r"; the transpose is X^{\top}" if self.latex else "; the transpose is Xᵀ"
                raise self.error("a derivative is not part of a formula", tree, hint)
        return piece

    def refuse_unknown(self, tree: Tree) -> None:
        name = str(tree.value)
        shown = self.text[tree.start : tree.end]
        inside = ", ".join(self.text[p.start : p.end] for p in tree.parts)
        if inside.startswith("(") and inside.endswith(")"):
            inside = inside[1:-1]
        if len(tree.parts) > 1:
            raise self.error(
                f"the text does not define the function '{name}'",
                tree,
                f"write its formula, or define it: {name}(x, y) = ...",
            )
        raise two_readings(
            self.text, tree.start, tree.end, f"{name}*({inside})", f"a call of a function {name}, which the text does not define",
            f"write {name}*({inside}) or name the variable {name} in the request for a product, or define {name}(x) = ..."
            if len(shown) < 60 else f"write * for a product, or define {name}(x) = ...",
        )  # fmt: skip

    def check_indices(self, pieces: Sequence[Piece]) -> None:
        """Raise an error for y_i outside of the sum over i."""
        indices = {i for piece in pieces for i in piece.parsers[-1].indices}
        for piece in pieces:
            for index, tree in piece.parsers[-1].subscripted:
                if index in indices and tree.value not in self.known:
                    shown = self.text[tree.start : tree.end]
                    raise self.error(
                        f"'{shown}' stands outside of the sum over {index}",
                        tree,
                        "write brackets around all that is summed",
                    )

    def in_order(self, pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
        """Return the definitions in the order of their use, and the formulas that nothing else uses."""
        plain = [p for p in pieces if len(p.sides) == 1]
        if len(pieces) > 1 and (len(plain) > 1 or (plain and plain[0] is not pieces[-1])):
            raise self.error("the text has several formulas", plain[-1].formula, "write one, or (a, b) for a vector")
        by_name = {p.name: p for p in pieces if p.name}
        if len(by_name) < len([p for p in pieces if p.name]):
            raise self.error("a name is defined twice", pieces[-1].formula, "give each formula a name of its own")
        users: dict[int, list[Piece]] = {id(p): [] for p in pieces}
        waiting: dict[int, int] = {}
        for p in pieces:
            own = set(p.parameters or ())
            used = {str(t.value) for t in nodes(p.formula) if t.kind in ("name", "call") and t.value in by_name} - own
            waiting[id(p)] = len(used)
            for name in used:
                users[id(by_name[name])].append(p)
        roots = [p for p in pieces if not users[id(p)]]
        ready = [p for p in reversed(pieces) if not waiting[id(p)]]
        ordered: list[Piece] = []
        while ready:
            p = ready.pop()
            ordered.append(p)
            for user in users[id(p)]:
                waiting[id(user)] -= 1
                if not waiting[id(user)]:
                    ready.append(user)
        if len(ordered) < len(pieces):
            stuck = next(p for p in pieces if waiting[id(p)])
            raise self.error(f"'{stuck.name}' is defined by itself", stuck.formula, "write its formula without it")
        ordered = [p for p in ordered if users[id(p)]]
        return ordered, roots
