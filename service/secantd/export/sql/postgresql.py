"""PostgreSQL: what would raise an error there has the value of IEEE 754 instead, but for products and sums that overflow."""

from secantd.export.language import ATOM, PRODUCT, SIGN, SUM, Template, call, infix
from secantd.export.sql.dialects import Database, Dialect, domains, language, logarithm, spelling, sums

__all__ = ["POSTGRESQL"]

NAN, INF = "'NaN'::float8", "'Infinity'::float8"


def number(value: float) -> str:
    """Return a literal of type float8: 1e0 is a NUMERIC.

    >>> number(-2.0), number(float("nan"))
    ('-2::float8', "'NaN'::float8")
    """
    if value != value:
        return "'NaN'::float8"
    if value in (float("inf"), float("-inf")):
        return "-" * (value < 0) + "'Infinity'::float8"
    if value == 0.0:
        # Of a NUMERIC 0 there is one only.
        return f"'{value!r}'::float8" if str(value).startswith("-") else "0::float8"
    return f"{repr(value).removesuffix('.0')}::float8"


TEMPLATES = {
    **spelling(NAN, number, f"{{0}} = {NAN}"),
    **sums("sum", INF, "0::float8"),
    **domains(NAN, INF, number),
    # exp(-745) is the smallest double; below -708 PostgreSQL finds an underflow.
    "exp": Template(
        "CASE WHEN {0} < -745::float8 THEN 0::float8"
        " WHEN {0} < -700::float8 THEN exp({0} + 50::float8) * 1.9287498479639178e-22::float8"
        f" WHEN {{0}} <= 709.782712893384::float8 THEN exp({{0}}) WHEN {{0}} <= {INF} THEN {INF} ELSE {{0}} END",
        ATOM,
        (SUM,),
    ),
    "log2": Template(
        logarithm("ln", NAN, INF, "0::float8").text.replace("ln({0})", "ln({0}) / 0.6931471805599453::float8"),
        ATOM,
        (SUM,),
    ),
    "reciprocal": Template(f"CASE WHEN {{0}} = 0::float8 THEN {INF} ELSE 1::float8 / {{0}} END", ATOM, (SIGN,)),
    "div": Template(
        f"CASE WHEN {{1}} = 0::float8 THEN CASE WHEN {{0}} > 0::float8 AND {{0}} <= {INF} THEN {INF}"
        f" WHEN {{0}} < 0::float8 THEN -{INF} WHEN {{0}} IS NOT NULL THEN {NAN} END ELSE {{0}} / {{1}} END",
        ATOM,
        (PRODUCT, SIGN),
    ),
    "div number": infix("/", PRODUCT, SIGN),
    "pow": Template(
        f"CASE WHEN {{0}} = {NAN} OR {{1}} = {NAN} THEN power({{0}}, {{1}})"
        f" WHEN {{0}} < 0::float8 AND floor({{1}}) <> {{1}} THEN CASE WHEN {{0}} > -{INF} THEN {NAN}"
        f" WHEN {{1}} > 0::float8 THEN {INF} ELSE 0::float8 END"
        f" WHEN {{0}} = 0::float8 AND {{1}} < 0::float8 THEN {INF}"
        f" WHEN {{0}} = 0::float8 OR abs({{0}}) = {INF} OR abs({{1}}) = {INF} THEN power({{0}}, {{1}})"
        " WHEN {1} * ln(abs({0})) < -745::float8 THEN 0::float8"
        f" WHEN {{1}} * ln(abs({{0}})) > 709.782712893384::float8 THEN CASE WHEN {{0}} < 0::float8"
        f" AND floor({{1}} / 2::float8) * 2::float8 <> {{1}} THEN -{INF} ELSE {INF} END"
        " ELSE power({0}, {1}) END",
        ATOM,
        (SUM,),
    ),
    # Half to even.
    "rint": call("round"),
}
POSTGRESQL = Database(
    dialect=Dialect.POSTGRESQL,
    language=language("SQL for PostgreSQL", {k: t for k, t in TEMPLATES.items() if k != "fmod"}, number),
    double="double precision",
    mark='"',
    placeholder=lambda k, name: f"${k}",
    folds=False,
    is_nan=f"{{0}} = {NAN}",
    longest=63,
    # It has the remainder of whole and decimal numbers only.
    lacks=frozenset({"%%", "%/%"}),
    # Otherwise a value that is used twice would be computed twice, and one of these four times.
    fence=" OFFSET 0",
    notices={
        "": "PostgreSQL raises an error where a sum, product or quotient overflows or underflows, and 1/-0 is Inf",
        "sum": "PostgreSQL does not compensate the rounding of sums",
    },
)
