"""The functions that Secant prints in LaTeX with a letter: special functions and distributions."""

from secantd.language.textbook.base import Steps
from secantd.language.textbook.constructs import Constructs
from secantd.language.textbook.names import with_subscript
from secantd.language.textbook.trees import Tree
from secantd.language.textbook.words import DISTRIBUTIONS, WITH_ORDER
from secantd.language.tokens import Token

__all__ = ["Printed"]


class Printed(Constructs):
    """The parser's methods for letters that are functions by what is around them."""

    def application(self) -> Steps:
        raise AssertionError("Operands overrides it")

    def group_end(self, at: int) -> int:
        """Return the position of the last token of the group in brackets that begins at a position, or of the single token."""
        opening = self.tokens[at].kind
        closing = {"{": "}", "(": ")"}.get(opening)
        if closing is not None:
            depth = 0
            while self.tokens[at].kind != "end":
                depth += (self.tokens[at].kind == opening) - (self.tokens[at].kind == closing)
                if not depth:
                    break
                at += 1
        return at

    def printed_head(self, token: Token, stem: str) -> Steps | None:
        r"""Return a generator for a function that Secant prints with a letter: \Gamma(x), J_1(x), f_t(x \mid k)."""
        if not self.latex:
            return None
        row = self.distribution(token, stem)
        if row is not None:
            return row
        # A variable of this name is written upright where the function is in the formula.
        variable = stem in self.known and f"{{{stem}}}" not in self.text
        if token.kind == "upright" and stem != "B" and stem in self.known:
            return None
        index, behind = self.subscript_at(self.at)
        if index and with_subscript(stem, index, self.known) in self.known:
            return None
        if stem in WITH_ORDER and token.kind == "name" and self.token.kind == "_":
            last = self.group_end(self.at + 1)
            if variable or self.tokens[last].kind == "end" or self.tokens[last + 1].kind != "(":
                return None
            function = WITH_ORDER[stem]
            notice = f"'{stem}' with a subscript before a bracket is read as the Bessel function {function}"
            self.notices[notice] = None
            return self.with_order(token, stem)
        following = self.tokens[behind]
        if following.kind != "(" and not (following.kind == "^" and stem in ("Gamma", "psi", "B", "W")):
            return None
        names = {("Gamma", ""): "gamma", ("psi", ""): "digamma", ("psi", "1"): "trigamma", ("W", "0"): "lambertW0"}
        found = "beta" if token.kind == "upright" and stem == "B" and not index else names.get((stem, index))
        if found is None or (token.kind == "name" and stem != "W" and not token.text.startswith("\\")):
            return None
        derived = stem == "psi" and following.kind == "^" and self.is_order(behind + 1)
        used = stem in self.variables and token.kind == "name" and stem not in self.known
        if (variable or used) and not derived and not index:
            return None
        if stem == "psi":
            self.notices[f"'\\psi' before a bracket is read as the function {found}"] = None
        if derived:
            return self.of_derivatives(token, behind)
        last = behind - 1
        end = self.tokens[last].end
        self.tokens[last] = Token("function", self.text[token.start : end], token.start, end, found)
        self.at = last
        return self.application()

    def distribution(self, token: Token, stem: str) -> Steps | None:
        r"""Return a generator for a density or a distribution function as Secant prints it: F_{t}^{-1}(p \mid k)."""
        if stem not in ("f", "F") or self.token.kind != "_":
            return None
        last = self.group_end(self.at + 1)
        raw = self.text[self.token.end : self.tokens[last].end].strip().removeprefix("{").removesuffix("}")
        raw = raw + "}" if "{" in raw and not raw.endswith("}") else raw
        opening = last + 1
        inverse = [t.text for t in self.tokens[opening : opening + 5]] == ["^", "{", "-", "1", "}"]
        opening += 5 * inverse
        row = DISTRIBUTIONS.get((stem, raw.replace(" ", ""), inverse))
        if (
            row is None
            or opening >= len(self.tokens)
            or self.tokens[opening].kind != "("
            or not self.has_condition(opening)
        ):
            return None
        self.at = opening
        return self.printed_call(token, row)

    def has_condition(self, opening: int) -> bool:
        depth = 0
        for token in self.tokens[opening:]:
            depth += (token.kind in ("(", "{", "[")) - (token.kind in (")", "}", "]"))
            if not depth:
                return False
            if token.kind == "given" and depth == 1:
                return True
        return False

    def printed_call(self, token: Token, row: str) -> Steps:
        arguments = yield self.arguments(given=True)
        return Tree("call", token.start, self.before.end, row, arguments.parts, bracketed=True)

    def with_order(self, token: Token, stem: str) -> Steps:
        self.at += 1
        order = yield self.argument("the order")
        arguments = yield self.arguments()
        return Tree("call", token.start, self.before.end, WITH_ORDER[stem], (*arguments.parts, order), bracketed=True)

    def is_order(self, at: int) -> bool:
        r"""Return whether an exponent is an order in brackets before an argument: {(2)}(x)."""
        if self.tokens[at].kind != "{" or self.tokens[at + 1].kind != "(":
            return False
        last = self.group_end(at + 1) + 1
        return last + 1 < len(self.tokens) and self.tokens[last].kind == "}" and self.tokens[last + 1].kind == "("

    def of_derivatives(self, token: Token, behind: int) -> Steps:
        r"""\psi^{(2)}(x), a derivative of the digamma function."""
        self.at = behind + 2
        order = yield self.brackets()
        self.expect("}", "'}'", self.tokens[behind + 1])
        arguments = yield self.arguments()
        parts = (*arguments.parts, order)
        return Tree("call", token.start, self.before.end, "psigamma", parts, bracketed=True)
