"""C99 code: functions of an array of arguments that need only <math.h>."""

import re
from collections.abc import Sequence

from secantd.export.c_bessel import BESSEL, MODIFIED
from secantd.export.language import ATOM, PRODUCT, SIGN, SUM, Language, Template, call, infix
from secantd.export.loops import C_LOOPS
from secantd.export.quantiles import CALLS, helpers
from secantd.export.sourcefile import SourceFile, indented, triangle
from secantd.language import Notation
from secantd.render.names import Identifiers
from secantd.render.numbers import c_number

__all__ = ["C", "source_code"]

SAME = "exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh trunc floor erf erfc".split()
TEMPLATES = {
    **CALLS,
    **{name: call(name) for name in SAME},
    "sub": infix("-", SUM, PRODUCT),
    "neg": Template("-{0}", SIGN, (SIGN,)),
    "div": infix("/", PRODUCT, SIGN),
    "reciprocal": Template("1.0 / {0}", PRODUCT, (SIGN,)),
    "square": Template("{0} * {0}", PRODUCT, (ATOM,)),
    "cube": Template("{0} * {0} * {0}", PRODUCT, (ATOM,)),
    "fourth": Template("@fourth({0})"),
    "pow": call("pow", 2),
    "atan2": call("atan2", 2),
    "abs": call("fabs"),
    "ceiling": call("ceil"),
    "rint": call("nearbyint"),
    "gamma": call("@gamma"),
    "besselJ": Template("@bessel({0}, {1}, 0)"),
    "besselY": Template("@bessel({0}, {1}, 1)"),
    "besselI": Template("@modified({0}, {1}, 0, 0)"),
    "besselI.scaled": Template("@modified({0}, {1}, 0, 1)"),
    "besselK": Template("@modified({0}, {1}, 1, 0)"),
    "besselK.scaled": Template("@modified({0}, {1}, 1, 1)"),
    "lgamma": call("lgamma"),
    "%%": call("@remainder", 2),
    "%/%": call("@quotient", 2),
    "pmax": call("@max", 2),
    "pmin": call("@min", 2),
    "<": call("@less", 2),
    "<=": call("@most", 2),
    ">": Template("@less({1}, {0})"),
    ">=": Template("@most({1}, {0})"),
    "==": call("@equal", 2),
    "!=": Template("@not(@equal({0}, {1}))"),
    "missing": Template("({0} != {0})", ATOM, (ATOM,)),
    "&": call("@and", 2),
    "|": call("@or", 2),
    "!": call("@not"),
    "ifelse": call("@ifelse", 3),
    "begin sum": Template("double {0}[2] = {0.0, 0.0};"),
    "step sum": Template("@add({0}, {1});"),
    "end sum": Template("{0}[0] + {0}[1]"),
    "begin prod": Template("double {0} = 1.0;"),
    "step prod": Template("{0} *= {1};"),
    "begin max_of": Template("double {0} = -INFINITY;"),
    "step max_of": Template("{0} = @max({0}, {1});"),
    "begin min_of": Template("double {0} = INFINITY;"),
    "step min_of": Template("{0} = @min({0}, {1});"),
}

# Choices are functions, so that NaN in a condition is NaN in the value, as in R.
HELPERS = {
    **helpers(C_LOOPS, TEMPLATES),
    "add": """/* Adds a term to sum[0]; what rounding loses is kept in sum[1] (Neumaier 1974). */
static void @add(double sum[2], double term)
{
    const double total = sum[0] + term;
    const double lost = fabs(sum[0]) >= fabs(term) ? (sum[0] - total) + term : (term - total) + sum[0];
    sum[0] = total;
    if (isfinite(lost))
        sum[1] += lost;
}""",
    "fourth": """static double @fourth(double x)
{
    const double square = x * x;
    return square * square;
}""",
    "gamma": """/* The poles have no sign. */
static double @gamma(double x)
{
    return x == 0.0 ? NAN : tgamma(x);
}""",
    "remainder": """/* a - b*floor(a/b): the sign is that of b. */
static double @remainder(double a, double b)
{
    const double r = fmod(a, b);
    return r != 0.0 && (r < 0.0) != (b < 0.0) ? r + b : r;
}""",
    "quotient": """/* floor(a/b) */
static double @quotient(double a, double b)
{
    if (!isfinite(a / b))
        return a / b;
    const double q = (a - @remainder(a, b)) / b;
    return q - floor(q) > 0.5 ? floor(q) + 1.0 : floor(q);
}""",
    "max": """static double @max(double a, double b)
{
    return a > b || a != a ? a : b;
}""",
    "min": """static double @min(double a, double b)
{
    return a < b || a != a ? a : b;
}""",
    "less": """static double @less(double a, double b)
{
    return a < b ? 1.0 : a >= b ? 0.0 : NAN;
}""",
    "most": """static double @most(double a, double b)
{
    return a <= b ? 1.0 : a > b ? 0.0 : NAN;
}""",
    "equal": """static double @equal(double a, double b)
{
    return a != a || b != b ? NAN : a == b ? 1.0 : 0.0;
}""",
    "not": """static double @not(double a)
{
    return a == 0.0 ? 1.0 : a == a ? 0.0 : NAN;
}""",
    "and": """static double @and(double a, double b)
{
    return a == 0.0 || b == 0.0 ? 0.0 : a == a && b == b ? 1.0 : NAN;
}""",
    "or": """static double @or(double a, double b)
{
    return (a == a && a != 0.0) || (b == b && b != 0.0) ? 1.0 : a == b ? 0.0 : NAN;
}""",
    "bessel": BESSEL,
    "modified": MODIFIED,
    "ifelse": """/* NaN where the condition is. */
static double @ifelse(double condition, double yes, double no)
{
    return condition == 0.0 ? no : condition == condition ? yes : NAN;
}""",
}

