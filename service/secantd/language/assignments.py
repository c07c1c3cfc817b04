"""The part of the parser that reads assignments: to names, to parts of vectors and lists, and x += 1."""

from secantd.language.grammar import ASSIGN, Entry
from secantd.language.instructions import Arguments, Instruction
from secantd.language.suggestions import Suggestions
from secantd.language.tokens import Token

__all__ = ["AUGMENTED", "LOADS", "Assignments"]

LOADS = ("load", "load_quoted")
# R's functions that names are assigned to; those of rows and columns change no number.
NAMES_OF = ("names", "colnames", "rownames", "dimnames", "row.names")
# Other functions whose calls are assigned to: dim(x) <- c(2, 2) is x <- `dim<-`(x, c(2, 2)).
REPLACING = ("dim", "attr", "attributes", "class", "mode", "storage.mode", "comment", "environment", "diag")
# The operators of x += 1 and its relatives, and their instructions.
AUGMENTED = {"+": "add", "-": "add", "*": "mul", "/": "div", "**": "pow", "//": "%/%", "%": "%%", "@": "@"}


class Assignments(Suggestions):
    """The parser's methods for assignments."""

    def reduce(self, power: int) -> None:
        """Finish every open operator whose binding power is at least `power`."""
        raise AssertionError("Parser overrides it")

    def assign(self, token: Token) -> None:
        self.reduce(ASSIGN + 1)
        top, last = self.entries[-1], self.instructions[-1] if self.instructions else None
        if token.kind == "=" and top.encloses and top.kind not in ("top", "{", "lines"):
            raise self.error("'=' is not allowed here", token, "write == to compare, <- to assign")
        before = self.tokens[self.at - 2]
        if last is not None and self.assigns_part(token, last, before):
            return
        if last is not None and last.op in LOADS and before.kind == "name":
            self.instructions.pop()
            self.entries.append(
                Entry("assign", token, ASSIGN, name=last.operand, pending="outer" * (token.kind == "<<-"))
            )
            return
        if last is not None and last.op == "string" and before.kind == "string" and not self.python:
            # R: "%+%" <- function(a, b) ...
            self.instructions.pop()
            self.entries.append(Entry("assign", token, ASSIGN, name=last.operand))
            return
        if last is not None and last.op == "index" and last.operand <= 2 and before.kind == "]":
            # Only the name of x is needed, but the instruction that loads its value is already there.
            base = next((i for i in self.instructions[::-1] if i.op in LOADS and i.end == last.start), None)
            if base is not None:
                self.instructions.pop()
                self.entries.append(Entry("assign", token, ASSIGN, last.operand, "index", base.operand))
                return
        hint = "write == to compare" if token.kind == "=" else ""
        if last is not None and last.op == "call" and before.kind == ")":
            hint = f"write {last.operand[0]} <- function(x) ..., or only the right-hand side"
        raise self.error("only a name can be assigned to", before, hint)

    def assigns_part(self, token: Token, last: Instruction, before: Token) -> bool:
        """Begin the assignment of list$name <- v or names(v) <- ...; return whether this is one."""
        base = self.instructions[-2] if len(self.instructions) > 1 else None
        if last.op == "call" and before.kind == ")" and last.operand[0] in REPLACING:
            return self.assigns_call(token, last)
        if base is None or base.op not in LOADS:
            return False
        if last.op == "member" and before.kind in ("name", "string"):
            self.instructions.pop()
            entry = Entry("assign", token, ASSIGN, pending="member", name=base.operand)
            entry.names = [last.operand]
        elif (
            last.op == "call" and before.kind == ")" and last.operand[0] in NAMES_OF and len(last.operand[1].names) == 1
        ):
            self.instructions.pop()
            entry = Entry("assign", token, ASSIGN, pending="names", name=base.operand)
            entry.names = [last.operand[0]]
        else:
            return False
        self.entries.append(entry)
        return True

    def assigns_call(self, token: Token, last: Instruction) -> bool:
        """Begin the assignment of dim(x) <- v or attr(x, "name") <- v; return whether x is a name."""
        name, count = last.operand[0], len(last.operand[1].names)
        base = self.instructions[-count - 1] if 1 <= count < len(self.instructions) else None
        simple = all(i.op in ("string", "number") or i.op in LOADS for i in self.instructions[-count:-1])
        if base is None or base.op not in LOADS or not simple:
            return False
        self.instructions.pop()
        entry = Entry("assign", token, ASSIGN, count, pending="replace", name=base.operand)
        entry.names = [f"{name}<-"]
        self.entries.append(entry)
        return True

    def finish_augmented(self, top: Entry) -> None:
        sign = top.token.kind
        if sign == "-":
            self.emit("operator", "minus", top.token)
        name = AUGMENTED[sign]
        if name in ("add", "mul"):
            self.emit(name, 2, top.token)
        else:
            self.emit("operator", name, top.token)

    def finish_assignment(self, top: Entry) -> None:
        token = top.token
        if top.pending == "member":
            self.emit("store_member", (top.name, top.names[0]), token)
        elif top.pending == "names":
            called = "setNames" if top.names[0] == "names" else "("
            if called == "(":
                self.emit("pop", None, token)
                self.emit("call", (called, Arguments((None,))), token)
            else:
                self.emit("call", (called, Arguments((None, None))), token)
            self.emit("store", top.name, token)
        elif top.pending == "replace":
            self.emit("call", (top.names[0], Arguments((None,) * (top.count + 1))), token)
            self.emit("store", top.name, token)
        elif top.pending == "index":
            self.emit("store_index", (top.name, top.count), token)
        else:
            self.emit("store_outer" if top.pending == "outer" else "store", top.name, token)
