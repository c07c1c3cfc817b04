"""Statements of a language from a tape: temporaries for values used twice, loops where data are not arrays."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.export.definitions import DEFINITIONS, identifier
from secantd.export.language import ATOM, CHOICE, PRODUCT, SIGN, SUM, Language, Template
from secantd.functions import FUNCTIONS
from secantd.program.tape import Tape, TapeInstruction

__all__ = ["Budget", "Inputs", "Statements", "Writer", "lacks", "statements", "template_of"]

HOLE = re.compile(r"\{(\d)\}")
OPERATORS = "+-*/^%<>=&|!"
REDUCTIONS = ("sum", "prod", "max_of", "min_of")


@dataclass(slots=True)
class Budget:
    """The number of code points that may still be written."""

    limit: int
    spent: int = 0

    def spend(self, text: str) -> None:
        """Count a line.

        Raises:
            CalculusError: LIMIT_EXCEEDED.
        """
        self.spent += len(text) + 1
        if self.spent > self.limit:
            headline = "the code is too long to write"
            raise limit_exceeded("output_length", headline, self.limit, "request a lower order or fewer variables")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The names of a tape's first slots in the code.

    Attributes:
        texts: The name of each; for a column in a loop, its element.
        columns: The slots that are data columns.
        temporary: The prefix of temporary names; no other name is this prefix followed by digits.
        row: The name of a loop's variable.
        rows: The name of the number of rows.
        counted: The number of temporary names that are in use already.
        compound: The slots whose texts are no names, and are not repeated.
    """

    texts: tuple[str, ...]
    columns: frozenset[int] = frozenset()
    temporary: str = "t"
    row: str = "i"
    rows: str = "n"
    counted: int = 0
    compound: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Statements:
    """The code of a tape.

    Attributes:
        lines: The lines, indented in loops only.
        outputs: An expression for each output.
        binds: The precedence of each of these expressions.
        counted: The number of temporary names that are in use.
    """

    lines: list[str]
    outputs: list[str]
    binds: list[int]
    counted: int


def template_of(op: str, language: Language) -> Template:
    """Return the spelling of an operation in a language.

    Raises:
        CalculusError: INVALID_VALUE where the language cannot compute it.
    """
    found = language.templates.get(op)
    if found is not None:
        return found
    if op in DEFINITIONS:
        arguments = ", ".join(f"{{{i}}}" for i in range(len(DEFINITIONS[op])))
        return Template(f"@{identifier(op)}({arguments})")
    raise lacks(op, language)


def lacks(op: str, language: Language) -> CalculusError:
    """Return the error of a language that cannot compute an operation."""
    written = FUNCTIONS[op].signature if op in FUNCTIONS else op
    return CalculusError(
        Reason.INVALID_VALUE,
        f"{written} cannot be computed in {language.title} without a library",
        "remove this language from the request",
        field="notations",
        metadata={"function": op, "language": language.title},
    )


def statements(tape: Tape, language: Language, inputs: Inputs, budget: Budget) -> Statements:
    """Return the code of a tape.

    Args:
        tape: The instructions.
        language: The language.
        inputs: The names of its first slots.
        budget: The code points that may still be written.

    Raises:
        CalculusError: INVALID_VALUE for a function that the language lacks; LIMIT_EXCEEDED.
    """
    return Writer(tape, language, inputs, budget).written()


