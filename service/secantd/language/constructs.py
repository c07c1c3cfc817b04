"""Functions, conditions, loops and assignments: what has a body or a name."""

from secantd.language.code import Parameter
from secantd.language.grammar import ALTERNATIVE, ASSIGN, LOWEST, PIPE, PREFIX, TERNARY, WORDS, Entry
from secantd.language.reader import OPERAND
from secantd.language.slips import Slips
from secantd.language.tokens import Token

__all__ = ["Constructs"]


class Constructs(Slips):
    """The part of the parser that reads constructs."""

    def reduce(self, power: int) -> None:
        """Finish every open operator that binds at least as close as `power`."""
        raise AssertionError("the parser does")

    def finish(self, top: Entry) -> None:
        """Write the instructions of one entry that has all its operands."""
        raise AssertionError("the parser does")

    def is_lambda(self) -> bool:
        """Whether `x:`, `x,` or `x=` follows; elsewhere `lambda` is an ordinary name."""
        first, second = self.tokens[self.at], self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return first.kind == "name" and first.text not in WORDS and second.kind in (":", ",", "=")

    def word(self, token: Token) -> None:
        """Read `if (`, `for (name in`, `function(` or `not`; refuse what has no meaning in a formula."""
        text = token.text
        if text == "not":
            self.entries.append(Entry("prefix", token, PREFIX["not"][0], name="!"))
        elif text == "if":
            hint = "write if (condition) a else b, or a if condition else b"
            self.entries.append(Entry("condition", self.expect("(", "after 'if'", hint)))
        elif text == "function":
            self.function(token)
        elif text == "for":
            opened = self.expect("(", "after 'for'", "write for (i in 1:10) ...")
            name = self.expect("name", "after 'for ('").text.strip("`")
            if self.tokens[self.at].text != "in":
                raise self.unexpected("expected 'in'", self.tokens[self.at], "write for (i in 1:10) ...")
            self.at += 1
            self.entries.append(Entry("header", opened, name=name))
        elif text in ("while", "repeat", "next", "break"):
            hint = "a formula is finite: write for (i in a:b) with constant a and b"
            if text in ("next", "break"):
                hint = "write if (...) around what is to be done"
            raise self.error(f"'{text}' is not part of the language", token, hint)
        else:
            hint = "an 'else' needs an 'if' before it" if text == "else" else ""
            raise self.unexpected(OPERAND, token, hint)

    def function(self, token: Token) -> None:
        r"""Read `function(x, y = default)` or `\(x)` up to the body, or up to the first default."""
        hint = "LaTeX is written, not read: write a/b, sqrt(x), x^2" if token.text == "\\" else "write function(x) x^2"
        opened = self.expect("(", f"after '{token.text}'", hint)
        self.entries.append(Entry("function", Token("function", "(", opened.start, opened.end), pending=")"))
        self.skip_newlines()
        if self.tokens[self.at].kind == ")":
            self.at += 1
            self.begin_body()
        else:
            self.parameter()

    def parameter(self) -> None:
        """Read parameters up to the body, or up to the first default, which is an operand."""
        entry = self.entries[-1]
        while True:
            self.skip_newlines()
            token = self.expect("name", "of a parameter", "write function(x, y = 1) x + y")
            name = token.text.strip("`")
            if any(p.name == name for p in entry.parameters):
                raise self.error(f"the parameter '{name}' is there twice", token, "rename one of them")
            self.skip_newlines()
            following = self.tokens[self.at]
            self.at += 1
            if following.kind == "=":
                entry.name = name
                self.entries.append(Entry("default", following, code=self.open_code()))
                return
            entry.parameters.append(Parameter(name, None))
            if following.kind != ",":
                self.end_parameters(following)
                return

    def end_parameters(self, token: Token) -> None:
        closer = self.entries[-1].pending
        if token.kind != closer:
            raise self.unexpected(f"expected ',' or '{closer}' after a parameter", token)
        self.begin_body()

    def begin_body(self) -> None:
        self.entries[-1].code = self.open_code()
        self.skip_newlines()

    def finish_default(self, token: Token) -> None:
        default = self.entries.pop()
        self.close_code()
        owner = self.entries[-1]
        assert owner.name is not None
        owner.parameters.append(Parameter(owner.name, default.code))
        if token.kind == ",":
            self.parameter()
        else:
            self.end_parameters(token)

    def ends_default(self) -> bool:
        """Whether a ':' here ends a default of a Python lambda; in R's `a:b` it is an operator."""
        entry = self.enclosing()
        if entry.kind != "default" or self.entries[self.entries.index(entry) - 1].pending != ":":
            return False
        self.reduce(LOWEST)
        return True

    def finish_construct(self, top: Entry) -> None:
        """Finish what has a body: the body's code becomes an operand of one instruction."""
        self.close_code()
        if top.kind == "then":
            self.write("if", (top.code, None), top.token)
        elif top.kind == "otherwise":
            self.write("if", (self.entries.pop().code, top.code), top.token)
        elif top.kind == "loop":
            self.write("for", (top.name, top.code), top.token)
        else:
            self.write("function", (tuple(top.parameters), top.code), top.token)

    def assign(self, token: Token) -> None:
        self.reduce(ASSIGN + 1)
        top, last = self.entries[-1], self.emit[-1] if self.emit else None
        if token.kind == "=" and top.encloses and top.kind not in ("top", "{"):
            raise self.error("'=' cannot stand here", token, "write == to compare, <- to assign")
        before = self.tokens[self.at - 2]
        if last is not None and last.op == "load" and before.kind == "name":
            self.emit.pop()
            self.entries.append(
                Entry("assign", token, ASSIGN, name=last.operand, pending="outer" * (token.kind == "<<-"))
            )
            return
        if last is not None and last.op == "index" and last.operand == 1 and before.kind == "]":
            # Only the name of x is needed, but its value was loaded in front of the index.
            base = next((i for i in self.emit[::-1] if i.op == "load" and i.end == last.start), None)
            if base is not None:
                self.emit.pop()
                self.entries.append(Entry("assign", token, ASSIGN, name=base.operand, pending="index"))
                return
        hint = "write == to compare" if token.kind == "=" else ""
        if last is not None and last.op == "call" and before.kind == ")":
            hint = f"write {last.operand[0]} <- function(x) ..., or only the right side"
        raise self.error("only a name can be assigned to", before, hint)

    def otherwise(self, token: Token) -> None:
        """Read the 'else' of an `if (…) …` or of a Python `a if c else b`."""
        self.reduce(TERNARY + 1)
        if self.entries[-1].kind == "ternary":
            self.entries[-1] = Entry("alternative", token, ALTERNATIVE)
            return
        while self.entries[-1].kind != "then":
            top = self.entries[-1]
            if top.encloses:
                raise self.unexpected("expected an operator or the end", token, "an 'else' needs an 'if' before it")
            self.entries.pop()
            self.finish(top)
        self.close_code()
        self.entries.append(Entry("otherwise", token))
        self.begin_body()

    def apply(self, token: Token) -> bool:
        if self.tokens[self.at - 2].kind == "number":
            raise self.no_operator(token)
        self.entries.append(Entry("apply", token))
        return False

    def pipe(self, token: Token) -> None:
        self.reduce(PIPE)
        name = self.expect("name", "after '|>'", "pipe into a named function: x |> sqrt()")
        opened = self.expect("(", f"after '{name.text}'", f"write {name.text}()")
        entry = Entry("call", Token("call", name.text, name.start, opened.end))
        entry.names.append(None)
        self.entries.append(entry)
