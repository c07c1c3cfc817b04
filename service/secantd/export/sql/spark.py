"""Spark SQL: a quotient by 0 and a logarithm of 0 are NULL or an error there; here they have the value of IEEE 754."""

from secantd.export.language import ATOM, PRODUCT, SIGN, SUM, Template, call, infix
from secantd.export.sql.dialects import Database, Dialect, exponent, language, logarithm, spelling, sums

__all__ = ["SPARK"]

NAN, INF = "double('NaN')", "double('Infinity')"
# From here on every double is a whole number.
WHOLE = "4503599627370496e0"


def number(value: float) -> str:
    """Return a literal of type DOUBLE: 0.1 is a DECIMAL, 0.1e0 is not.

    >>> number(2.0), number(float("-inf"))
    ('2e0', "-double('Infinity')")
    """
    if value != value:
        return NAN
    if value in (float("inf"), float("-inf")):
        return "-" * (value < 0) + INF
    return exponent(value)


def whole(name: str) -> str:
    # floor() is a BIGINT.
    return f"CASE WHEN abs({{0}}) < {WHOLE} THEN CAST({name}({{0}}) AS DOUBLE) ELSE {{0}} END"


TEMPLATES = {
    **spelling(NAN, number, "isnan({0})"),
    **sums("sum", INF, "0e0"),
    **{op: logarithm(name, NAN, INF, "0e0") for op, name in {"log": "ln", "log2": "log2", "log10": "log10"}.items()},
    "log1p": Template(
        f"CASE WHEN {{0}} > -1e0 THEN log1p({{0}}) WHEN {{0}} = -1e0 THEN -{INF} WHEN {{0}} < -1e0 THEN {NAN} END",
        ATOM,
        (SUM,),
    ),
    "expm1": call("expm1"),
    "floor": Template(whole("floor"), ATOM, (SUM,)),
    "ceiling": Template(whole("ceil"), ATOM, (SUM,)),
    "trunc": Template(
        f"CASE WHEN abs({{0}}) < {WHOLE} THEN CASE WHEN {{0}} < 0e0 THEN CAST(ceil({{0}}) AS DOUBLE)"
        " ELSE CAST(floor({0}) AS DOUBLE) END ELSE {0} END",
        ATOM,
        (SUM,),
    ),
    "rint": call("rint"),
    "reciprocal": Template(f"CASE WHEN {{0}} = 0e0 THEN {INF} ELSE 1e0 / {{0}} END", ATOM, (SIGN,)),
    "div": Template(
        f"CASE WHEN {{1}} = 0e0 THEN CASE WHEN isnan({{0}}) OR {{0}} = 0e0 THEN {NAN} WHEN {{0}} > 0e0 THEN {INF}"
        f" WHEN {{0}} < 0e0 THEN -{INF} END ELSE {{0}} / {{1}} END",
        ATOM,
        (PRODUCT, SIGN),
    ),
    "div number": infix("/", PRODUCT, SIGN),
    "fmod": Template(f"CASE WHEN {{1}} = 0e0 THEN {NAN} ELSE {{0}} % {{1}} END", ATOM, (SIGN,)),
}
# Its own lose digits near 0 and 1.
OWN = ("asinh", "acosh")
SPARK = Database(
    dialect=Dialect.SPARK,
    language=language("SQL for Spark", {k: t for k, t in TEMPLATES.items() if k not in OWN}, number),
    double="DOUBLE",
    mark="`",
    placeholder=lambda k, name: f":{name}",
    folds=True,
    is_nan="isnan({0})",
    notices={"sum": "Spark does not compensate the rounding of sums"},
)