class Writer:
    """The walk over one tape that writes its code."""

    def __init__(self, tape: Tape, language: Language, inputs: Inputs, budget: Budget) -> None:
        self.tape = tape
        self.language = language
        self.inputs = inputs
        self.budget = budget
        self.lines: list[str] = []
        self.count = inputs.counted
        self.indent = ""
        self.vectors = set(inputs.columns) | {i.out for i in tape.code if i.rows > 1}
        self.text: dict[int, str] = dict(enumerate(inputs.texts))
        self.binds: dict[int, int] = dict.fromkeys(self.text, ATOM)
        # Slots whose texts are names or numbers, which may be repeated.
        self.simple = set(self.text) - inputs.compound
        self.constants: dict[int, float] = {}
        for slot, value in tape.constants.items():
            assert isinstance(value, float)
            self._keep(slot, value)
        # Values used in a loop are computed before it.
        rolled = {a for i in tape.code if i.out in self.vectors for a in i.args if a not in self.vectors}
        self.kept = rolled if language.rolled else set()

    def written(self) -> Statements:
        if self.language.rolled and self.vectors:
            self._rolled()
        else:
            for instruction in self.tape.code:
                self._place(instruction)
        outputs = self.tape.outputs
        return Statements(self.lines, [self.text[o] for o in outputs], [self.binds[o] for o in outputs], self.count)

    # -- one instruction

    def _place(self, instruction: TapeInstruction) -> None:
        out = instruction.out
        text, binds = self._expression(instruction)
        self.text[out], self.binds[out] = text, binds
        if self.tape.uses[out] != 1 or len(text) > self.language.inline or out in self.kept:
            self._name(out)

    def _name(self, slot: int) -> None:
        """Assign the value of a slot to a name."""
        self.count += 1
        name = f"{self.inputs.temporary}{self.count}"
        self._line(self.language.let(name, self.text[slot]))
        self._called(slot, name)

    def _called(self, slot: int, name: str) -> None:
        self.text[slot], self.binds[slot] = name, ATOM
        self.simple.add(slot)

    def _line(self, text: str) -> None:
        line = self.indent + text
        self.budget.spend(line)
        self.lines.append(line)

    def _expression(self, instruction: TapeInstruction) -> tuple[str, int]:
        op, args = instruction.op, instruction.args
        if op in ("add", "mul"):
            binds, right, sign = (SUM, PRODUCT, " + ") if op == "add" else (PRODUCT, SIGN, " * ")
            first, *others = args
            text = self._operand(first, binds)
            while op == "mul" and others and first in self.constants and others[0] in self.constants:
                # 2 * 2 * y is (2 * 2) * y; slots below 0 are no others.
                product = self.constants[first] * self.constants[others.pop(0)]
                first = -1 - len(self.constants)
                self._keep(first, product)
                text = self._operand(first, binds)
            for a in others:
                if op == "add" and self.binds[a] == SIGN and self.text[a].startswith("-"):
                    text += " - " + self.text[a][1:]
                else:
                    text += sign + self._operand(a, right, True)
            return text, binds
        if op == "round" and self.text[args[1]] == self.language.number(0.0) and "rint" in self.language.templates:
            op, args = "rint", args[:1]
        if op == "psigamma" and op not in self.language.templates:
            op, args = self._polygamma(args)
        if op in self.language.whole and self.constants.get(args[1], 0.5).is_integer():
            return self._of_whole_order(op, args)
        template = template_of(op, self.language)
        if op in ("pmax", "pmin") and len(args) > 2:
            text = self._filled(template, args[:2])
            for a in args[2:]:
                text = template.text.replace("{0}", text).replace("{1}", self._operand(a, CHOICE))
            return text, template.binds
        return self._filled(template, args), template.binds

    def _keep(self, slot: int, value: float) -> None:
        self.constants[slot] = value
        self.text[slot] = text = self.language.number(value)
        self.binds[slot] = SIGN if text.startswith("-") else ATOM
        self.simple.add(slot)

    def _polygamma(self, args: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        """Return the operation for a derivative of digamma of a fixed order, which is all that a text asks for."""
        names = ("digamma", "trigamma", "psigamma2", "psigamma3")
        for order, name in enumerate(names):
            if self.text[args[1]] == self.language.number(float(order)):
                return name, args[:1]
        return "psigamma", args

    def _of_whole_order(self, op: str, args: tuple[int, ...]) -> tuple[str, int]:
        """Return a Bessel function of a whole order: DLMF 10.4.1, 10.27.1, 10.27.3."""
        order = int(self.constants[args[1]])
        template = self.language.whole[op]
        text = self._filled(Template(template.text.replace("{1}", str(abs(order)))), args)
        return (
            (f"-{text}", SIGN) if order < 0 and order % 2 and op in ("besselJ", "besselY") else (text, template.binds)
        )

    def _filled(self, template: Template, args: Sequence[int]) -> str:
        pieces = HOLE.split(template.text)
        for i, a in enumerate(args):
            if a not in self.simple and pieces[1::2].count(str(i)) > 1:
                self._name(a)
        for k in range(1, len(pieces), 2):
            i = int(pieces[k])
            before = pieces[k - 1].rstrip()
            need = template.needs[min(i, len(template.needs) - 1)]
            pieces[k] = self._operand(args[i], need, before != "" and before[-1] in OPERATORS)
        return "".join(pieces)

    def _operand(self, slot: int, need: int, behind: bool = False) -> str:
        """Return a slot's text in brackets where it has to; `behind` an operator two signs would touch."""
        text = self.text[slot]
        return f"({text})" if self.binds[slot] < need or (behind and text.startswith("-")) else text

    # -- loops

    def _rolled(self) -> None:
        """Write a loop for each stage; reductions that it uses were computed in the stages before."""
        stage: dict[int, int] = {}
        known: dict[int, int] = dict.fromkeys(self.text, 0)
        for i in self.tape.code:
            stage[i.out] = max((known[a] for a in i.args), default=0)
            known[i.out] = stage[i.out] + (i.op in REDUCTIONS)
        for s in range(max(known.values(), default=0) + 1):
            here = [i for i in self.tape.code if stage[i.out] == s]
            for i in here:
                if i.op not in REDUCTIONS and i.out not in self.vectors:
                    self._place(i)
            reductions = [i for i in here if i.op in REDUCTIONS]
            if reductions:
                self._loop(reductions)

    def _loop(self, reductions: list[TapeInstruction]) -> None:
        language, inputs = self.language, self.inputs
        needed = {i.args[0] for i in reductions}
        body: list[TapeInstruction] = []
        for i in reversed(self.tape.code):
            if i.out in needed and i.out in self.vectors:
                body.append(i)
                needed.update(i.args)
        names = []
        for i in reductions:
            self.count += 1
            names.append(f"{inputs.temporary}{self.count}")
            self._line(language.templates[f"begin {i.op}"].text.replace("{0}", names[-1]))
        head, end = language.loop(inputs.row, inputs.rows)
        self._line(head)
        self.indent = language.indent
        for i in reversed(body):
            self._place(i)
        for i, name in zip(reductions, names, strict=True):
            step = language.templates[f"step {i.op}"].text
            self._line(step.replace("{0}", name).replace("{1}", self._operand(i.args[0], CHOICE)))
        self.indent = ""
        self._line(end)
        for i in body:
            # Another loop computes it again: nothing is kept for each row.
            self.text.pop(i.out)
            self.simple.discard(i.out)
        for i, name in zip(reductions, names, strict=True):
            result = language.templates.get(f"end {i.op}", Template("{0}")).text.replace("{0}", name)
            self.text[i.out], self.binds[i.out] = result, ATOM if result == name else SUM
            if result == name:
                self.simple.add(i.out)
            else:
                self._name(i.out)
