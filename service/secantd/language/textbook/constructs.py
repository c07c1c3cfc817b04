"""The constructs of textbook notation: fractions, roots, cases, derivatives."""

from collections.abc import Sequence
from typing import Final

from secantd.language.textbook.base import Steps
from secantd.language.textbook.sums import Sums
from secantd.language.textbook.trees import Tree
from secantd.language.tokens import Token

__all__ = ["Constructs"]

MATRICES: Final = frozenset({"pmatrix", "bmatrix", "matrix", "Bmatrix", "smallmatrix", "vmatrix"})
ROOTS: Final = {"∛": 3.0, "∜": 4.0}
CONDITION_WORDS: Final = frozenset({"if", "for", "when", "where", "falls", "wenn"})
OTHERWISE: Final = frozenset({"otherwise", "else", "sonst"})


class Constructs(Sums):
    """The parser's methods for what has parts of its own."""

    # -- fractions and roots ---------------------------------------------------------------------------------------

    def fraction(self) -> Steps:
        token = self.token
        if token.kind == "frac" and self.differentiates():
            return (yield self.derivative())
        self.at += 1
        above = yield self.argument("the numerator" if token.kind == "frac" else "the upper number")
        below = yield self.argument("the denominator" if token.kind == "frac" else "the lower number")
        if token.kind == "frac":
            return Tree("div", token.start, self.before.end, None, (above, below), bracketed=True)
        return Tree("call", token.start, self.before.end, "choose", (above, below), bracketed=True)

    def root(self) -> Steps:
        token = self.take()
        degree: Tree | None = None
        if token.name in ROOTS:
            degree = Tree("number", token.start, token.end, ROOTS[token.name])
        elif self.latex and self.token.kind == "[":
            opening = self.take()
            self.enter(opening)
            degree = yield self.logic()
            self.expect("]", "']'", opening)
            self.leave()
        inner = yield self.argument("the radicand")
        if not self.latex and not inner.bracketed:
            tight = self.token.start == self.before.end and self.begins_factor()
            if tight or self.token.kind in ("^", "raised", "!"):
                a, b = self.slice(inner), self.token.text
                sign = "*" if tight else ""
                raise self.readings(
                    token.start, self.token.end, f"sqrt({a}){sign}{b}", f"sqrt({a}{sign}{b})", "write brackets"
                )
        if degree is None or (degree.kind == "number" and degree.value == 2.0):
            return Tree("call", token.start, self.before.end, "sqrt", (inner,), bracketed=True)
        if degree.kind == "number" and isinstance(degree.value, float) and degree.value % 2 == 1:
            self.notices[
                f"the root is read as a power with the exponent 1/{degree.value:g}: it has no value below 0"
            ] = None
        one = Tree("number", token.start, token.end, 1.0)
        power = Tree("div", degree.start, degree.end, None, (one, degree))
        return Tree("pow", token.start, self.before.end, None, (inner, power), bracketed=True)

    # -- cases ----------------------------------------------------------------------------------------------------

    def environment(self) -> Steps:
        """Read cases, or a matrix that is written out."""
        token = self.token
        if token.name in MATRICES:
            return (yield self.matrix())
        if token.name not in ("cases", "dcases"):
            raise self.error(
                f"the environment '{token.name[:40]}' is not read here",
                token,
                r"write \begin{pmatrix} for a matrix, \begin{cases} for a choice",
            )
        return (yield self.cases())

    def matrix(self) -> Steps:
        token = self.take()
        self.enter(token)
        rows: list[list[Tree]] = [[]]
        while self.token.kind != "end of environment":
            rows[-1].append((yield self.logic()))
            if self.token.kind == "&":
                self.at += 1
            elif self.token.kind == "newline":
                self.at += 1
                if self.token.kind != "end of environment":
                    rows.append([])
            elif self.token.kind != "end of environment":
                if self.token.kind == "end":
                    break
                raise self.unexpected(r"expected '&', '\\' or the end of the matrix")
        if self.token.kind != "end of environment" or self.token.name != token.name:
            raise self.error(f"'{token.text}' is not closed", token, rf"write \end{{{token.name}}} behind the matrix")
        if not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise self.error("the rows of the matrix differ in length", token, "separate the entries of a row by &")
        self.leave()
        self.at += 1
        place = (token.start, self.before.end)
        found = Tree("matrix", *place, (len(rows), len(rows[0])), tuple(e for row in rows for e in row), bracketed=True)
        return Tree("call", *place, "det", (found,), bracketed=True) if token.name == "vmatrix" else found

    def cases(self) -> Steps:
        token = self.take()
        self.enter(token)
        rows: list[tuple[Tree, Tree | None]] = []
        while self.token.kind != "end of environment":
            value = yield self.logic()
            if self.token.kind == ",":
                self.at += 1
            condition: Tree | None = None
            if self.token.kind == "&":
                self.at += 1
            elif self.token.kind not in ("text", "upright"):
                raise self.unexpected(
                    "expected '&' and a condition", r"write value & condition \\ value & \text{otherwise}"
                )
            word = self.token.name if self.token.kind in ("text", "upright") else ""
            self.at += bool(word)
            word = word.strip().lower().rstrip(".,;: ")
            if word not in OTHERWISE:
                if word and word not in CONDITION_WORDS:
                    raise self.error(
                        f"'{word[:40]}' is not read in a condition", self.before, r"write \text{if} or \text{otherwise}"
                    )
                condition = yield self.logic()
            rows.append((value, condition))
            if self.token.kind in (",", "."):
                self.at += 1
            if self.token.kind == "newline":
                self.at += 1
            elif self.token.kind != "end of environment":
                if self.token.kind == "end":
                    break
                raise self.unexpected(r"expected '\\' or the end of the cases")
        if self.token.kind != "end of environment" or self.token.name != token.name or not rows:
            raise self.error(f"'{token.text}' is not closed", token, rf"write \end{{{token.name}}} behind the cases")
        self.leave()
        self.at += 1
        return chosen(token, self.before.end, rows, self)

    # -- derivatives, which only the left of an equals sign may have --------------------------------------------------

    def differentiates(self) -> bool:
        r"""Return whether a fraction here is \frac{d}{dx} or \frac{dy}{dx}."""
        groups = self.groups(self.at + 1)
        if groups is None:
            return False
        (a, _), (b, c) = groups
        top, bottom = self.tokens[a + 1], self.tokens[b + 1]
        if top.kind == "partial" and bottom.kind == "partial":
            return True
        ds = all(t.name == "d" and t.kind in ("name", "upright") for t in (top, bottom))
        letters = c - b > 2 and self.tokens[b + 2].kind == "name"
        return ds and letters and "d" not in self.known

    def groups(self, at: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return the positions of the braces of two groups, None where these do not follow."""
        found: list[tuple[int, int]] = []
        while len(found) < 2:
            if self.tokens[at].kind != "{":
                return None
            begin, depth = at, 0
            while True:
                depth += (self.tokens[at].kind == "{") - (self.tokens[at].kind == "}")
                if not depth:
                    break
                if self.tokens[at].kind == "end" or at - begin > 100:
                    return None
                at += 1
            found.append((begin, at))
            at += 1
        return found[0], found[1]

    def derivative(self) -> Steps:
        token = self.take()
        alone = True
        if token.kind == "frac":
            groups = self.groups(self.at)
            assert groups is not None
            (begin, end), (_, last) = groups
            inside = self.tokens[begin + 2 : end]
            alone = not [t for t in inside if t.kind not in ("^", "number", "{", "}")]
            self.at = last + 1
        elif self.token.kind == "_":
            index, behind = self.subscript_at(self.at)
            if not index:
                raise self.unexpected("expected a variable")
            self.at = behind
        parts: Sequence[Tree] = ()
        if alone and self.begins_factor():
            parts = ((yield self.product()),)
        return Tree("derivative", token.start, self.before.end, token.text, tuple(parts))


def chosen(token: Token, end: int, rows: list[tuple[Tree, Tree | None]], parser: Constructs) -> Tree:
    """Return the value of the first row whose condition holds; NaN where none does."""
    tree = Tree("number", token.start, end, float("nan"))
    for k, (value, condition) in enumerate(reversed(rows)):
        if condition is None:
            if k:
                raise parser.error("'otherwise' stands in the last row", token, "move it to the end")
            tree = value
        else:
            tree = Tree("call", value.start, end, "ifelse", (condition, value, tree))
    tree.bracketed = True
    return tree