KEYWORDS = """auto break case char const continue default do double else enum extern float for goto if inline int long
    register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool
    _Complex _Imaginary asm typeof alignas alignof bool constexpr false nullptr static_assert thread_local true
    typeof_unqual""".split()
# Names that <math.h> declares or defines, and names that a variable would hide from the code.
MATH = """acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma fmax
    fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint
    nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sinh sqrt tan tanh tgamma trunc abs size_t
    isfinite isinf isnan isnormal signbit fpclassify isgreater isless NAN INFINITY HUGE_VAL NULL I main""".split()
# POSIX has them in the same header, as functions.
POSIX = "j0 j1 jn y0 y1 yn gamma lgamma_r signgam drem finite significand scalb pow10 exp10 sincos index".split()


def literal(value: float) -> str:
    """Return a constant, with as many digits as the double needs.

    >>> literal(2.0), literal(-0.1), literal(float("inf"))
    ('2.0', '-0.1', 'INFINITY')
    """
    return c_number(value)


def function(name: str, parameters: Sequence[str], lines: Sequence[str], result: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"static double {name}({', '.join(f'double {p}' for p in parameters)})\n{{\n{body}    return {result};\n}}"


C = Language(
    notation=Notation.C,
    title="C",
    suffix=".c",
    comment="// ",
    templates=TEMPLATES,
    helpers=HELPERS,
    number=literal,
    identifiers=Identifiers(re.compile(r"[A-Za-z][A-Za-z0-9_]*"), frozenset([*KEYWORDS, *MATH])),
    taken=frozenset(POSIX),
    function=function,
    let=lambda name, text: f"const double {name} = {text};",
    rolled=True,
    count="(double){0}",
    loop=lambda i, n: (f"for (size_t {i} = 0; {i} < {n}; {i}++) {{", "}"),
)


def source_code(file: SourceFile) -> str:
    """Return the functions, each of an array of arguments; derivatives are written to arrays of the caller."""
    at, gradient, hessian = (file.names[w] for w in ("at", "gradient", "hessian"))
    size, head = len(file.by), ["#include <math.h>"]
    if file.columns:
        head.append("#include <stddef.h>")
    functions = []
    for part in file.parts:
        parameters = [f"const double *{at}", *(f"double {s}" for s in file.scalars)]
        if file.columns:
            parameters += [f"size_t {file.rows}", *(f"const double *{c}" for c in file.columns)]
        parameters += [f"double *{w}" for w in (gradient, hessian)[: part.order]]
        name = file.name + ("", "_gradient", "_hessian")[part.order]
        lines = [f"const double {v} = {at}[{k}];" for k, v in enumerate(file.variables) if v in part.used]
        unread = [] if lines else [at]
        if file.columns and file.fixed:
            lines.insert(0, f"if ({file.rows} != {file.fixed})\n        return NAN;")
        elif file.columns and file.rows not in part.used and not any("for (" in line for line in part.code.lines):
            unread.append(file.rows)
        unread += [a for a in (*file.scalars, *file.columns) if a not in part.used]
        lines = [f"(void){u};" for u in unread] + lines + part.code.lines
        value, *derivatives = part.code.outputs
        lines += [f"{gradient}[{k}] = {d};" for k, d in enumerate(derivatives[:size])]
        for (i, j), d in zip(triangle(size), derivatives[size:], strict=False):
            mirrored = f"{hessian}[{j * size + i}] = " if i != j else ""
            lines.append(f"{mirrored}{hessian}[{i * size + j}] = {d};")
        comment = comment_of(file, part.order, at, gradient, hessian)
        functions.append(
            f"{comment}double {name}({', '.join(parameters)})\n{{\n{indented(lines, '    ')}    return {value};\n}}"
        )
    return "\n\n".join(["\n".join(head), *file.helpers, *functions]) + "\n"


def comment_of(file: SourceFile, order: int, at: str, gradient: str, hessian: str) -> str:
    """Return the comment above a function."""
    names = ", ".join(file.variables[:12]) + (", ..." if len(file.variables) > 12 else "")
    lines = [f"Returns the value at {at} = ({names})" + ("." if not order else ";")]
    if order:
        lines.append(f"{gradient}[{len(file.by)}] receives the first partials" + ("." if order == 1 else ","))
    if order == 2:
        lines.append(f"{hessian}[{len(file.by) ** 2}] receives the second partials, row by row.")
    return "".join(f"// {line}\n" for line in lines)
