"""The part of the parser that reads statements which only Python has: def, import, raise, assert, tuples, annotations.

Statements that compute nothing (pass, a decorator, the message of an assert) are read and left out.
"""

from typing import Final

from secantd.language.grammar import ASSIGN, COMMA, COMPARISON, REST, Entry
from secantd.language.instructions import Arguments, Instruction, Parameter
from secantd.language.statements import OPEN, Statements
from secantd.language.tokens import Token

__all__ = ["ENDS", "STATEMENTS", "WHOLE", "Definitions"]

# Words that begin a statement of Python.
STATEMENTS: Final = frozenset(
    {
        "def", "import", "from", "pass", "continue", "raise", "assert", "global", "nonlocal", "del", "try", "class", "async",
        "yield",
    }
)  # fmt: skip
# Those that are a whole statement when they have been read.
WHOLE: Final = frozenset({"import", "from", "pass", "continue", "raise"})
REFUSED: Final = {
    "global": "return the value instead", "nonlocal": "return the value instead", "del": "leave it out",
    "try": "leave out what is tried, and keep the formula", "class": "write functions: def f(x): ...",
    "async": "leave it out", "yield": "return one value",
}  # fmt: skip
ENDS: Final = frozenset({"newline", ";", "end"})


class Definitions(Statements):
    """The parser's methods for statements of Python, and for operators that are words."""

    def begins_statement(self) -> bool:
        """Return whether the token just read begins a statement of Python."""
        return self.python and self.entries[-1].kind in ("top", "{", "lines")

    def statement(self, token: Token) -> bool:
        """Read a statement, or its beginning, behind its first word; return False where the word is a name."""
        text, following = token.text, self.tokens[self.at]
        if following.kind not in ("name", "string", "newline", ";", "end", "(", ":"):
            return False
        if text in REFUSED:
            if following.kind != "name" and text not in ("try", "yield"):
                return False
            raise self.error(f"'{text}' is not part of the language", token, REFUSED[text])
        if text == "def":
            return self.define(token)
        if text == "import" or text == "from":
            return self.imports(token)
        if text in ("pass", "continue"):
            if following.kind not in ENDS:
                return False
            self.emit("empty" if text == "pass" else "leave", None if text == "pass" else "next", token)
            return True
        if text == "assert":
            end = self.end_of_statement(self.at, ",")
            if self.tokens[end].kind == ",":
                # The message is not part of the formula.
                del self.tokens[end : self.end_of_statement(end)]
            self.entries.append(Entry("prefix", token, ASSIGN, name="assert"))
            return True
        end = self.end_of_statement(self.at)
        said = next((t.content for t in self.tokens[self.at : end] if t.kind == "string"), following.text)
        self.at = end
        self.emit("string", said, token)
        self.emit("call", ("stop", Arguments((None,))), token)
        return True

    def end_of_statement(self, at: int, *also: str) -> int:
        """Return the position where a statement ends outside of brackets, or of another kind of token."""
        while self.tokens[at].kind not in ENDS and self.tokens[at].kind not in also:
            at = (self.behind(at) or at + 1) if self.tokens[at].kind in OPEN else at + 1
        return at

    # -- functions ---------------------------------------------------------------------------------------------------

    def define(self, token: Token) -> bool:
        """Read `def f(x: float, y=1) -> float:` up to its body or to the first default."""
        name = self.expect("name", "after 'def'", "write def f(x): ...")
        self.expect("(", f"after '{name.text}'", f"write def {name.text}(x): ...")
        entry = Entry("def", token, pending=")")
        entry.names = [name.name]
        self.entries.append(entry)
        self.skip_newlines()
        if self.tokens[self.at].kind == ")":
            self.at += 1
            self.begin_definition()
        else:
            self.parameter()
        return True

    def begin_definition(self) -> None:
        """Begin the body of a `def` behind its parameters."""
        # The annotation of the value says nothing about the formula.
        at = self.at
        if self.tokens[at].kind == "->":
            at = self.end_of_statement(at, ":")
        self.at = at
        self.begin_lines(self.expect(":", "behind the parameters", "write def f(x): ..."))

    def finish_definition(self, top: Entry) -> None:
        """Assign a function to its name. Its value is that of `return`; without one it has none."""
        assert top.code is not None
        last = top.code.instructions[-1:]
        if last and last[0].op != "return":
            place = (last[0].start, last[0].end)
            top.code.instructions += [Instruction("pop", None, *place), Instruction("empty", None, *place)]
        self.emit("function", (tuple(top.parameters), top.code), top.token)
        self.emit("store", top.names[0] or "", top.token)

    def annotation(self, token: Token) -> bool:
        """Read the annotation in `x: float = 1`; return whether this is one."""
        last = self.instructions[-1] if self.instructions else None
        if self.entries[-1].kind not in ("top", "lines") or last is None or last.op != "load":
            return False
        end = self.end_of_statement(self.at, "=")
        if self.tokens[end].kind == "=":
            self.at = end + 1
            # The operand before the sign is the name, as in an assignment without annotation.
            self.instructions.pop()
            self.entries.append(Entry("assign", self.tokens[end], ASSIGN, name=last.operand))
        else:
            self.at = end
            self.instructions[-1] = Instruction("empty", None, token.start, token.end)
        return True

    def walrus(self, token: Token) -> bool:
        """Read `y := x**2` within brackets; return whether this is one."""
        equals = self.tokens[self.at]
        if equals.kind != "=" or equals.start != token.end:
            return False
        self.reduce(ASSIGN + 1)
        last = self.instructions[-1]
        if last.op != "load" or self.tokens[self.at - 2].kind != "name":
            raise self.error("':=' assigns to a name only", token, "write y := ...")
        self.at += 1
        self.instructions.pop()
        self.entries.append(Entry("assign", equals, ASSIGN, name=last.operand))
        return True

    # -- imports -----------------------------------------------------------------------------------------------------

    def imports(self, token: Token) -> bool:
        """Read `import numpy as np` or `from math import sin, pi as p`: they say what names mean."""
        if self.tokens[self.at].kind != "name":
            return False
        package = self.expect("name", f"after '{token.text}'").text
        found: list[tuple[str, str]] = []
        if token.text == "from":
            if self.tokens[self.at].text != "import":
                raise self.unexpected("expected 'import'", self.tokens[self.at], "write from math import sin")
            self.at += 1
            bracketed = self.tokens[self.at].kind == "("
            self.at += bracketed
            if self.tokens[self.at].kind == "*":
                self.at += 1
                self.emit("import", ((package, "*"),), token)
                return True
            while True:
                if bracketed:
                    self.skip_newlines()
                name = self.expect("name", "after 'import'").name
                found.append((f"{package}.{name}", self.alias(name)))
                if self.tokens[self.at].kind != ",":
                    break
                self.at += 1
            if bracketed:
                self.skip_newlines()
                self.expect(")", "after the names")
            for full, name in found:
                # from jax import numpy as jnp
                self.aliases[name] = full
            self.emit("import", tuple(found), token)
            return True
        while True:
            name = self.alias("")
            if name:
                self.aliases[name] = package
            if self.tokens[self.at].kind != ",":
                break
            self.at += 1
            package = self.expect("name", "after ','").text
        self.emit("empty", None, token)
        return True

    def alias(self, name: str) -> str:
        """Return the name behind `as`, or a name that is kept."""
        if self.tokens[self.at].text != "as":
            return name
        self.at += 1
        return self.expect("name", "after 'as'").name

    def renamed(self, token: Token) -> Token:
        """Return a name such as jnp.sin with the package that an import gave another name."""
        head, dot, rest = token.text.partition(".")
        package = self.aliases.get(head)
        if package is None:
            return token
        return Token("name", f"{package}{dot}{rest}", token.start, token.end)

    # -- tuples ------------------------------------------------------------------------------------------------------

    def targets(self, token: Token) -> bool:
        """Read the names of `a, b = ...` or `(a, b) = ...`, of which `token` is the first; return whether this is one."""
        at = self.at - 1
        bracket = token.kind in ("(", "[")
        at += bracket
        names: list[str | None] = []
        while self.tokens[at].kind == "name" and "." not in self.tokens[at].text:
            names.append(self.tokens[at].name)
            at += 1
            if self.tokens[at].kind != ",":
                break
            at += 1
        if bracket:
            if self.tokens[at].kind != {"(": ")", "[": "]"}[token.kind]:
                return False
            at += 1
        if not names or self.tokens[at].kind != "=" or (len(names) == 1 and not bracket):
            return False
        entry = Entry("unpack", token, ASSIGN)
        entry.names = names
        self.entries.append(entry)
        self.at = at + 1
        return True

    def comma_of_statement(self, token: Token) -> bool:
        """Read a comma outside of brackets, which makes a tuple: return x, y."""
        if not self.python or self.enclosing().kind not in ("top", "lines"):
            return False
        while self.entries[-1].power < COMMA and self.entries[-1].kind == "function":
            self.finish(self.entries.pop())
        self.reduce(COMMA)
        top = self.entries[-1]
        if top.kind != "tuple of values":
            top = Entry("tuple of values", token, COMMA, count=1)
            self.entries.append(top)
        top.count += 1
        return True

    # -- operators that are words --------------------------------------------------------------------------------------

    def membership(self, token: Token) -> bool:
        """Read `in`, `not in`, `is` or `is not` between operands; return whether this is one of them."""
        name = {"in": "%in%", "is": "is"}.get(token.text, "")
        following = self.tokens[self.at]
        if token.text == "not":
            if following.text != "in":
                return False
            name = "not in"
            self.at += 1
        elif token.text == "is" and following.text == "not":
            name = "is not"
            self.at += 1
        if any(e.kind == "comprehension" and not e.pending for e in self.entries[-1:]):
            return False
        self.compare(token, name)
        return True

    def compare(self, token: Token, name: str) -> None:
        """Read a comparison; several in a row are joined as in Python: 0 < x < 1."""
        self.reduce(COMPARISON)
        top = self.entries[-1]
        if top.kind != "comparison":
            top = Entry("comparison", token, COMPARISON)
            self.entries.append(top)
        elif self.in_r:
            raise self.error("comparisons cannot be chained", token, "write 0 < x & x < 1")
        top.names.append(name)

    # -- dictionaries ------------------------------------------------------------------------------------------------

    def key(self, token: Token) -> bool:
        """Read the key of an entry of {"a": x}, of which `token` is a string; return whether this is one."""
        top = self.entries[-1]
        if top.kind != "dict" or top.name is not None or self.tokens[self.at].kind != ":":
            return False
        self.at += 1
        top.name = token.content
        return True

    def begins_dictionary(self) -> bool:
        """Return whether a brace that was just read begins a dictionary of Python."""
        at = self.at
        while self.tokens[at].kind == "newline":
            at += 1
        first = self.tokens[at]
        return self.python and (first.kind == "}" or (first.kind == "string" and self.tokens[at + 1].kind == ":"))

    def rest(self) -> Parameter:
        """Read the name behind the stars of *args or **kwargs; the arguments that remain are known as `...`."""
        if self.tokens[self.at].kind == "name":
            self.at += 1
        return Parameter(REST, None)

    def finish_unpack(self, top: Entry) -> None:
        self.emit("unpack", tuple(top.names), top.token)

    def finish_assertion(self, token: Token) -> None:
        self.emit("call", ("stopifnot", Arguments((None,))), token)
