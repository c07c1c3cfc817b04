"""DuckDB: arithmetic of IEEE 754, and compensated sums unless plain ones are wanted."""

from dataclasses import replace

from secantd.export.language import ATOM, PRODUCT, SUM, Template
from secantd.export.sql.dialects import Database, Dialect, domains, exponent, language, spelling, sums

__all__ = ["DUCKDB", "DUCKDB_PLAIN"]


def number(value: float) -> str:
    """Return a literal of type DOUBLE: 0.1 is a DECIMAL, 0.1e0 is not.

    >>> number(2.0), number(0.1), number(float("-inf"))
    ('2e0', '0.1e0', "-CAST('Infinity' AS DOUBLE)")
    """
    if value != value:
        return "CAST('NaN' AS DOUBLE)"
    if value in (float("inf"), float("-inf")):
        return "-" * (value < 0) + "CAST('Infinity' AS DOUBLE)"
    return exponent(value)


DUCKDB = Database(
    dialect=Dialect.DUCKDB,
    language=language(
        "SQL for DuckDB",
        {
            **spelling("CAST('NaN' AS DOUBLE)", number, "isnan({0})"),
            **sums("fsum", "CAST('Infinity' AS DOUBLE)", "0e0"),
            # Before 2.0 DuckDB raises errors.
            **domains("CAST('NaN' AS DOUBLE)", "CAST('Infinity' AS DOUBLE)", number),
            # Before 2.0 fmod(40, 0.4) is 0, and atanh(-1) is Inf.
            "fmod": Template("{0} % {1}", PRODUCT, (ATOM,)),
            "atanh": Template(
                "CASE WHEN {0} > -1e0 AND {0} <= 1e0 THEN atanh({0}) WHEN {0} = -1e0 THEN -CAST('Infinity' AS DOUBLE)"
                " WHEN {0} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END",
                ATOM,
                (SUM,),
            ),
            # Before 2.0 fsum() of an infinite number is NaN. The same aggregate is computed once.
            "sum": Template("COALESCE(CASE WHEN isnan(fsum({0})) THEN sum({0}) ELSE fsum({0}) END, 0e0)", ATOM),
            "prod": Template("COALESCE(product({0}), 1e0)"),
            # Its poles are NaN; -Infinity is none.
            "gamma": Template(
                "CASE WHEN {0} <= 0e0 AND floor({0}) = {0} THEN CAST('NaN' AS DOUBLE) WHEN NOT isnan({0}) THEN gamma({0})"
                " ELSE {0} END",
                ATOM,
                (SUM,),
            ),
            "lgamma": Template(
                "CASE WHEN {0} <= 0e0 AND floor({0}) = {0} THEN CAST('Infinity' AS DOUBLE) ELSE lgamma({0}) END",
                ATOM,
                (SUM,),
            ),
            "rint": Template("round_even({0}, 0)"),
        },
        number,
    ),
    double="DOUBLE",
    mark='"',
    placeholder=lambda k, name: f"${name}",
    folds=True,
    is_nan="isnan({0})",
)
DUCKDB_PLAIN = replace(
    DUCKDB,
    language=replace(
        DUCKDB.language, templates={**DUCKDB.language.templates, "sum": Template("COALESCE(sum({0}), 0e0)")}
    ),
    notices={"sum": "sums are plain, as requested: DuckDB does not compensate their rounding"},
)
