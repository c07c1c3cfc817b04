"""The databases: how each spells operations, numbers, names and parameters.

A value is NULL where a column is, and NaN where Evaluate has NaN. All three databases order NaN above every number and call it
equal to itself, so comparisons ask for NaN first. A CASE without ELSE is NULL where a condition is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from secantd.export.language import ATOM, CHOICE, PRODUCT, SIGN, SUM, Language, Template, call, infix
from secantd.language import Notation
from secantd.render.names import Identifiers

__all__ = ["COMPARISONS", "Database", "Dialect", "domains", "exponent", "language", "logarithm", "spelling", "sums"]


class Dialect(Enum):
    """A dialect of SQL; values are those of `secant.v1.SqlDialect`."""

    DUCKDB = 1
    POSTGRESQL = 2
    SPARK = 3


@dataclass(frozen=True, slots=True)
class Database:
    """One dialect.

    Attributes:
        dialect: Its name in the contract.
        language: The spelling of operations and numbers.
        double: The type of double precision.
        mark: The quotation mark of names.
        placeholder: Returns the placeholder of a parameter from its place, from 1, and its name.
        folds: Whether names that differ only in case are the same column.
        is_nan: The test for NaN of {0}.
        longest: The longest name in bytes, 0 for no limit.
        fence: What ends each SELECT of the WITH clause, so that its values are computed once.
        lacks: Functions that cannot be written out either, because one of their parts is lacking.
        notices: Remarks for queries that contain an operation; "" is any.
    """

    dialect: Dialect
    language: Language
    double: str
    mark: str
    placeholder: Callable[[int, str], str]
    folds: bool
    is_nan: str
    longest: int = 0
    fence: str = ""
    lacks: frozenset[str] = frozenset()
    notices: Mapping[str, str] = field(default_factory=dict)

    def quoted(self, name: str) -> str:
        '''Return a name in quotation marks, those within it doubled.

        >>> from secantd.export.sql.duckdb import DUCKDB
        >>> DUCKDB.quoted('a "b"')
        '"a ""b"""'
        '''
        return f"{self.mark}{name.replace(self.mark, 2 * self.mark)}{self.mark}"


# Each with the opposite, which holds where the comparison does not and no argument is NULL.
COMPARISONS = {
    "<": ("<", ">="),
    "<=": ("<=", ">"),
    ">": (">", "<="),
    ">=": (">=", "<"),
    "==": ("=", "<>"),
    "!=": ("<>", "="),
}
SAME = "exp sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs trunc floor log2 log10".split()


def spelling(nan: str, number: Callable[[float], str], is_nan: str) -> dict[str, Template]:
    """Return the templates that the dialects share.

    Args:
        nan: The literal of NaN.
        number: Returns the literal of a number.
        is_nan: The test for NaN of {0}.
    """
    one, zero = number(1.0), number(0.0)

    def unknown(*holes: int) -> str:
        return " OR ".join(is_nan.replace("{0}", f"{{{h}}}") for h in holes)

    compared = {
        sign: Template(
            f"CASE WHEN {unknown(0, 1)} THEN {nan} WHEN {{0}} {yes} {{1}} THEN {one} WHEN {{0}} {no} {{1}} THEN {zero} END",
            ATOM,
            (SUM,),
        )
        for sign, (yes, no) in COMPARISONS.items()
    }
    chosen = {
        f"ifelse {sign}": Template(
            f"CASE WHEN {unknown(0, 1)} THEN {nan} WHEN {{0}} {yes} {{1}} THEN {{2}} WHEN {{0}} {no} {{1}} THEN {{3}} END",
            ATOM,
            (SUM, SUM, CHOICE),
        )
        for sign, (yes, no) in COMPARISONS.items()
    }
    return {
        **{name: call(name) for name in SAME},
        **compared,
        **chosen,
        "ceiling": call("ceil"),
        "sub": infix("-", SUM, PRODUCT),
        "neg": Template("-{0}", SIGN, (SIGN,)),
        "div": infix("/", PRODUCT, SIGN),
        "reciprocal": Template(f"{one} / {{0}}", PRODUCT, (SIGN,)),
        "square": Template("{0} * {0}", PRODUCT, (ATOM,)),
        "cube": Template("{0} * {0} * {0}", PRODUCT, (ATOM,)),
        "fourth": Template("({0} * {0}) * ({0} * {0})", PRODUCT, (ATOM,)),
        "pow": call("power", 2),
        "atan2": call("atan2", 2),
        "fmod": call("fmod", 2),
        # NaN is above every number, so that it is the maximum but not the minimum.
        "pmax": Template("CASE WHEN {0} > {1} THEN {0} WHEN {0} <= {1} THEN {1} END", ATOM, (SUM,)),
        "pmin": Template(
            f"CASE WHEN {unknown(0, 1)} THEN {nan} WHEN {{0}} < {{1}} THEN {{0}} WHEN {{0}} >= {{1}} THEN {{1}} END",
            ATOM,
            (SUM,),
        ),
        "missing": Template(f"CASE WHEN {{0}} IS NULL OR {unknown(0)} THEN {one} ELSE {zero} END", ATOM, (SUM,)),
        "&": Template(
            f"CASE WHEN {{0}} = {zero} OR {{1}} = {zero} THEN {zero} WHEN {unknown(0, 1)} THEN {nan}"
            f" WHEN {{0}} <> {zero} AND {{1}} <> {zero} THEN {one} END",
            ATOM,
            (SUM,),
        ),
        "|": Template(
            f"CASE WHEN ({{0}} <> {zero} AND NOT {unknown(0)}) OR ({{1}} <> {zero} AND NOT {unknown(1)}) THEN {one}"
            f" WHEN {unknown(0, 1)} THEN {nan} WHEN {{0}} = {zero} AND {{1}} = {zero} THEN {zero} END",
            ATOM,
            (SUM,),
        ),
        "!": Template(
            f"CASE WHEN {unknown(0)} THEN {nan} WHEN {{0}} = {zero} THEN {one} WHEN {{0}} <> {zero} THEN {zero} END",
            ATOM,
            (SUM,),
        ),
        "ifelse": Template(
            f"CASE WHEN {unknown(0)} THEN {nan} WHEN {{0}} = {zero} THEN {{2}} WHEN {{0}} <> {zero} THEN {{1}} END",
            ATOM,
            (SUM, CHOICE),
        ),
    }


def domains(nan: str, inf: str, number: Callable[[float], str]) -> dict[str, Template]:
    """Return the templates of functions that raise an error outside of their domain; NaN is above every number."""
    one, zero = number(1.0), number(0.0)
    unit = f"{{0}} >= {number(-1.0)} AND {{0}} <= {one}"
    inside = {
        "sqrt": f"{{0}} >= {zero}",
        "sin": f"abs({{0}}) < {inf}",
        "cos": f"abs({{0}}) < {inf}",
        "tan": f"abs({{0}}) < {inf}",
        "asin": unit,
        "acos": unit,
        "atanh": unit,
        "acosh": f"{{0}} >= {one}",
    }
    return {
        **{
            name: Template(f"CASE WHEN {test} THEN {name}({{0}}) WHEN {{0}} IS NOT NULL THEN {nan} END", ATOM, (SUM,))
            for name, test in inside.items()
        },
        **{op: logarithm(name, nan, inf, zero) for op, name in {"log": "ln", "log2": "log2", "log10": "log10"}.items()},
    }


def logarithm(name: str, nan: str, inf: str, zero: str) -> Template:
    """Return the template of a logarithm, which has no value at 0 in databases."""
    return Template(
        f"CASE WHEN {{0}} > {zero} THEN {name}({{0}}) WHEN {{0}} = {zero} THEN -{inf} WHEN {{0}} < {zero} THEN {nan} END",
        ATOM,
        (SUM,),
    )


def sums(total: str, inf: str, zero: str) -> dict[str, Template]:
    """Return the templates of aggregates; of no rows a sum is 0. NaN is above every number, so a minimum is that of -x."""
    return {
        "sum": Template(f"COALESCE({total}({{0}}), {zero})"),
        "max_of": Template(f"COALESCE(max({{0}}), -{inf})"),
        "min_of": Template(f"COALESCE(-max(-{{0}}), {inf})", ATOM, (SIGN,)),
    }


def exponent(value: float) -> str:
    text = repr(value)
    return text if "e" in text else f"{text.removesuffix('.0')}e0"


def language(title: str, templates: Mapping[str, Template], number: Callable[[float], str]) -> Language:
    return Language(
        notation=Notation.SQL,
        title=title,
        suffix=".sql",
        comment="-- ",
        templates=templates,
        helpers={},
        number=number,
        identifiers=Identifiers(re.compile(r"[A-Za-z][A-Za-z0-9_]*"), frozenset()),
        function=lambda name, parameters, lines, result: "",
        let=lambda name, text: f"{text} AS {name}",
        inline=400,
    )
