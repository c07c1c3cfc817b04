"""Tokens to instructions: an operator-precedence parser with a stack of its own, and no recursion."""

import math

from secantd.checkpoint import EVERY, checkpoint
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.language.code import Arguments, Code
from secantd.language.constructs import Constructs
from secantd.language.grammar import ASSIGN, BINARY, BRACKETS, LOWEST, PREFIX, PRODUCT, SUM, TERNARY, WORDS, Entry
from secantd.language.notation import Notation
from secantd.language.reader import OPERAND
from secantd.language.tokens import Token
from secantd.settings import Limits

__all__ = ["parse"]

COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


def parse(text: str, notation: Notation | None = None, depth: int = Limits().depth) -> Code:
    """Return the instructions of `text`.

    Args:
        text: A formula, a function, a block.
        notation: Which, where the author says so.
        depth: How many brackets, signs and constructs may be open at once.

    Raises:
        CalculusError: SYNTAX_ERROR with the place, what was found and what was expected; LIMIT_EXCEEDED.

    >>> [i.op for i in parse("-x^2 + 2*x").instructions]
    ['load', 'number', 'operator', 'operator', 'number', 'load', 'mul', 'add']
    """
    return Parser(text, notation).run(depth)


class Parser(Constructs):
    """One text being read.

    There are two states: where an operand may begin (`operand`), and behind a complete operand
    (`operator`); both tell whether an operand is complete now.
    """

    def run(self, depth: int) -> Code:
        complete = False
        while True:
            if not self.at % EVERY:
                checkpoint()
            if len(self.entries) > depth:
                headline = "the text nests too deep to be a formula"
                raise limit_exceeded("depth", headline, depth, "name parts of it: a <- ...", "expression.text")
            if not complete:
                complete = self.operand()
            elif self.tokens[self.at].kind == "end":
                self.end()
                break
            else:
                complete = self.operator()
        return self.codes[0]

    # -- where an operand may begin ---------------------------------------------------------------------------

    def operand(self) -> bool:
        token = self.tokens[self.at]
        kind = token.kind
        self.at += 1
        if kind == "number":
            self.number(token)
            return True
        if kind == "name":
            return self.name(token)
        if kind in PREFIX:
            power, name = PREFIX[kind]
            self.entries.append(Entry("prefix", token, power, name=name))
        elif kind == "(" or kind == "{":
            self.entries.append(Entry(kind, token))
        elif kind == "[":
            self.entries.append(Entry("list", token))
        elif kind == "string":
            self.write("string", token.text[1:-1], token)
            return True
        elif kind == "\\":
            self.function(token)
        elif kind != "newline":
            return self.no_operand(token)
        return False

    def no_operand(self, token: Token) -> bool:
        """Deal with a token that begins no operand: an empty statement, block or call, or an error."""
        top = self.entries[-1]
        if token.kind == ";" and top.kind in ("top", "{"):
            return False
        if token.kind == "}" and top.kind == "{" and not top.count:
            self.entries.pop()
            self.write("empty", None, token)
            return True
        if token.kind == ")" and top.kind in ("call", "apply") and self.tokens[self.at - 2].end == top.token.end:
            self.entries.pop()
            self.finish_call(top)
            return True
        if token.kind == "end" and all(t.kind in ("newline", "end", ";") for t in self.tokens):
            raise self.error("the text is empty", token, "write a formula such as x^2")
        raise self.unexpected(OPERAND, token, self.instead(token))

    def name(self, token: Token) -> bool:
        text, following = token.text, self.tokens[self.at]
        top = self.entries[-1]
        if text in WORDS:
            self.word(token)
            return False
        if text == "lambda" and self.is_lambda():
            self.entries.append(Entry("function", token, pending=":"))
            self.parameter()
            return False
        if text == "def" and following.kind == "name":
            raise self.error("'def' is not part of the language", token, "write f = lambda x: ... on one line")
        if text == "return" and following.kind != "(":
            self.entries.append(Entry("prefix", token, ASSIGN, name="return"))
            return False
        if following.kind == "=" and top.kind in ("call", "apply") and top.name is None and self.begins_argument():
            self.at += 1
            top.name = text.strip("`")
            return False
        if following.kind == "(":
            self.at += 1
            self.entries.append(Entry("call", Token("call", text.strip("`"), token.start, following.end)))
            return False
        self.write("load", text.strip("`"), token)
        return True

    def number(self, token: Token) -> None:
        digits = token.text.rstrip("L").replace("_", "")
        following = self.tokens[self.at]
        if following.start == token.end and following.text in ("i", "j", "J"):
            hint = f"write {digits}*{following.text} for a product"
            raise self.error("complex numbers are not part of the language", following, hint)
        value = float.fromhex(digits) if digits[:2] in ("0x", "0X") else float(digits)
        if math.isinf(value):
            shown = digits if len(digits) <= 20 else f"a number of {len(digits):,} characters"
            raise CalculusError(
                Reason.LIMIT_EXCEEDED,
                f"{shown} is too large for a double (limit: 1.797693134862316e+308)",
                "write Inf for infinity",
                text=self.text,
                span=(token.start, token.end),
                field="expression.text",
                metadata={"name": "double", "limit": "1.797693134862316e+308"},
            )
        self.write("number", value, token)

    def begins_argument(self) -> bool:
        before = self.at - 2
        while self.tokens[before].kind == "newline":
            before -= 1
        return self.tokens[before].kind in ("(", ",")

    # -- behind a complete operand ------------------------------------------------------------------------------

    def operator(self) -> bool:
        token = self.tokens[self.at]
        kind = token.text if token.kind == "name" and token.text in WORDS else token.kind
        self.at += 1
        if kind in BINARY:
            if kind == ":" and self.ends_default():
                self.finish_default(token)
            else:
                self.binary(token, *BINARY[kind])
            return False
        if kind in (")", "]", "}"):
            return self.close(token)
        if kind == "," or kind == ";" or kind == "newline":
            return self.separator(token)
        if kind == "(":
            return self.apply(token)
        if kind == "[" or kind == "[[":
            self.entries.append(Entry(kind, token))
            return False
        if kind == "$":
            following = self.tokens[self.at]
            if following.kind not in ("name", "string"):
                raise self.unexpected("expected a name after '$'", following, "write theta$a or theta[1]")
            self.at += 1
            self.write("member", following.text.strip("`\"'"), following)
            return True
        if kind == "|>":
            self.pipe(token)
            return False
        if kind in ("<-", "<<-", "="):
            self.assign(token)
            return False
        if kind in ("->", "->>"):
            self.reduce(ASSIGN + 1)
            name = self.expect("name", f"after '{kind}'")
            self.write("store_outer" if kind == "->>" else "store", name.text.strip("`"), token)
            return True
        if kind == "if":
            self.reduce(TERNARY)
            self.entries.append(Entry("ternary", token, TERNARY))
            return False
        if kind == "else":
            self.otherwise(token)
            return False
        raise self.no_operator(token)

    def binary(self, token: Token, left: int, right: int, name: str) -> None:
        if name == "add" or name == "sub":
            self.reduce(SUM)
            top = self.entries[-1]
            if top.kind != "sum":
                top = Entry("sum", token, SUM, count=1)
                self.entries.append(top)
            elif top.pending:
                self.write("operator", "minus", top.token)
            top.count += 1
            top.pending, top.token = "neg" if name == "sub" else "", token
        elif name == "mul" or name == "div":
            self.reduce(PRODUCT)
            top = self.entries[-1]
            if top.kind != "product":
                top = Entry("product", token, PRODUCT, count=1)
                self.entries.append(top)
            elif top.pending:
                self.write("operator", "div", top.token)
                top.count = 1
            if name == "mul":
                top.count += 1
            elif top.count > 1:
                self.write("mul", top.count, top.token)
            top.pending, top.token = "div" if name == "div" else "", token
        elif name == "pow":
            if self.python and token.kind == "^":
                raise self.error("'^' is not a power in Python", token, "write ** for a power")
            self.reduce(left + 1)
            self.entries.append(Entry("binary", token, right, name=name))
        else:
            self.reduce(left)
            last = self.emit[-1]
            if (
                name in COMPARISONS
                and last.op == "operator"
                and last.operand in COMPARISONS
                and self.tokens[self.at - 2].kind != ")"
            ):
                raise self.error("comparisons do not chain", token, "write 0 < x & x < 1")
            self.entries.append(Entry("binary", token, right, name=name))

    def reduce(self, power: int) -> None:
        """Finish every open operator that binds at least as close as `power`."""
        while True:
            top = self.entries[-1]
            if top.power < power or top.encloses:
                return
            if top.power == power and (top.kind == "sum" or top.kind == "product"):
                return
            self.entries.pop()
            self.finish(top)

    def finish(self, top: Entry) -> None:
        kind, token = top.kind, top.token
        if kind == "sum":
            if top.pending:
                self.write("operator", "minus", token)
            self.write("add", top.count, token)
        elif kind == "product":
            if top.pending:
                self.write("operator", "div", token)
            else:
                self.write("mul", top.count, token)
        elif kind == "binary":
            self.write("operator", top.name, token)
        elif kind == "prefix":
            if top.name == "return":
                self.write("return", None, token)
            elif top.name not in ("pos", "~"):
                self.write("operator", top.name, token)
        elif kind == "assign":
            self.write({"index": "store_index", "outer": "store_outer"}.get(top.pending, "store"), top.name, token)
        elif kind == "ternary":
            raise self.error("this 'if' has no 'else'", token, "write a if condition else b")
        elif kind == "alternative":
            self.write("call", ("if_else", Arguments((None, None, None))), token)
        else:
            self.finish_construct(top)

    # -- brackets, statements, assignments ------------------------------------------------------------------

    def close(self, token: Token) -> bool:
        """Finish the innermost bracket; tell whether an operand is complete."""
        self.reduce(LOWEST)
        top = self.entries[-1]
        if top.kind == "default":
            self.finish_default(token)
            return False
        expected = BRACKETS.get(top.kind)
        if expected is None:
            opener = {")": "(", "]": "[", "}": "{"}[token.kind]
            raise self.error(f"'{token.text}' closes nothing", token, f"remove it, or open it with '{opener}'")
        if expected != token.kind:
            opened = top.token.text[-1:] if top.kind != "call" else "("
            raise self.error(
                f"'{token.text}' does not close '{opened}'",
                token,
                f"close '{opened}' with '{expected}' first",
            )
        self.entries.pop()
        if top.kind == "call" or top.kind == "apply":
            top.names.append(top.name)
            self.finish_call(top)
        elif top.kind == "list":
            self.write("call", ("c", Arguments((None,) * (top.count + 1))), top.token)
        elif top.kind == "[" or top.kind == "[[":
            if top.kind == "[[":
                self.expect("]", "to close '[['")
            self.write("index", top.count + 1, top.token)
        elif top.kind == "condition" or top.kind == "header":
            kind = "then" if top.kind == "condition" else "loop"
            self.entries.append(Entry(kind, top.token, name=top.name))
            self.begin_body()
            return False
        return True

    def separator(self, token: Token) -> bool:
        """Deal with ',' ';' and the end of a line."""
        entry = self.enclosing()
        if token.kind == "newline" and entry.kind not in ("top", "{"):
            return True
        if token.kind == "newline":
            self.skip_newlines()
            if self.tokens[self.at].text == "else" and any(e.kind == "then" for e in self.above(entry)):
                return True
        self.reduce(LOWEST)
        top = self.entries[-1]
        if token.kind == ",":
            if top.kind == "default":
                self.finish_default(token)
            elif top.kind in ("call", "apply"):
                top.names.append(top.name)
                top.name = None
            elif top.kind in ("list", "["):
                top.count += 1
            else:
                hint = "write c(a, b) for a vector" if top.kind in ("(", "top") else ""
                raise self.unexpected("expected an operator or the end", token, hint)
            return False
        if top.kind not in ("top", "{"):
            raise self.unexpected("expected an operator or a closing bracket", token)
        top.count += 1
        while self.tokens[self.at].kind in ("newline", ";"):
            self.at += 1
        if self.tokens[self.at].kind == "end" or (self.tokens[self.at].kind == "}" and top.kind == "{"):
            return True
        self.write("pop", None, token)
        return False

    def above(self, entry: Entry) -> list[Entry]:
        """Return the entries opened since `entry`."""
        found: list[Entry] = []
        for e in reversed(self.entries):
            if e is entry:
                break
            found.append(e)
        return found

    def end(self) -> None:
        token = self.tokens[self.at]
        self.reduce(LOWEST)
        top = self.entries[-1]
        if top.kind != "top":
            closer = BRACKETS.get(top.kind, ")")
            text = "(" if top.kind in ("call", "default") else top.token.text
            place = top.token
            if top.kind == "call":
                place = Token("(", "(", top.token.end - 1, top.token.end)
            raise self.error(f"'{text}' is not closed", place, f"add '{closer}' before {self.end_name(token)}")

    def end_name(self, token: Token) -> str:
        return "the end of the text" if token.kind == "end" else f"'{token.text}'"

    def finish_call(self, top: Entry) -> None:
        names = Arguments(tuple(top.names))
        if top.kind == "apply":
            self.write("apply", names, top.token)
        elif top.token.text == "return":
            if not top.names:
                self.write("empty", None, top.token)
            self.write("return", None, top.token)
        else:
            name = top.token.text
            token = Token("name", name, top.token.start, top.token.start + max(1, top.token.end - 1 - top.token.start))
            self.write("call", (name, names), token)
