"""The part of the parser that reads what encloses: brackets and what separates within them, statements, the end."""

from secantd.language.definitions import Definitions
from secantd.language.grammar import (
    ALONE,
    BRACKETS,
    LOWEST,
    QUOTED,
    SPREADS,
    Entry,
    method_of,
    with_attributes,
)
from secantd.language.instructions import Arguments
from secantd.language.tokens import Token

__all__ = ["Brackets"]

JOINING = ("concatenate", "hstack")


class Brackets(Definitions):
    """The parser's methods for closing brackets, separators, calls and indices that are complete, and attributes."""

    def close(self, token: Token) -> bool:
        """Finish the innermost bracket; return whether an operand is complete."""
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
        if top.kind == "(" and top.pending == "|>":
            opening = self.tokens[self.at]
            self.at += 1
            self.emit("swap", None, top.token)
            entry = Entry("apply", Token("(", "(", opening.start, opening.end))
            entry.names.append(None)
            self.entries.append(entry)
            return False
        if top.kind == "dict":
            top.names.append(top.name)
            self.emit("call", ("list", Arguments(tuple(top.names))), top.token)
        elif top.kind == "call" or top.kind == "apply":
            top.names.append(top.name)
            self.finish_call(top)
        elif top.kind in ("list", "tuple") and not top.pending:
            self.finish_list(top, top.count + 1)
        elif top.kind == "[" or top.kind == "[[":
            if top.kind == "[[":
                self.expect("]", "to close '[['")
            self.finish_index(top)
            self.emit("index", top.count + 1, top.token)
        elif top.kind == "condition of a loop":
            entry = Entry("while", top.token)
            entry.condition = self.cut(top.start)
            self.entries.append(entry)
            self.begin_body()
            return False
        elif top.kind == "condition" or top.kind == "header":
            kind = "then" if top.kind == "condition" else "loop"
            self.entries.append(Entry(kind, top.token, name=top.name))
            self.begin_body()
            return False
        return True

    def separator(self, token: Token) -> bool:
        """Handle ',', ';' and the end of a line."""
        entry = self.enclosing()
        if token.kind == "newline" and entry.kind not in ("top", "{", "lines"):
            if entry.kind == "line":
                raise self.unexpected("expected ':' at the end of the line", token)
            return True
        if token.kind == "newline":
            self.skip_newlines()
            if self.end_lines(self.tokens[self.at]):
                return True
            entry = self.enclosing()
            if self.tokens[self.at].text == "else" and any(e.kind == "then" for e in self.above(entry)):
                return True
        if token.kind == "," and self.comma_of_statement(token):
            return False
        self.reduce(LOWEST)
        top = self.entries[-1]
        if token.kind == ",":
            if top.kind == "default":
                self.finish_default(token)
            elif top.kind in ("call", "apply", "dict"):
                top.names.append(top.name)
                top.name = None
                if self.python:
                    return False
                if top.token.text == "switch" and top.kind == "call":
                    self.quote_case(token)
                    if self.empty_case:
                        self.empty_case = False
                        return True
                elif QUOTED.get(top.token.text) == len(top.names):
                    self.quote_argument(token)
            elif top.kind in ("list", "[", "tuple"):
                self.finish_index(top)
                top.count += 1
            elif top.kind == "(" and self.attributes:
                # A tuple of Python: a shape, or widths.
                top.kind = "tuple"
                top.count += 1
            else:
                hint = "write c(a, b) for a vector" if top.kind in ("(", "top") else ""
                raise self.unexpected("expected an operator or the end", token, hint)
            return False
        if top.kind not in ("top", "{", "lines"):
            raise self.unexpected("expected an operator or a closing bracket", token)
        top.count += 1
        while self.tokens[self.at].kind in ("newline", ";"):
            self.at += 1
        if self.tokens[self.at].kind == "end" or (self.tokens[self.at].kind == "}" and top.kind == "{"):
            return True
        self.emit("pop", None, token)
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
        self.end_lines(token)
        self.reduce(LOWEST)
        top = self.entries[-1]
        if top.kind == "line":
            raise self.unexpected("expected ':' at the end of the line", token)
        if top.kind != "top":
            closer = BRACKETS.get(top.kind, ")")
            text = "(" if top.kind in ("call", "default") else top.token.text
            place = top.token
            if top.kind == "call":
                place = Token("(", "(", top.token.end - 1, top.token.end)
            raise self.error(f"'{text}' is not closed", place, f"add '{closer}' before {self.end_name(token)}")

    def end_name(self, token: Token) -> str:
        return "the end of the text" if token.kind == "end" else f"'{token.text}'"

    def finish_list(self, top: Entry, count: int) -> None:
        # What is concatenated is a list of arrays, which need not have one length.
        joined = self.entries[-1].kind == "call" and self.entries[-1].token.text.endswith(JOINING)
        self.emit("call", ("pieces" if joined else "[", Arguments((None,) * count)), top.token)

    def finish_call(self, top: Entry) -> None:
        names = Arguments(tuple(top.names))
        if top.kind == "apply":
            self.emit("apply", names, top.token)
        elif top.token.text == "return":
            if not top.names:
                self.emit("empty", None, top.token)
            self.emit("return", None, top.token)
        else:
            name = top.token.text
            token = Token("name", name, top.token.start, top.token.start + max(1, top.token.end - 1 - top.token.start))
            self.emit("call", (name, names), token)

    def slice(self) -> None:
        """Begin the next part of first:last:step."""
        self.reduce(LOWEST)
        top = self.entries[-1]
        if len(top.pending) == 2:
            raise self.error("a slice has three parts at most", self.tokens[self.at - 1], "write x[first:last:step]")
        top.pending += ":"

    def finish_index(self, top: Entry) -> None:
        """Finish one index within brackets."""
        if top.pending:
            self.emit("slice", len(top.pending) + 1, top.token)
            top.pending = ""

    def attribute(self, token: Token, called: bool) -> bool:
        """Read x.T, or the beginning of a call x.sum(...) of Python; return whether the name is one.

        Args:
            token: The name; it begins with a dot behind a bracket.
            called: Whether a bracket follows.
        """
        owner, _, last = token.text.rpartition(".")
        name = method_of(owner, last, called)
        if not name or (called and last in ALONE and self.tokens[self.at + 1].kind != ")"):
            return False
        if called and last in SPREADS and "torch" in self.text:
            name = f"torch.{last}"
        base, attributes = with_attributes(owner)
        if base:
            self.emit("load", base, Token("name", base, token.start, token.start + len(base)))
        for attribute in attributes:
            self.emit("attribute", attribute, Token("name", owner, token.start, token.start + len(owner)))
        if called:
            opening = self.tokens[self.at]
            self.at += 1
            entry = Entry("call", Token("call", name, token.start, opening.end))
            entry.names.append(None)
            self.entries.append(entry)
        else:
            self.emit("attribute", name, token)
        return True
