"""The operands of textbook notation: numerals, names, brackets, functions with and without brackets."""

from collections.abc import Sequence
from typing import Final

from secantd.functions import NAMES
from secantd.language.reader import OPERAND
from secantd.language.textbook.base import Steps
from secantd.language.textbook.printed import Printed
from secantd.language.textbook.trees import Tree
from secantd.language.textbook.words import (
    FUSED,
    INVERSES,
    LETTERS_OF_FUNCTIONS,
    WORDS,
)
from secantd.language.tokens import Token

__all__ = ["Operands"]

# Operands of a function without brackets, which more letters may follow: sin 2x.
SIMPLE: Final = frozenset({"number", "name", "pi", "indexed", "shifted"})
# Operands in a bracket behind a letter that suggest a call of a function: f(x), f(2), f(a, b).
AMBIGUOUS: Final = frozenset(
    {"name", "number", "indexed", "shifted", "pi", "vector", "euler", "unknown", "derivative", "neg"}
)
PLACES: Final = frozenset("argmin argmax arginf argsup sup inf plim lim liminf limsup esssup".split())
LETTERS: Final = frozenset({"name", "pi", "upright", "style", "accent"})


class Operands(Printed):
    """The parser's methods for what stands between operators."""

    def primary(self) -> Steps:
        token = self.token
        kind = token.kind
        if kind == "number":
            return self.number(self.take())
        if kind == "name" or kind in ("upright", "text", "style", "accent"):
            return (yield self.named())
        if kind == "pi":
            self.at += 1
            return Tree("name" if "pi" in self.known else "pi", token.start, token.end, "pi")
        if kind == "function":
            return (yield self.application())
        if kind in ("(", "[") or (kind == "{" and self.latex):
            return (yield self.brackets())
        if kind in ("open", "|", "‖"):
            return (yield self.bars())
        if kind == "infinity":
            self.at += 1
            return Tree("number", token.start, token.end, float("inf"))
        if kind == "fraction":
            self.at += 1
            above, below = token.name.split("/")
            parts = [Tree("number", token.start, token.end, float(n)) for n in (above, below or "1")]
            return Tree("div", token.start, token.end, None, tuple(parts), bracketed=True)
        if kind in ("frac", "binom"):
            return (yield self.fraction())
        if kind == "sqrt":
            return (yield self.root())
        if kind == "total":
            return (yield self.total())
        if kind == "begin":
            return (yield self.environment())
        if kind in ("partial", "nabla"):
            return (yield self.derivative())
        hints = {
            "dots": r"write all terms, or a sum: \sum_{k=0}^{n}", "arrow": "write one formula", "=": "write one side of it",
            "&": "write one formula", "newline": "write the formula on one line",
        }  # fmt: skip
        raise self.unexpected(OPERAND, hints.get(kind, ""))

    def number(self, token: Token) -> Tree:
        following, after = self.token, self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if self.latex and following.text in ("e", "E") and following.start == token.end:
            digits = after if after.kind == "number" else self.tokens[min(self.at + 2, len(self.tokens) - 1)]
            if digits.kind == "number" and after.kind in ("number", "-", "+") and after.start == following.end:
                sign = "" if after is digits else after.text
                raise self.readings(
                    token.start, digits.end, f"{token.text}*10^({sign}{digits.text})",
                    f"{token.text}*{following.text} {sign or '*'} {digits.text}", r"write 2 \cdot 10^{-3} for a power of 10",
                )  # fmt: skip
        value = float(token.text)
        if value == float("inf"):
            raise self.error(
                f"a number of {len(token.text):,} digits is too large for a double", token, "write \u221e for infinity"
            )
        return Tree("number", token.start, token.end, value)

    # -- names ----------------------------------------------------------------------------------------------------

    def named(self) -> Steps:
        """Read a name with its subscript, and what a bracket behind it makes of it."""
        token, stem = self.token, self.stem()
        plain = token.kind == "name"
        if plain and stem == "e" and "e" not in self.known and self.token.kind != "_":
            return Tree("euler", token.start, self.before.end)
        if not plain and stem in ("e", "NaN") and stem not in self.known:
            if stem == "NaN":
                return Tree("number", token.start, token.end, float("nan"))
            return Tree("euler", token.start, self.before.end)
        if token.kind == "style" and token.name == "mathbb" and self.token.kind in ("[", "(", "{"):
            raise self.error(f"'{self.slice_of(token)}' is not read", token, "write the sum or the function itself")
        if self.is_word(token) and stem in PLACES and stem not in self.known:
            raise self.error(f"'{stem}' is not a value of a formula", token, "write the function, and use Descend")
        head = self.printed_head(token, stem)
        if head is not None:
            return (yield head)
        tree = self.with_index(token, stem)
        name = str(tree.value)
        if self.token.kind == "'":
            while self.token.kind == "'":
                self.at += 1
            inside: tuple[Tree, ...] = ()
            if self.token.kind == "(":
                inside = (yield self.arguments()).parts
            return Tree("derivative", token.start, self.before.end, name, inside)
        if self.token.kind in ("(", "[") and tree.kind == "name":
            if name in self.functions:
                arguments = yield self.arguments()
                return Tree("call", token.start, self.before.end, name, arguments.parts)
            if self.is_word(token) and not self.is_variable(name):
                arguments = yield self.arguments()
                called = WORDS.get(stem, stem)
                return Tree("call", token.start, self.before.end, called, arguments.parts)
            if not self.is_variable(name):
                return (yield self.perhaps_called(token, tree))
        elif self.is_word(token) and stem not in self.known and (stem in WORDS or self.powered_call()):
            self.tokens[self.at - 1] = Token(
                "function", token.text, token.start, self.before.end, WORDS.get(stem, stem)
            )
            self.at -= 1
            return (yield self.application())
        return tree

    def slice_of(self, token: Token) -> str:
        return self.text[token.start : self.before.end][:40]

    def is_word(self, token: Token) -> bool:
        r"""Return whether a name is that of a function: \operatorname{sgn}."""
        return token.text.startswith((r"\operatorname", r"\mathop")) or (
            token.kind == "upright" and token.name in WORDS
        )

    def powered_call(self) -> bool:
        r"""Return whether a power and a bracket follow: \operatorname{expit}^{2}(x)."""
        if self.token.kind != "^":
            return False
        last = self.group_end(self.at + 1)
        return self.tokens[last].kind != "end" and self.tokens[last + 1].kind == "("

    def perhaps_called(self, token: Token, tree: Tree) -> Steps:
        """Read a letter before a bracket, which nothing tells whether it is a factor or a function."""
        name = str(tree.value)
        inside = yield self.brackets()
        if inside.kind == "vector" and name in NAMES and not self.latex:
            return Tree("call", token.start, self.before.end, name, inside.parts)
        single = inside.kind in AMBIGUOUS
        if name in LETTERS_OF_FUNCTIONS or single or token.kind != "name":
            parts = inside.parts if inside.kind == "vector" else (inside,)
            return Tree("unknown", token.start, self.before.end, name, parts)
        self.notices[f"'{self.text[token.start : self.before.end][:60]}' is read as a product"] = None
        self.stash = inside
        return tree

    # -- functions ------------------------------------------------------------------------------------------------

    def application(self) -> Steps:
        """Read a function, its base or power, and its arguments, with or without brackets."""
        token = self.take()
        name = token.name
        if name in ("max", "min") and self.token.kind == "_":
            self.at -= 1
            return (yield self.total())
        base: Tree | None = None
        power: Tree | None = None
        while self.token.kind in ("_", "^", "raised"):
            mark = self.take()
            if mark.kind == "_":
                if name != "log" or base is not None:
                    raise self.error(f"'{token.text}' has no subscript", mark, "write the variable without it")
                base = yield self.argument("the base")
            elif power is not None:
                raise self.error("two exponents follow each other", mark, "write one")
            else:
                power = self.superscript(mark) if mark.kind == "raised" else (yield self.exponent())
        if power is not None and power.kind == "neg":
            one = power.parts[0].kind == "number" and power.parts[0].value == 1.0
            inverse = INVERSES.get(name) if one else None
            if inverse is None:
                other = f"1/{token.text}(...)" if one else f"1/{token.text}(...)^{self.slice(power.parts[0])}"
                raise self.readings(
                    token.start, power.end, "the inverse function", other, "write the function, or the quotient"
                )
            name, power = inverse, None
        if self.token.kind in ("(", "[", "{") and not (self.token.kind == "{" and not self.latex):
            arguments = (yield self.arguments()).parts
            bare = False
        else:
            arguments = ((yield self.bare(token)),)
            bare = True
        tree = self.called(token, name, arguments, base)
        if name == "log" and base is None and token.text.lstrip("\\") == "log":
            self.notices["'log' is read as the natural logarithm; write log_10 for that to the base 10"] = None
        if power is not None:
            tree = Tree("pow", token.start, tree.end, None, (tree, power))
            bare = True
        tree.bracketed = bare
        return tree

    def called(self, token: Token, name: str, arguments: Sequence[Tree], base: Tree | None) -> Tree:
        start, end = token.start, self.before.end
        if base is not None:
            bases = {2.0: "log2", 10.0: "log10"}
            own = bases.get(base.value) if base.kind == "number" and isinstance(base.value, float) else None
            if own:
                return Tree("call", start, end, own, tuple(arguments))
            return Tree("call", start, end, "log", (*arguments, base))
        if name in ("max", "min"):
            two = len(arguments) == 2
            return Tree("call", start, end, f"p{name}" if two else name, tuple(arguments))
        inner = arguments[0]
        fused = FUSED.get((name, str(inner.value))) if inner.kind == "call" and len(arguments) == 1 else None
        if fused:
            return Tree("call", start, end, fused, inner.parts)
        if name.startswith("1/"):
            one = Tree("number", start, token.end, 1.0)
            return Tree("div", start, end, None, (one, Tree("call", start, end, name[2:], tuple(arguments))))
        return Tree("call", start, end, name, tuple(arguments))

    def bare(self, function: Token) -> Steps:
        """Read the argument of a function without brackets: sin 2x, ln |x|, exp -x."""
        if self.token.kind in ("+", "-") and function.name == "exp":
            sign = self.take()
            inner = yield self.bare(function)
            return inner if sign.kind == "+" else Tree("neg", sign.start, inner.end, None, (inner,))
        factors = [(yield self.factor())]
        while is_simple(factors[-1]) and self.token.kind in LETTERS:
            factors.append((yield self.factor()))
        tree = factors[0]
        shown = self.slice(*factors)
        if len(factors) > 1:
            tree = Tree("mul", factors[0].start, factors[-1].end, None, tuple(factors))
        letters = [f for f in factors if f.kind not in ("number", "pi")]
        word = function.text
        following = self.token
        more = following.kind in ("/", "!") or (
            self.begins_factor() and (following.kind not in ("function", "total", "binom") or self.stash is not None)
        )
        root = function.name in ("sqrt", "abs") and len(factors) > 1
        power = len(letters) > 1 and any(f.kind not in SIMPLE for f in letters)
        number = following.kind == "*" and not letters
        if more or root or power or number:
            if more or number:
                mark = following.text if following.kind in ("/", "*", "!") else "*"
                rest = "" if mark == "!" else "..."
                first, second = f"{word}({shown}){mark}{rest}", f"{word}({shown}{mark}{rest})"
            else:
                head = self.slice(factors[0])
                first = f"{word}({head})*{shown[len(head) :].strip()}"
                second = f"{word}({shown})"
            raise self.readings(
                function.start, max(factors[-1].end, following.end), first, second, "write brackets around the argument"
            )
        if following.kind == "*" or len(letters) > 1:
            behind = f" {following.text} ..." if following.kind == "*" else ""
            written = self.text[function.start : factors[-1].end][:60]
            self.notices[f"'{written}{behind}' is read as {word}({shown[:60]}){behind}"] = None
        return tree


def is_simple(tree: Tree) -> bool:
    return not tree.bracketed and (tree.kind in SIMPLE or (tree.kind == "pow" and tree.parts[0].kind in SIMPLE))
