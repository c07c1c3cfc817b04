"""The part of the parser that reads functions, conditions, loops and assignments."""

from collections.abc import Sequence

from secantd.language.assignments import Assignments
from secantd.language.grammar import (
    ALTERNATIVE,
    COMPREHENSION,
    KEYWORDS,
    LOWEST,
    PIPE,
    PREFIX,
    REST,
    TERNARY,
    Entry,
)
from secantd.language.instructions import Arguments, Instruction, Instructions, Parameter
from secantd.language.reader import OPERAND
from secantd.language.tokens import Token

__all__ = ["Constructs"]


class Constructs(Assignments):
    """The parser's methods for constructs that have a body or assign a name."""

    def finish(self, top: Entry) -> None:
        """Emit the instructions of one entry that has all its operands."""
        raise AssertionError("Parser overrides it")

    def has_colon(self) -> bool:
        """Return whether the line is the header of a statement of Python."""
        raise AssertionError("Statements overrides it")

    def header(self, kind: str, token: Token, names: Sequence[str] = ()) -> None:
        """Begin the header of a statement of Python."""
        raise AssertionError("Statements overrides it")

    def finish_definition(self, top: Entry) -> None:
        """Assign a function of Python's `def` to its name."""
        raise AssertionError("Definitions overrides it")

    def begin_definition(self) -> None:
        """Begin the body of Python's `def`."""
        raise AssertionError("Definitions overrides it")

    def rest(self) -> Parameter:
        """Read the name behind the stars of a parameter."""
        raise AssertionError("Definitions overrides it")

    def behind(self, opening: int) -> int:
        """Return the position behind the bracket that closes one; 0 where none does."""
        raise AssertionError("Statements overrides it")

    def else_of_python(self, token: Token) -> bool:
        """Begin the body of Python's `else:` or `elif c:`; return whether this is one."""
        raise AssertionError("Statements overrides it")

    def is_lambda(self) -> bool:
        """Whether `x:`, `x,` or `x=` follows; elsewhere `lambda` is an ordinary name."""
        first, second = self.tokens[self.at], self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if self.python and first.kind == ":":
            return True
        return first.kind == "name" and first.text not in KEYWORDS and second.kind in (":", ",", "=")

    def keyword(self, token: Token) -> bool:
        """Read `if (`, `for (name in`, `while (`, `function(`, `next` or `not`; return whether an operand is complete."""
        text = token.text
        if text in ("next", "break"):
            self.emit("leave", text, token)
            return True
        if text == "not":
            self.entries.append(Entry("prefix", token, PREFIX["not"][0], name="!"))
        elif text == "if" and self.has_colon():
            self.header("then", token)
        elif text == "if":
            hint = "write if (condition) a else b, or a if condition else b"
            self.entries.append(Entry("condition", self.expect("(", "after 'if'", hint)))
        elif text == "function":
            self.function(token)
        elif text == "for" and self.tokens[self.at].kind == "name":
            names = [self.expect("name", "after 'for'").name]
            while self.tokens[self.at].kind == ",":
                self.at += 1
                names.append(self.expect("name", "after ','").name)
            if self.tokens[self.at].text != "in":
                raise self.unexpected("expected 'in'", self.tokens[self.at], "write for i in range(10): ...")
            self.at += 1
            self.header("loop", token, names)
        elif text == "for":
            opened = self.expect("(", "after 'for'", "write for (i in 1:10) ...")
            name = self.expect("name", "after 'for ('").name
            if self.tokens[self.at].text != "in":
                raise self.unexpected("expected 'in'", self.tokens[self.at], "write for (i in 1:10) ...")
            self.at += 1
            self.entries.append(Entry("header", opened, name=name))
        elif text == "while":
            self.condition_of_loop(token)
        elif text == "repeat":
            entry = Entry("while", token)
            entry.condition = Instructions([Instruction("number", 1.0, token.start, token.end)])
            self.entries.append(entry)
            self.begin_body()
        else:
            hint = "an 'else' needs an 'if' before it" if text == "else" else ""
            raise self.unexpected(OPERAND, token, hint)
        return False

    def condition_of_loop(self, token: Token) -> None:
        """Begin the condition of `while (c) ...` or `while c:`; it is code of its own, which runs before each turn."""
        python = self.has_colon()
        if python:
            self.header("while", token)
            self.entries[-1].start = len(self.instructions)
            return
        opened = self.expect("(", "after 'while'", "write while (condition) ...")
        entry = Entry("condition of a loop", opened)
        entry.start = len(self.instructions)
        self.entries.append(entry)

    def function(self, token: Token) -> None:
        r"""Read `function(x, y = default)` or `\(x)` up to its body or to the first default."""
        hint = (
            "LaTeX is an output notation only: write a/b, sqrt(x), x^2"
            if token.text == "\\"
            else "write function(x) x^2"
        )
        opened = self.expect("(", f"after '{token.text}'", hint)
        self.entries.append(Entry("function", Token("function", "(", opened.start, opened.end), pending=")"))
        self.skip_newlines()
        if self.tokens[self.at].kind == ")":
            self.at += 1
            self.begin_body()
        else:
            self.parameter()

    def parameter(self) -> None:
        """Read parameters up to the body or to the first default; a default is read as an operand."""
        entry = self.entries[-1]
        while True:
            self.skip_newlines()
            token = self.tokens[self.at]
            if self.python and token.kind in ("*", "**", "/"):
                # *args, **kwargs, and the marks of arguments that are positional or named only
                self.at += 1
                found = self.rest() if self.tokens[self.at].kind == "name" else None
                if found is not None and not any(p.name == found.name for p in entry.parameters):
                    entry.parameters.append(found)
                following = self.tokens[self.at]
                self.at += 1
                if following.kind != ",":
                    self.end_parameters(following)
                    return
                continue
            token = self.expect("name", "of a parameter", "write function(x, y = 1) x + y")
            name = REST if token.text == "..." else token.name
            if any(p.name == name for p in entry.parameters):
                raise self.error(f"the parameter '{name}' appears twice", token, "rename one of them")
            self.skip_newlines()
            if entry.kind == "def" and self.tokens[self.at].kind == ":":
                self.skip_annotation()
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
        if self.entries[-1].kind == "def":
            self.begin_definition()
        else:
            self.begin_body()

    def skip_annotation(self) -> None:
        """Skip the type of a parameter, which says nothing about the formula."""
        depth = 0
        while (token := self.tokens[self.at]).kind != "end" and (depth or token.kind not in (",", ")", "=")):
            depth += (token.kind in ("(", "[", "{")) - (token.kind in (")", "]", "}"))
            self.at += 1

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
        """Finish a construct: the code of its body becomes the operand of one instruction."""
        if top.kind == "augmented":
            self.finish_augmented(top)
            return
        self.close_code()
        if top.kind == "then":
            self.emit("if", (top.code, None), top.token)
        elif top.kind == "otherwise":
            self.emit("if", (self.entries.pop().code, top.code), top.token)
        elif top.kind == "loop":
            self.emit("for", (top.name, top.code), top.token)
        elif top.kind == "while":
            self.emit("while", (top.condition, top.code), top.token)
        elif top.kind == "def":
            self.finish_definition(top)
        else:
            self.emit("function", (tuple(top.parameters), top.code), top.token)

    def asks_missing(self, token: Token) -> bool:
        """Read R's missing(x), which asks for the argument and not for its value; return whether this is one."""
        name = self.tokens[self.at + 1]
        if self.python or name.kind != "name":
            return False
        self.at += 2
        self.expect(")", "after the name")
        self.emit("is_missing", name.name, token)
        return True

    def named_by_text(self, token: Token) -> bool:
        """Read the name of an argument in quotes: stopifnot("x must be positive" = x > 0)."""
        top = self.entries[-1]
        if self.tokens[self.at].kind != "=" or top.kind not in ("call", "apply") or top.name is not None:
            return False
        if not self.begins_argument():
            return False
        self.at += 1
        top.name = token.content
        return True

    def begins_argument(self) -> bool:
        return self.before().kind in ("(", ",")

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
        if not self.else_of_python(token):
            self.begin_body()

    def open(self, kind: str, token: Token) -> None:
        """Push an open bracket."""
        entry = Entry(kind, token)
        entry.start = len(self.instructions)
        self.entries.append(entry)

    def quote_case(self, token: Token) -> None:
        """Read the next argument of switch(): its name, and its value as a function without parameters."""
        self.skip_newlines()
        first, following = self.tokens[self.at], self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if first.kind in ("name", "string", "number") and following.kind == "=":
            self.at += 2
            self.entries[-1].name = first.content if first.kind == "string" else first.name
        self.skip_newlines()
        if self.tokens[self.at].kind in (",", ")"):
            # "a" =, is the case that follows.
            self.emit("missing", None, token)
            self.empty_case = True
        else:
            self.quote_argument(token)

    def quote_argument(self, token: Token) -> None:
        """Read the next argument of a call as a function without parameters."""
        self.entries.append(Entry("function", token, code=self.open_code()))

    def comprehension(self, token: Token) -> None:
        """Read `for x in` behind the element of a comprehension: [f(x) for x in v], sum(f(x) for x in v)."""
        self.reduce(LOWEST)
        top = self.entries[-1]
        if top.kind not in ("call", "list", "(") or top.count or top.names or top.name is not None:
            raise self.no_operator(token)
        if top.pending:
            raise self.error("a comprehension has one 'for'", token, "write one comprehension within another")
        top.pending = "for"
        entry = Entry("comprehension", token, code=self.cut(top.start))
        bracketed = self.tokens[self.at].kind == "("
        self.at += bracketed
        while True:
            entry.parameters.append(Parameter(self.expect("name", "after 'for'", "write for x in v").name, None))
            if self.tokens[self.at].kind != ",":
                break
            self.at += 1
        if bracketed:
            self.expect(")", "after the names")
        if self.tokens[self.at].text != "in":
            raise self.unexpected("expected 'in'", self.tokens[self.at], "write for x in v")
        self.at += 1
        self.entries.append(entry)

    def cut(self, start: int) -> Instructions:
        """Return the instructions from a position as code of their own."""
        code = Instructions(self.instructions[start:])
        del self.instructions[start:]
        return code

    def finish_comprehension(self, top: Entry) -> None:
        """Call the function of the elements for each entry of the vector, and the condition behind 'if'."""
        parameters = tuple(top.parameters)
        condition = self.cut(top.start) if top.pending else None
        for code in (top.code, condition):
            if code is not None:
                self.emit("function", (parameters, code), top.token)
        self.emit("call", (COMPREHENSION, Arguments((None,) * (3 if top.pending else 2))), top.token)

    def apply(self, token: Token) -> bool:
        if self.tokens[self.at - 2].kind == "number":
            raise self.no_operator(token)
        self.entries.append(Entry("apply", token))
        return False

    def pipe(self, token: Token) -> None:
        self.reduce(PIPE)
        opened = self.tokens[self.at]
        following = self.tokens[self.behind(self.at)] if opened.kind == "(" and self.behind(self.at) else None
        if following is not None and following.kind == "(":
            # x |> (\\(v) v^2)(): the value waits below the function.
            self.at += 1
            self.entries.append(Entry("(", opened, pending="|>"))
            return
        name = self.expect("name", "after '|>'", "pipe into a named function: x |> sqrt()")
        opened = self.expect("(", f"after '{name.text}'", f"write {name.text}()")
        entry = Entry("call", Token("call", name.name, name.start, opened.end))
        entry.names.append(None)
        self.entries.append(entry)
