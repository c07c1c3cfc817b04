"""A tape in operations that a database has: SQL has no functions within a query, so definitions are written in place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from secantd.errors import limit_exceeded
from secantd.export.definitions import DEFINITIONS, definition
from secantd.export.sql.dialects import COMPARISONS, Database
from secantd.export.statements import lacks
from secantd.program.operations import operation
from secantd.program.tape import Tape, TapeInstruction

__all__ = ["Expansion", "Macro", "expanded", "polynomial"]

# The most operations of a query: a database takes seconds to plan more.
LONGEST: Final = 30_000
# The most operations of a definition: those with more are quadratures, of thousands.
LARGEST: Final = 1000
POLYGAMMA: Final = ("digamma", "trigamma", "psigamma2", "psigamma3")
FOLDED: Final = ("sum", "prod", "max_of", "min_of")

Macro = Callable[["Expansion", tuple[int, ...]], int]


def expanded(tape: Tape, database: Database, macros: Mapping[str, Macro]) -> Tape:
    """Return a tape with the same values, in operations of a database; what it lacks without a definition is left.

    Args:
        tape: The tape.
        database: The database; its templates are the operations that it has.
        macros: Functions that write an operation in others, by its name.

    Raises:
        CalculusError: LIMIT_EXCEEDED for too many operations.
    """
    expansion = Expansion(tape, database, macros)
    slots = {s: s for s in range(len(tape.variables))}
    slots |= {s: expansion.number(value) for s, value in tape.constants.items() if isinstance(value, float)}
    for i in tape.code:
        slots[i.out] = expansion.emit(i.op, *[slots[a] for a in i.args])
    return expansion.tape([slots[o] for o in tape.outputs])


class Expansion:
    """A tape that is being written; equal operations are kept once."""

    def __init__(self, tape: Tape, database: Database, macros: Mapping[str, Macro]) -> None:
        self.variables = tape.variables
        self.slots = len(tape.variables)
        self.language = database.language
        self.lacks = database.lacks
        self.macros = macros
        self.constants: dict[int, float] = {}
        self.code: list[TapeInstruction] = []
        self.known: dict[object, int] = {}
        self.negated: dict[int, int] = {}
        self.origin = tape

    def number(self, value: float) -> int:
        """Return the slot of a number."""
        key = value.hex()
        if key not in self.known:
            self.known[key] = self._slot()
            self.constants[self.known[key]] = value
        return self.known[key]

    def emit(self, op: str, *args: int) -> int:
        """Return the slot of an operation of slots."""
        values = [self.constants.get(a) for a in args]
        if op == "psigamma" and values[1] in (0.0, 1.0, 2.0, 3.0):
            op, args = POLYGAMMA[int(values[1])], args[:1]
        if op == "round" and values[1] == 0.0 and "round" not in self.language.templates:
            op, args = "rint", args[:1]
        elif (
            all(v is not None for v in values)
            and op not in FOLDED
            and op not in ("rint", "fmod")
            and "ifelse " not in op
        ):
            return self.number(float(operation(op).careful(*values)))
        same = self._same(op, args)
        if same is not None:
            return same
        key = (op, args)
        if key not in self.known:
            self.known[key] = self._placed(op, args)
        return self.known[key]

    def choose(self, sign: str, a: int, b: int, yes: int, no: int) -> int:
        """Return the slot of `ifelse(a sign b, yes, no)`."""
        return self.emit("ifelse", self.emit(sign, a, b), yes, no)

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def _same(self, op: str, args: tuple[int, ...]) -> int | None:
        """Return a slot that has the value of an operation already."""
        if op == "ifelse" and args[0] in self.constants:
            condition = self.constants[args[0]]
            return self.number(condition) if condition != condition else args[2 if condition == 0.0 else 1]
        if op in ("abs", "neg") and args[0] in self.negated:
            # The exponentials of expit(x) and expit(-x) are the same.
            return self.emit("abs", self.negated[args[0]]) if op == "abs" else self.negated[args[0]]
        if op == "mul" and len(args) == 2 and any(self.constants.get(a) == 1.0 for a in args):
            return args[1] if self.constants.get(args[0]) == 1.0 else args[0]
        if (op == "div" and self.constants.get(args[1]) == 1.0) or (op == "sub" and self.constants.get(args[1]) == 0.0):
            return args[0]
        return None

    def _placed(self, op: str, args: tuple[int, ...]) -> int:
        if op in ("pmax", "pmin") and len(args) > 2:
            first, second, *others = args
            found = self.emit(op, first, second)
            for a in others:
                found = self.emit(op, found, a)
            return found
        if op not in self.language.templates and op not in ("add", "mul"):
            if op in self.lacks:
                raise lacks(op, self.language)
            if op in self.macros:
                return self.macros[op](self, args)
            if op in DEFINITIONS:
                tape = definition(op)
                if len(tape.code) > LARGEST:
                    raise lacks(op, self.language)
                return self.inlined(tape, args)
        if len(self.code) >= LONGEST:
            raise limit_exceeded(
                "output_length",
                f"the query would have more than {LONGEST:,} operations",
                LONGEST,
                "request a lower order, fewer variables or another language",
            )
        out = self._slot()
        if op == "neg":
            self.negated[out] = args[0]
        self.code.append(TapeInstruction(op, args, out, 1))
        return out

    def inlined(self, tape: Tape, args: tuple[int, ...]) -> int:
        """Return the slot of a definition's value; its slots begin with its parameters."""
        slots = dict(enumerate(args))
        slots |= {s: self.number(value) for s, value in tape.constants.items() if isinstance(value, float)}
        for i in tape.code:
            slots[i.out] = self.emit(i.op, *[slots[a] for a in i.args])
        return slots[tape.outputs[0]]

    def tape(self, outputs: list[int]) -> Tape:
        """Return the tape of `outputs`, with a comparison that one choice uses as a part of this choice."""
        uses = self._uses(outputs)
        made = {i.out: i for i in self.code}
        for k, i in enumerate(self.code):
            test = made.get(i.args[0]) if i.op == "ifelse" else None
            if test is not None and test.op in COMPARISONS and uses[test.out] == 1:
                self.code[k] = i._replace(op=f"ifelse {test.op}", args=(*test.args, *i.args[1:]))
        uses = self._uses(outputs)
        return replace(
            self.origin,
            slots=self.slots,
            constants={s: v for s, v in self.constants.items() if uses[s]},
            code=tuple(i for i in self.code if uses[i.out]),
            outputs=tuple(outputs),
            uses=tuple(uses),
        )

    def _uses(self, outputs: list[int]) -> list[int]:
        uses = [0] * self.slots
        for o in outputs:
            uses[o] += 1
        for i in reversed(self.code):
            if uses[i.out]:
                for a in i.args:
                    uses[a] += 1
        return uses


def polynomial(to: Expansion, coefficients: tuple[float, ...], x: int) -> int:
    """Return the slot of a polynomial, its coefficients from the constant on."""
    found = to.number(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        found = to.emit("add", to.emit("mul", found, x), to.number(c))
    return found
