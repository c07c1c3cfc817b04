"""Names with subscripts, and what encloses: brackets, bars, the arguments of commands."""

import re
from typing import Final

from secantd.errors import CalculusError
from secantd.language.textbook.base import Base, Steps
from secantd.language.textbook.names import parts_of_word, with_subscript
from secantd.language.textbook.trees import Tree
from secantd.language.tokens import Token

__all__ = ["CLOSES", "Groups"]

CLOSES: Final = {"(": ")", "[": "]", "{": "}"}
NAME: Final = re.compile(r"[^\W\d_][\w.$]*")


class Groups(Base):
    """The parser's methods for names and brackets."""

    # -- names ----------------------------------------------------------------------------------------------------

    def stem(self) -> str:
        """Skip a letter, a word or a letter in another style, and return its name without a subscript."""
        token = self.take()
        if token.kind not in ("style", "accent"):
            if token.kind != "name" and not NAME.fullmatch(token.name):
                raise self.error(f"'{token.name[:40]}' is not a name", token, "write the formula without words")
            return token.name
        suffix = f"_{token.name}" if token.kind == "accent" else ""
        braced = self.token.kind == "{"
        self.at += braced
        letters = []
        while self.token.kind in ("name", "upright"):
            letters.append(self.take().name)
            if not braced:
                break
        if not letters:
            hint = "write a sum or the entries" if self.token.kind == "number" else ""
            raise self.unexpected(f"expected a letter after '{token.text}'", hint)
        if braced:
            self.expect("}", "'}'", token)
        return "".join(letters) + suffix

    def subscript_at(self, at: int) -> tuple[str, int]:
        """Return the subscript that begins at a position, as letters, and the position behind it; "" where there is none."""
        if self.tokens[at].kind != "_":
            return "", at
        at += 1
        first = self.tokens[at]
        if first.kind != "{":
            return (first.name, at + 1) if first.kind in ("name", "number", "upright", "text", "pi") else ("", at - 1)
        parts: list[str] = []
        depth = 0
        while True:
            token = self.tokens[at]
            at += 1
            if token.kind in ("{", "}"):
                depth += 1 if token.kind == "{" else -1
                if not depth:
                    return "".join(parts), at
            elif token.kind in ("name", "number", "upright", "text", "pi"):
                parts.append(token.name)
            elif token.kind == "function":
                parts.append(token.text.removeprefix("\\"))
            elif token.kind in (",", "_", "'"):
                parts.append("_")
            elif token.kind not in ("style",):
                return "", at - 1

    def with_index(self, token: Token, stem: str) -> Tree:
        """Return a name with the subscript that follows; x_i in a sum over i is an entry of x."""
        if token.kind == "name" and not self.latex:
            # The subscript is part of a word of textbook notation: x_1.
            base, index = parts_of_word(token.text)
            if index in self.bound:
                return Tree("indexed", token.start, token.end, (base, index))
            if index and self.bound and all(c in self.bound or c.isdecimal() or c == "," for c in index):
                pair = [c.strip() for c in index.split(",")] if "," in index else list(index)
                if len(pair) == 2 and any(c in self.bound for c in pair):
                    return Tree("pair", token.start, token.end, (base, *pair))
                if any(c in self.bound for c in index):
                    raise self.several_indices(token)
            tree = Tree("name", token.start, token.end, stem)
            self.subscripted.append((index, tree))
            return tree
        if self.token.kind != "_":
            return Tree("name", token.start, self.before.end, stem)
        mark = self.token
        offset = self.offset_at(self.at)
        if offset is not None:
            index = self.tokens[self.at + 2].name
            self.at += 6
            return Tree("shifted", token.start, self.before.end, (stem, index, offset))
        index, behind = self.subscript_at(self.at)
        if not index:
            bad = self.tokens[behind] if behind > self.at else self.tokens[self.at + 1]
            found = "has no end" if bad.kind == "end" else f"is not read with '{bad.text[:40]}' in it"
            place = mark if bad.kind == "end" else bad
            raise self.error(f"the subscript {found}", place, "subscripts are letters and digits")
        digits = self.tokens[self.at + 1]
        if digits.kind == "number" and len(digits.text) > 1 and self.latex:
            one, rest = digits.text[0], digits.text[1:]
            raise self.readings(
                token.start,
                digits.end,
                f"{stem}_{{{digits.text}}}",
                f"{stem}_{{{one}}}*{rest}",
                f"write _{{{digits.text}}}",
            )
        inside = self.tokens[self.at : behind]
        self.at = behind
        if index not in self.bound and any(t.kind == "name" and t.name in self.bound for t in inside):
            pair = [t.name for t in inside[1:] if t.kind in ("name", "number")]
            if len(pair) != 2 or any(t.kind not in ("{", "}", ",", "name", "number") for t in inside[1:]):
                raise self.several_indices(token)
            return Tree("pair", token.start, self.before.end, (stem, *pair))
        if index in self.bound:
            return Tree("indexed", token.start, self.before.end, (stem, index))
        name = with_subscript(stem, index, self.known)
        tree = Tree("name", token.start, self.before.end, name)
        self.subscripted.append((index, tree))
        return tree

    def offset_at(self, at: int) -> int | None:
        """Return the number in a subscript i+1 or i-1, where i is the index of a sum; None for another subscript."""
        inside = self.tokens[at : at + 6]
        if [t.kind if t.kind != "-" else "+" for t in inside] != ["_", "{", "name", "+", "number", "}"]:
            return None
        if inside[2].name not in self.bound or not inside[4].text.isdecimal():
            return None
        return int(inside[4].text) * (-1 if inside[3].kind == "-" else 1)

    def several_indices(self, token: Token) -> CalculusError:
        place = Token("name", token.text, token.start, self.before.end)
        return self.error(
            "a subscript with an index and more is not read",
            place,
            "write the sum with products of matrices, or its terms",
        )

    # -- brackets -------------------------------------------------------------------------------------------------

    def brackets(self) -> Steps:
        """Read (a), or the vector (a, b)."""
        token = self.token
        tree = yield self.arguments()
        parts = tree.parts
        if token.text.endswith("langle"):
            shown = [self.slice(p) for p in parts]
            first = rf"{shown[0]}^{{\top}} {shown[1]}" if len(parts) == 2 else f"a mean of {shown[0]}"
            raise self.readings(tree.start, tree.end, first, f"({', '.join(shown)})", "write that")
        if len(parts) > 1:
            return Tree("vector", tree.start, tree.end, None, parts, bracketed=True)
        inner: Tree = parts[0]
        inner.bracketed = True
        # A group of LaTeX cannot be seen; its index belongs to the letter in it.
        if token.kind == "{" and inner.kind == "name" and self.token.kind == "_":
            place = Token("name", self.text[tree.start : tree.end], tree.start, tree.end, str(inner.value))
            self.tokens[self.at - 1] = Token("name", "\\" + place.text, place.start, place.end, place.name)
            return self.with_index(self.tokens[self.at - 1], place.name)
        inner.start, inner.end = tree.start, tree.end
        return inner

    def arguments(self, *, given: bool = False) -> Steps:
        r"""Read what is in brackets: a list with commas.

        Args:
            given: Whether the first comma is a \\mid.
        """
        if self.token.kind not in CLOSES:
            raise self.unexpected("expected '('")
        token = self.take()
        self.enter(token)
        parts: list[Tree] = []
        closing = CLOSES[token.kind]
        while True:
            parts.append((yield self.logic()))
            if self.token.kind == "," or (given and self.token.kind == "given" and len(parts) == 1):
                self.at += 1
                continue
            break
        if self.token.kind != closing or (
            self.latex and (token.text[:5] == "\\left") != (self.token.text[:6] == "\\right")
        ):
            if self.token.kind == "end":
                raise self.error(f"'{token.text}' is not closed", token, f"add '{self.closing(token)}' before the end")
            raise self.unexpected(f"expected an operator or '{self.closing(token)}' for '{token.text}'")
        self.leave()
        self.at += 1
        return Tree("vector", token.start, self.before.end, None, tuple(parts))

    def closing(self, token: Token) -> str:
        return ("\\right" if token.text.startswith("\\left") else "") + CLOSES[token.kind]

    def bars(self) -> Steps:
        r"""Read |x|, a norm, or a value rounded down or up."""
        token = self.take()
        kind = token.name if token.kind == "open" else {"|": "bars", "‖": "norm"}[token.kind]
        self.enter(token)
        inner = yield self.logic()
        closes = self.token.kind == ("close" if token.kind == "open" else token.kind)
        if not closes or (token.kind == "open" and self.token.name != kind):
            if self.token.kind == "end":
                raise self.error(f"'{token.text}' is not closed", token, "close it with the bracket of its kind")
            raise self.unexpected(f"expected an operator or what closes '{token.text}'")
        if token.kind == "|" and inner.kind == "call" and self.before.kind == "|" and inner.start == token.end:
            raise self.readings(
                token.start,
                self.token.end,
                "abs(abs(...))",
                "the norm of ...",
                r"write \lVert and \rVert" if self.latex else "write ‖x‖ or abs(x)",
            )
        self.leave()
        self.at += 1
        if kind == "norm":
            if self.token.kind == "_":
                index, behind = self.subscript_at(self.at)
                infinite = [t.kind for t in self.tokens[self.at + 1 : self.at + 4]]
                if infinite[:1] == ["infinity"] or infinite == ["{", "infinity", "}"]:
                    index, behind = "infinity", self.at + (2 if infinite[0] == "infinity" else 4)
                if index not in ("1", "2", "F", "infinity"):
                    hint = r"write _1, _2, _\infty or _F, or the sum itself"
                    raise self.error("the norm is not read", self.token, hint)
                self.at = behind
                norm = "2" if index == "F" else index
                return Tree("norm", token.start, self.before.end, norm, (inner,), bracketed=True)
            return Tree("norm", token.start, self.before.end, "2", (inner,), bracketed=True)
        if kind == "bars" and inner.kind == "matrix":
            return Tree("call", token.start, self.before.end, "det", (inner,), bracketed=True)
        name = {"bars": "abs", "floor": "floor", "ceiling": "ceiling"}[kind]
        return Tree("call", token.start, self.before.end, name, (inner,), bracketed=True)

    def argument(self, what: str) -> Steps:
        """Read the argument of a command: a group in braces, or one digit, letter or command."""
        token = self.token
        if token.kind == "number" and len(token.text) > 1 and self.latex:
            place = token.start + 1
            self.tokens[self.at : self.at + 1] = [
                Token("number", token.text[0], token.start, place), Token("number", token.text[1:], place, token.end)
            ]  # fmt: skip
            self.at += 1
            return Tree("number", token.start, place, float(token.text[0])) if token.text[0] != "." else self.bad(token)
        if token.kind in ("end", "}", ")", "]", "+", "-", "*", "/", "^", "_", "=", ","):
            raise self.unexpected(f"expected {what}", "write it in braces")
        if token.kind == "name":
            # One letter, without what follows it.
            self.at += 1
            euler = token.name == "e" and "e" not in self.known
            return Tree("euler" if euler else "name", token.start, token.end, token.name)
        return (yield self.primary())

    def bad(self, token: Token) -> Tree:
        raise self.error("a number begins with a point here", token, "write it in braces")
