"""The formula of a row: a text, and the names that a table has."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from unicodedata import normalize

from secantd.calculus import check_order
from secantd.calculus.numbers import Numbers, numbers_of
from secantd.calculus.point import require_no_rows, required, scalar
from secantd.calculus.variables import by_variable, chosen_variables
from secantd.errors import CalculusError, Reason
from secantd.language import HAND, Notation, read
from secantd.lru import LRUCache
from secantd.program import Adder
from secantd.shown import listed, quoted

__all__ = ["Compiled", "RowFormula"]

# Compiled formulas that a process keeps.
KEPT = 64
ADDS: Final = re.compile(r"\bsum\s*\(")


@dataclass(frozen=True, slots=True)
class RowFormula:
    """A formula whose value belongs to one row of a table.

    It can be pickled and is a key of dictionaries. It travels as text; each process compiles it once.

    Attributes:
        text: The formula.
        columns: The names of the table's columns.
        notation: The notation of the text; None accepts R and Python.
        variables: The variables of the derivatives, columns or parameters; empty: the default of `values` or of `sums`.
        order: 0: values; 1: also first derivatives; 2: also second derivatives.

    >>> f = RowFormula("(y - a - b*x)^2", ("x", "y", "z"), order=1)
    >>> f.needed, f.parameters
    (('y', 'x'), ('a', 'b'))
    """

    text: str
    columns: tuple[str, ...]
    notation: Notation | None = None
    variables: tuple[str, ...] = ()
    order: int = 0

    def compiled(self) -> "Compiled":
        """Return the function of the text, read once in each process.

        Raises:
            CalculusError: As `read` for the text; INVALID_VALUE where the value of a row is no number, or the order is not 0, 1 or 2;
                UNKNOWN_VARIABLE for a variable that the text does not contain.
        """
        found = _kept.get(self)
        if found is None:
            found = Compiled(self)
            _kept.put(self, found)
        return found

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that the text names, in its order: no other column has to be read."""
        return tuple(self.compiled().columns.values())

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in the text that are no columns, in its order."""
        return self.compiled().parameters

    @property
    def notices(self) -> tuple[str, ...]:
        """Remarks on how the text was read."""
        return self.compiled().notices


class Derived(NamedTuple):
    """The program of values and derivatives, what adds them, and the variables."""

    numbers: Numbers
    adder: Adder
    variables: tuple[str, ...]


class Compiled:
    """The function of a row formula; any thread may use it.

    Attributes:
        function: The function.
        columns: The columns of the table by the variables of the function that they are.
        parameters: The other variables.
        notices: Remarks on how the text was read.
        lock: Guards what adds to the function's graph.
    """

    def __init__(self, formula: RowFormula) -> None:
        check_order(formula.order)
        self._formula = formula
        # In textbook notation, names that are known are words and no products of letters.
        names = formula.columns if formula.notation in HAND else ()
        function = self.function = read(formula.text, formula.notation, variables=(*formula.variables, *names))
        if function.arrays:
            raise CalculusError(
                Reason.INVALID_VALUE,
                "the text is no function of the numbers in a row: it has vectors, matrices or a sum over rows",
                "write the value of one row, without sum() or mean(): the rows are added by the call",
                field="expression.text",
            )
        require_no_rows([scalar(function)])
        notices = dict.fromkeys(function.notices)
        self.columns: dict[str, str] = {}
        needed = required(function)
        known = set(formula.columns)
        alike = {normalize("NFKC", c): c for c in formula.columns} if function.notation is Notation.PYTHON else {}
        for name in needed:
            if name in known:
                self.columns[name] = name
            elif name in alike:
                self.columns[name] = alike[name]
        self.parameters = tuple([name for name in needed if name not in self.columns])
        if ADDS.search(formula.text):
            notices["sum(...) in the text adds numbers of one row; the rows themselves are added by the call"] = None
        for name in function.settled:
            if name in known:
                notices[
                    f"the parameter {quoted(name)} has its default; the column of that name is not read: remove the default to read it"
                ] = None
        found: list[str] = []
        self._chosen = chosen_variables(function, formula.variables, found) if formula.variables else ()
        self.notices = (*notices, *found)
        self.lock = threading.RLock()
        self._derived: dict[bool, Derived] = {}

    def derived(self, summed: bool) -> Derived:
        """Return the program of values, or of sums, whose default variables are the parameters."""
        with self.lock:
            if summed not in self._derived:
                chosen = self._chosen or (self.parameters if summed else required(self.function))
                if not self._formula.order:
                    chosen = ()
                elif not chosen:
                    raise CalculusError(
                        Reason.INVALID_VALUE,
                        "there is nothing to differentiate with respect to: all names in the text are columns"
                        if self.columns
                        else "the text has no variables",
                        "name a column as the variable, or replace a number by a parameter such as a",
                        field="variables",
                    )
                numbers = numbers_of(self.function, self._formula.order, chosen)
                self._derived[summed] = Derived(numbers, Adder(numbers.program), chosen)
            return self._derived[summed]

    def point(self, at: Mapping[str, float]) -> dict[str, float]:
        """Return the values of the parameters.

        Raises:
            CalculusError: UNKNOWN_VARIABLE where a parameter has no value, or a name is no parameter.
        """
        given = by_variable(self.function, at, "at")
        for name in given:
            if name in self.columns:
                raise unknown(
                    name, f"{quoted(name)} is a column of the data, but has a value in `at`", "leave it out of `at`"
                )
            if name not in self.parameters:
                hint = f"the parameters are {listed(self.parameters)}" if self.parameters else "it has no parameters"
                raise unknown(name, f"`at` names {quoted(name)}, which is not in the formula", hint)
        for name in self.parameters:
            if name not in given:
                columns = listed(self._formula.columns) if self._formula.columns else "none"
                raise unknown(
                    name,
                    f"{quoted(name)} is no column of the data and has no value",
                    f"give it a value in `at`, or name a column: {columns}",
                )
        return {name: float(value) for name, value in given.items()}


def unknown(name: str, headline: str, hint: str) -> CalculusError:
    return CalculusError(Reason.UNKNOWN_VARIABLE, headline, hint, field="at", metadata={"name": name})


_kept: LRUCache[RowFormula, Compiled] = LRUCache(KEPT)
