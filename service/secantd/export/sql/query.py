"""The query of a tape: stages of one row and of all rows, each a chain of SELECTs in a WITH clause.

Stage k begins with values of one row (parameters, and aggregates of the stages before), goes on with values of each row of the
table, and ends with their aggregates. Every SELECT reads the one before it, so that a value that is used twice is computed once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from secantd.export.language import ATOM, Template
from secantd.export.sql.dialects import Database
from secantd.export.statements import REDUCTIONS, Budget, Inputs, Writer, template_of
from secantd.program.tape import Tape, TapeInstruction

__all__ = ["Names", "Plan", "query"]

# A quoted name, or a temporary.
TOKEN = re.compile(r'"(?:[^"]|"")*"|`(?:[^`]|``)*`|\b[A-Za-z_]\w*\b')


WIDTH = 110


@dataclass(frozen=True, slots=True)
class Names:
    """The names in a query, all quoted but `temporary` and `step`, which number those that the query makes.

    Attributes:
        table: The table.
        parameters: The name of each parameter, and the expression of its placeholder.
        columns: The name of each column.
        kept: Columns that the result of each row contains as well.
        outputs: The names of the columns of the result, without quotes.
        temporary: The prefix of temporary names.
        step: The prefix of the names of SELECTs.
        rows: The slot of the number of rows, None without.
        missing: The literal of a missing value, which takes the place of NULL in sums.
    """

    table: str
    parameters: Mapping[str, str]
    columns: tuple[str, ...]
    kept: tuple[str, ...]
    outputs: tuple[str, ...]
    temporary: str
    step: str
    rows: int | None
    missing: str


Items = list[tuple[str, str]]


@dataclass(slots=True)
class Plan:
    """A stage: named values of one row, named values of each row, aggregates by name."""

    single: Items = field(default_factory=list)
    each: Items = field(default_factory=list)
    sums: Items = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """All expressions."""
        return [text for _, text in (*self.single, *self.each, *self.sums)]


class Planner(Writer):
    """The walk over a tape that writes the values of its stages."""

    def __init__(self, tape: Tape, database: Database, inputs: Inputs, rows: int | None, budget: Budget) -> None:
        super().__init__(tape, database.language, inputs, budget)
        self.rows = rows
        self.double = database.double
        self.is_nan = database.is_nan
        self.chain: Items = []
        self.vectors = set(inputs.columns)
        self.level = dict.fromkeys(range(len(inputs.texts)), 0) | dict.fromkeys(tape.constants, 0)
        if rows is not None:
            self.level[rows] = 1
        for i in tape.code:
            aggregate = i.op in REDUCTIONS
            if not aggregate and not self.vectors.isdisjoint(i.args):
                self.vectors.add(i.out)
            self.level[i.out] = max((self.level[a] for a in i.args), default=0) + aggregate
        self.last = max((self.level[o] for o in tape.outputs), default=0)
        self.kept = {
            a
            for i in tape.code
            for a in i.args
            if a not in self.vectors
            and (i.out in self.vectors or i.op in REDUCTIONS or self.level[i.out] > self.level[a])
        }
        by_row = not self.vectors.isdisjoint(tape.outputs)
        self.kept |= {o for o in tape.outputs if self.level[o] < self.last or (by_row and o not in self.vectors)}

    def plans(self) -> list[Plan]:
        """Return the stages; the outputs are in `text` after it."""
        found = []
        for k in range(self.last + 1):
            plan = Plan()
            here = [i for i in self.tape.code if self.level[i.out] == k and i.op not in REDUCTIONS]
            self.chain = plan.single
            for i in here:
                if i.out not in self.vectors:
                    self._place(i)
            self.chain = plan.each
            if k < self.last:
                self._aggregates(k, plan)
            else:
                for i in here:
                    if i.out in self.vectors:
                        self._place(i)
            found.append(plan)
        return found

    def _aggregates(self, k: int, plan: Plan) -> None:
        reductions = [i for i in self.tape.code if i.op in REDUCTIONS and self.level[i.out] == k + 1]
        needed = {a for i in reductions for a in i.args}
        body: list[TapeInstruction] = []
        for i in reversed(self.tape.code):
            if i.out in needed and i.out in self.vectors:
                body.append(i)
                needed.update(i.args)
        for i in reversed(body):
            self._place(i)
        texts = {i.out: self._filled(template_of(i.op, self.language), i.args) for i in reductions}
        if k == 0 and self.rows is not None:
            texts[self.rows] = f"CAST(count(*) AS {self.double})"
        for slot, text in texts.items():
            self.chain = plan.sums
            self.text[slot], self.binds[slot] = text, ATOM
            self._name(slot)
        for i in body:
            # The next stage computes it again: nothing is kept for each row.
            self.text.pop(i.out)
            self.simple.discard(i.out)

    def _expression(self, instruction: TapeInstruction) -> tuple[str, int]:
        if (
            instruction.op == "div"
            and self.constants.get(instruction.args[1], 0.0)
            and "div number" in self.language.templates
        ):
            instruction = instruction._replace(op="div number")
        return super()._expression(instruction)

    def _filled(self, template: Template, args: Sequence[int]) -> str:
        # A number is not asked whether it is NaN.
        text = template.text
        for i, a in enumerate(args):
            if a in self.constants and self.constants[a] == self.constants[a]:
                asked = self.is_nan.replace("{0}", f"{{{i}}}")
                text = text.replace(f" OR {asked}", "").replace(f"{asked} OR ", "")
        return super()._filled(template if text == template.text else replace(template, text=text), args)

    def _name(self, slot: int) -> None:
        self.count += 1
        name = f"{self.inputs.temporary}{self.count}"
        self.budget.spend(f"{self.text[slot]} AS {name}")
        self.chain.append((name, self.text[slot]))
        self._called(slot, name)


def query(tape: Tape, database: Database, inputs: Inputs, names: Names, budget: Budget) -> str:
    """Return one SELECT.

    Args:
        tape: The program, in operations of the database.
        database: The database.
        inputs: The names of the tape's first slots.
        names: The names in the query.
        budget: The code points that may still be written.

    Raises:
        CalculusError: INVALID_VALUE for an operation that the database lacks; LIMIT_EXCEEDED.
    """
    planner = Planner(tape, database, inputs, names.rows, budget)
    plans = planner.plans()
    outputs = [planner.text[o] for o in tape.outputs]
    return _Query(database, names, budget).written(plans, outputs)


class _Query:
    """The SELECTs of a query."""

    def __init__(self, database: Database, names: Names, budget: Budget) -> None:
        self.database = database
        self.names = names
        self.budget = budget
        self.steps: list[tuple[str, str]] = []
        self.columns: dict[str, list[str]] = {}

    def written(self, plans: Sequence[Plan], outputs: Sequence[str]) -> str:
        """Return the query."""
        names = self.names
        last = plans[-1]
        by_row = bool(last.each) or any(c in used(outputs) for c in names.columns)
        single = dict.fromkeys(names.parameters)
        source = self.select([*names.parameters.items()], "") if single else ""
        for k, plan in enumerate(plans):
            final = plan is last
            ahead = used(outputs) | used(t for p in plans[k + 1 :] for t in p.texts)
            # What is read from the values of each row, and what these read.
            ends = used(text for _, text in plan.sums) | (ahead if final and by_row else set())
            rows = ends | used(text for _, text in plan.each)
            source = self.chain(plan.single, source, ahead | rows)
            single.update((name, None) for name, _ in plan.single)
            if not (plan.sums or (final and by_row)):
                continue
            table = self.table(rows, single, source, by_row)
            table = self.chain(plan.each, table, ends | set(kept_names(names).values() if by_row else ()))
            if by_row:
                return self.result(outputs, table)
            total = self.select(plan.sums, table)
            carried = [name for name in single if name in ahead]
            if carried:
                both = [(name, name) for name in (*(n for n, _ in plan.sums), *carried)]
                total = self.select(both, f"{total} CROSS JOIN {source}")
            single.update((name, None) for name, _ in plan.sums)
            source = total
        if not source:
            # A constant has a row for each row of the table.
            source = names.table
        return self.result(outputs, source)

    def chain(self, items: Items, source: str, wanted: set[str]) -> str:
        """Write SELECTs that compute `items` and hand on the names of `wanted`; return the name of the last one."""
        level: dict[str, int] = {}
        steps: dict[int, list[tuple[str, str]]] = {}
        # The last SELECT that reads a name.
        last: dict[str, int] = {}
        for name, text in items:
            words = used([text])
            depth = level[name] = 1 + max((level.get(word, 0) for word in words), default=0)
            steps.setdefault(depth, []).append((name, text))
            last.update((word, depth) for word in words if last.get(word, 0) < depth)
        for depth in sorted(steps):
            names = [n for n in self.columns.get(source, ()) if n in wanted or last.get(n, 0) > depth]
            source = self.select([*((n, n) for n in names), *steps[depth]], source)
        return source

    def table(self, rows: set[str], single: Mapping[str, None], source: str, by_row: bool) -> str:
        """Write the SELECT that reads the table: its columns as doubles, and the values of one row beside them."""
        names = self.names
        shared = [name for name in single if name in rows]
        t, one = f"{names.temporary}_row", f"{names.temporary}_one"
        parts = [(kept, f"{t}.{column}") for column, kept in kept_names(names).items() if by_row]
        for column in names.columns:
            if column in rows:
                double = f"CAST({t}.{column} AS {self.database.double})"
                parts.append((column, double if by_row else f"COALESCE({double}, {names.missing})"))
        parts += [(name, f"{one}.{name}") for name in shared]
        if not parts:
            return names.table
        tables = f"{names.table} AS {t}" + (f" CROSS JOIN {source} AS {one}" if shared else "")
        return self.select(parts, tables)

    def select(self, parts: Sequence[tuple[str, str]], source: str) -> str:
        """Write a SELECT of named expressions and return its name."""
        step = f"{self.names.step}{len(self.steps) + 1}"
        columns = listed([name if name == text else f"{text} AS {name}" for name, text in parts], "    ")
        text = f"SELECT {columns}" + (f"\n  FROM {source}{self.database.fence}" if source else "")
        self.budget.spend(f"{step} AS (\n  {text}\n),")
        self.steps.append((step, text))
        self.columns[step] = [name for name, _ in parts]
        return step

    def result(self, outputs: Sequence[str], source: str) -> str:
        quoted = self.database.quoted
        parts = [f"{name} AS {column}" for column, name in kept_names(self.names).items()]
        parts += [f"{text} AS {quoted(name)}" for text, name in zip(outputs, self.names.outputs, strict=True)]
        steps = ",\n".join(f"{name} AS (\n  {text}\n)" for name, text in self.steps)
        select = f"SELECT {listed(parts, '  ')}\nFROM {source}"
        return (f"WITH {steps}\n" if steps else "") + select


def kept_names(names: Names) -> dict[str, str]:
    """Return the temporary name of each column that the result keeps."""
    return {column: f"{names.temporary}_kept{k}" for k, column in enumerate(names.kept, 1)}


def listed(parts: Sequence[str], indent: str) -> str:
    """Return expressions on one line if they fit, otherwise one a line."""
    line = ", ".join(parts)
    return line if len(line) <= WIDTH else f",\n{indent}".join(parts)


def used(texts: Iterable[str]) -> set[str]:
    """Return the names that texts contain."""
    return {word for text in texts for word in TOKEN.findall(text)}
