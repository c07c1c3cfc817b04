"""The operators of textbook notation: conditions, sums, products with and without a sign, powers."""

from typing import Final

from secantd.language.textbook.base import BEGINS, Steps
from secantd.language.textbook.operands import Operands
from secantd.language.textbook.trees import Tree, nodes
from secantd.language.textbook.words import LETTERS_OF_FUNCTIONS
from secantd.language.tokens import Token

__all__ = ["Parser"]

COMPARISONS: Final = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "!=": "!=", "==": "==", "=": "=="}
# Factors that end in a bracket, behind which a numeral may stand.
MIXED: Final = "write + or * between them"


class Parser(Operands):
    """The parser of one formula."""

    def formula(self) -> Tree:
        """Return the tree of the whole formula.

        Raises:
            CalculusError: SYNTAX_ERROR with the position; LIMIT_EXCEEDED.
        """
        tree = self.run(self.logic())
        if self.token.kind != "end":
            raise self.no_operator()
        return tree

    def no_operator(self) -> Exception:
        token = self.token
        hints = {
            ")": "remove it, or open it with '('", "]": "remove it, or open it with '['", "}": "remove it, or open it with '{'",
            "close": "remove it, or open it", "dots": r"write all terms, or a sum: \sum_{k=0}^{n}",
            "arrow": "write one formula", "&": "remove it", "_": "a subscript belongs behind a letter",
            "in": "write a comma before the domain, as in x^2, x \\in [0, 1]",
            ":": "write / for a quotient", "given": "write | around both sides for the absolute value",
            "end of environment": r"open it with \begin",
        }  # fmt: skip
        return self.unexpected("expected an operator or the end", hints.get(token.kind, ""))

    # -- conditions -----------------------------------------------------------------------------------------------

    def logic(self) -> Steps:
        either: list[Tree] = []
        while True:
            both = [(yield self.condition())]
            while self.token.kind == "and":
                self.at += 1
                both.append((yield self.condition()))
            either.append(folded("&", both))
            if self.token.kind != "or":
                return folded("|", either)
            self.at += 1

    def condition(self) -> Steps:
        negations = []
        while self.token.kind == "not":
            negations.append(self.take())
        sides, signs = [(yield self.sum())], []
        # Outside of brackets an equals sign defines something.
        while self.token.kind in COMPARISONS and (self.token.kind != "=" or self.open):
            signs.append(COMPARISONS[self.take().kind])
            sides.append((yield self.sum()))
        parts = [Tree("operator", a.start, b.end, s, (a, b)) for s, a, b in zip(signs, sides, sides[1:], strict=False)]
        tree = folded("&", parts) if parts else sides[0]
        for token in reversed(negations):
            tree = Tree("operator", token.start, tree.end, "!", (tree,))
        return tree

    # -- sums -----------------------------------------------------------------------------------------------------

    def sum(self) -> Steps:
        terms: list[Tree] = []
        while True:
            signs = []
            while self.token.kind in ("+", "-"):
                signs.append(self.take())
            term = yield self.product()
            # The sign before a term of a sum is a subtraction, others are signs.
            first = 1 if terms else 0
            for sign in reversed(signs[first:]):
                if sign.kind == "-":
                    term = Tree("neg", sign.start, term.end, None, (term,))
            if terms and signs[0].kind == "-":
                term = Tree("minus", signs[0].start, term.end, None, (term,))
            terms.append(term)
            if self.token.kind not in ("+", "-"):
                break
        return terms[0] if len(terms) == 1 else Tree("add", terms[0].start, terms[-1].end, None, tuple(terms))

    # -- products -------------------------------------------------------------------------------------------------

    def product(self, *, joined: bool = False) -> Steps:
        """Read factors with *, / and mod between them, or side by side.

        Args:
            joined: Whether a sign of multiplication or division has two readings: behind a product over an index.
        """
        factors = [(yield self.factor())]
        signs: list[str] = []
        below: list[Tree] = []
        while True:
            kind = self.token.kind
            if kind in ("*", "/", "mod", "odot"):
                if joined:
                    raise self.readings(
                        factors[0].start, self.token.end, f"(... {self.slice(*factors)}) {self.token.text} ...",
                        f"... ({self.slice(*factors)} {self.token.text} ...)", "write brackets around the factors of the product",
                    )  # fmt: skip
                sign = self.take()
                factor = yield self.signed()
                if sign.kind == "mod":
                    left = quotient(factors, below)
                    factors, signs, below = [Tree("operator", left.start, factor.end, "%%", (left, factor))], [], []
                elif sign.kind == "/":
                    below.append(factor)
                else:
                    if below:
                        factors, signs, below = [quotient(factors, below)], [], []
                    factors.append(factor)
                    signs.append("*")
            elif self.begins_factor():
                self.check_side_by_side((below or factors)[-1])
                factor = yield self.factor()
                if below:
                    divisor = below[-1]
                    above = self.slice(factors[0], below[-2] if len(below) > 1 else factors[-1])
                    rest, under = self.slice(factor), self.slice(divisor)
                    raise self.readings(
                        factors[0].start, factor.end, f"({above}/{under})*{rest}", f"{above}/({under}*{rest})",
                        "write * and brackets",
                    )  # fmt: skip
                factors.append(factor)
                signs.append("")
            else:
                break
        return quotient(factors, below)

    def signed(self) -> Steps:
        """Read the factor behind a sign of multiplication or division, which may have a sign of its own."""
        signs = []
        while self.token.kind in ("+", "-"):
            signs.append(self.take())
        factor = yield self.factor()
        for sign in reversed(signs):
            if sign.kind == "-":
                factor = Tree("neg", sign.start, factor.end, None, (factor,))
        return factor

    def check_side_by_side(self, last: Tree) -> None:
        """Raise an error where the next factor cannot stand beside the last one without a sign."""
        token = self.token
        if self.stash is not None:
            return
        if token.kind in ("number", "fraction") and self.before.kind not in (")", "]", "close"):
            if last.kind == "number" and token.kind == "fraction":
                a, b = self.slice(last), token.text
                raise self.readings(last.start, token.end, f"{a} + {b}", f"{a}*{b}", MIXED)
            raise self.error(
                f"a number stands behind '{self.slice(last)[-30:]}' without a sign",
                token,
                "write * for a product, ^ for a power",
            )
        if last.kind == "number" and token.kind == "frac":
            inside = self.tokens[self.at + 1 : self.at + 7]
            if [t.kind for t in inside] == ["{", "number", "}"] * 2:
                a, b = self.slice(last), f"{inside[1].text}/{inside[4].text}"
                raise self.readings(last.start, inside[-1].end, f"{a} + {b}", f"{a}*{b}", MIXED)
        if token.kind == "|" or token.kind == "‖":
            if len(self.open) in self.after_bars:
                raise self.error(
                    "it is not clear which bars belong together",
                    token,
                    r"write abs(x)" if not self.latex else r"write \left| and \right|",
                )
        elif self.before.kind in ("|", "‖"):
            self.after_bars.add(len(self.open))

    # -- powers ---------------------------------------------------------------------------------------------------

    def factor(self) -> Steps:
        tree, self.stash = self.stash, None
        if tree is None:
            tree = yield self.primary()
        while True:
            token = self.token
            if self.stash is not None:
                return tree
            if token.kind == "!":
                if tree.kind == "call" and not tree.bracketed:
                    shown = self.slice(tree)
                    name, _, rest = shown.partition("(")
                    raise self.readings(
                        tree.start,
                        token.end,
                        f"({shown})!",
                        f"{name}(({rest}!)",
                        "write brackets around the operand of !",
                    )
                if self.tokens[self.at + 1].kind == "!":
                    raise self.error("'!!' is not part of the language", token, "write (x!)! for the factorial of x!")
                self.at += 1
                tree = Tree("call", tree.start, token.end, "factorial", (tree,), bracketed=True)
            elif token.kind in ("^", "raised", "raised T"):
                self.check_base(tree)
                tree = yield self.raised(tree)
                if (
                    tree.parts[0].kind == "name"
                    and tree.parts[0].value in LETTERS_OF_FUNCTIONS
                    and not self.is_variable(str(tree.parts[0].value))
                    and self.token.kind == "("
                ):
                    name, power = str(tree.parts[0].value), self.slice(tree)
                    raise self.readings(
                        tree.start, self.token.end, f"{power}*(...)", f"a power or the inverse of a function {name} at (...)",
                        f"write * for a product, and ({name}(x))^2 for the power of a function that the text defines",
                    )  # fmt: skip
                if self.token.kind in ("^", "raised") and self.latex:
                    raise self.error("two exponents follow each other", self.token, "write braces: x^{a^b}")
            elif token.kind == "'":
                raise self.error(
                    "a prime is not read here",
                    token,
                    "name the variable in the request for a derivative, write ^T for the transpose",
                )
            elif token.kind == "_":
                raise self.error("a subscript belongs behind a letter", token, "write x_1")
            else:
                return tree

    def check_base(self, tree: Tree) -> None:
        """Raise an error for sin(x + 1)^2: the square of the sine, or the sine of the square."""
        if tree.kind == "call" and not tree.bracketed and len(tree.parts) == 1 and self.before.kind in (")", "]", "}"):
            inner = tree.parts[0]
            if inner.kind in ("number", "name", "pi", "call", "indexed", "shifted", "euler"):
                return
            shown, argument = self.slice(tree), self.slice(inner)
            head = self.text[tree.start : inner.start].removesuffix("\\left(").rstrip("( [{")
            behind = self.tokens[self.at + 1] if self.token.kind == "^" else self.token
            power = self.text[self.token.start : behind.end] if behind.kind != "{" else "^{...}"
            raise self.readings(
                tree.start, behind.end, f"({shown}){power}", f"{head}(({argument}){power})",
                f"write {head}{power}(...) for the power of the function, {head}((...){power}) for that of its argument",
            )  # fmt: skip

    def raised(self, base: Tree) -> Steps:
        """Read an exponent, and return the power or the transpose."""
        token = self.take()
        if token.kind == "raised T" or self.is_transpose(token, base):
            return Tree("transpose", base.start, self.before.end, None, (base,))
        marked = self.tokens[self.at : self.at + 5]
        if self.latex and [t.kind for t in marked] == ["{", "(", "number", ")", "}"]:
            shown, number = self.slice(base), marked[2].text
            raise self.readings(
                base.start, marked[-1].end, f"{shown}^{number}", f"a variable {shown} that is marked ({number})",
                rf"write {shown}^{{{number}}} for the power, {shown}_{{{number}}} for the variable",
            )  # fmt: skip
        bare = token.kind == "^" and self.token.kind not in ("(", "{", "[")
        if token.kind == "raised":
            exponent = self.superscript(token)
        else:
            exponent = yield self.exponent()
        if bare:
            self.check_bare_exponent(base, exponent)
        if base.kind == "euler":
            if any(t.kind == "name" and t.value == "i" for t in nodes(exponent)) and "i" not in {
                *self.bound,
                *self.known,
            }:
                self.notices["'i' is a variable here, not the imaginary unit: all values are real"] = None
            return Tree("call", base.start, exponent.end, "exp", (exponent,), bracketed=True)
        return Tree("pow", base.start, exponent.end, None, (base, exponent))

    def is_transpose(self, token: Token, base: Tree) -> bool:
        r"""Skip the exponent if it is a sign of transposition: ^\top, ^T where T is no variable."""
        inside = self.at + (self.token.kind == "{")
        mark = self.tokens[inside]
        if mark.kind in ("style", "upright") and mark.text.startswith((r"\mathsf", r"\mathrm", r"\mathit")):
            kinds = [t.kind for t in self.tokens[inside : inside + 4]]
            if mark.kind == "upright" and mark.name == "T":
                mark = Token("top", mark.text, mark.start, mark.end)
            elif kinds == ["style", "{", "name", "}"] and self.tokens[inside + 2].text == "T":
                inside += 3
                mark = Token("top", mark.text, mark.start, mark.end)
        closes = inside == self.at or (mark.kind != "end" and self.tokens[inside + 1].kind == "}")
        if base.kind == "matrix" and mark.kind == "name" and mark.text == "T" and closes:
            # A matrix that is written out has no other power with a letter.
            mark = Token("top", mark.text, mark.start, mark.end)
        if mark.kind == "name" and mark.text == "T" and closes and not self.is_variable_elsewhere("T", inside):
            raise self.readings(
                token.start, mark.end, "the transpose", "a power with the exponent T",
                r"write ^{\top} for the transpose" if self.latex else "write ᵀ for the transpose, or name T in the request",
            )  # fmt: skip
        if mark.kind != "top" or not closes:
            return False
        self.at = inside + 1 + (self.tokens[self.at].kind == "{")
        return True

    def is_variable_elsewhere(self, name: str, place: int) -> bool:
        """Return whether a name is a variable of the request, or stands anywhere but behind ^."""
        if name in self.known:
            return True
        return any(
            t.name == name and t.kind == "name" and i != place and self.tokens[i - 1].kind not in ("^", "{")
            for i, t in enumerate(self.tokens)
        )

    def superscript(self, token: Token) -> Tree:
        digits = token.name
        negative = digits[:1] == "⁻"
        plain = digits.lstrip("⁺⁻") if negative or digits[:1] == "⁺" else digits
        plain = plain.lstrip("+-")
        negative = negative or digits[:1] == "-"
        if plain == "n":
            tree = Tree("name", token.start, token.end, "n")
        elif plain.isdecimal():
            tree = Tree("number", token.start, token.end, float(plain))
        else:
            raise self.error(f"'{token.text[:40]}' is not an exponent", token, "write ^(...)")
        return Tree("neg", token.start, token.end, None, (tree,)) if negative else tree

    def exponent(self) -> Steps:
        """Read what stands behind ^: a group, or one operand with its sign."""
        signs = []
        while self.token.kind in ("+", "-"):
            signs.append(self.take())
        token = self.token
        if self.latex and token.kind == "number" and len(token.text) > 1:
            one, rest = token.text[0], token.text[1:]
            raise self.readings(
                token.start, token.end, f"^{{{token.text}}}", f"^{{{one}}}*{rest}", f"write ^{{{token.text}}}"
            )
        tree = yield self.primary()
        if self.token.kind in ("^", "raised") and not self.latex:
            tree = yield self.raised(tree)
        for sign in reversed(signs):
            if sign.kind == "-":
                tree = Tree("neg", sign.start, tree.end, None, (tree,))
        return tree

    def check_bare_exponent(self, base: Tree, exponent: Tree) -> None:
        """Raise an error where more may belong to an exponent without brackets: x^2y, e^-x/2, x^1/2."""
        token, tight = self.token, self.token.start == self.before.end
        follows = token.kind in BEGINS and self.begins_factor()
        signed = exponent.kind == "neg"
        a, b = self.slice(base), self.slice(exponent)
        joined = (
            follows
            and tight
            and not self.latex
            and self.stash is None
            and token.kind in ("name", "pi", "function", "number")
        )
        over_one = token.kind == "/" and exponent.kind == "number" and exponent.value == 1.0
        if (signed and (follows or token.kind == "/")) or joined or over_one:
            following = self.tokens[self.at + 1] if token.kind == "/" else token
            sign = "/" if token.kind == "/" else "*"
            raise self.readings(
                base.start, following.end, f"{a}^({b}){sign}{following.text}", f"{a}^({b}{sign}{following.text})",
                "write brackets around the exponent",
            )  # fmt: skip


def folded(sign: str, parts: list[Tree]) -> Tree:
    tree = parts[0]
    for part in parts[1:]:
        tree = Tree("operator", tree.start, part.end, sign, (tree, part))
    return tree


def quotient(factors: list[Tree], below: list[Tree]) -> Tree:
    tree = factors[0] if len(factors) == 1 else Tree("mul", factors[0].start, factors[-1].end, None, tuple(factors))
    for divisor in below:
        tree = Tree("div", tree.start, divisor.end, None, (tree, divisor))
    return tree
