"""Python with NumPy, and SciPy where a function needs it: arguments may be arrays."""

import builtins
import keyword
import math
import re
from collections.abc import Sequence

from secantd.export.language import ATOM, CHOICE, POWER, PRODUCT, SIGN, SUM, Language, Template, call, infix
from secantd.export.sourcefile import SourceFile, indented, triangle
from secantd.language import Notation
from secantd.render.names import Identifiers
from secantd.shown import series

__all__ = ["PYTHON", "source_code"]

SAME = "exp expm1 log log1p log2 log10 sqrt sin cos tan sinh cosh tanh trunc floor sign rint".split()
TEMPLATES = {
    **{name: call(f"np.{name}") for name in SAME},
    **{name: call(f"np.arc{name[1:]}") for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    **{name: call(f"special.{name}") for name in ("erf",)},
    "sub": infix("-", SUM, PRODUCT),
    "neg": Template("-{0}", SIGN, (SIGN,)),
    "div": infix("/", PRODUCT, SIGN),
    "reciprocal": Template("1.0 / {0}", PRODUCT, (SIGN,)),
    "square": Template("{0}**2", POWER, (ATOM,)),
    "cube": Template("{0} * {0} * {0}", PRODUCT, (ATOM,)),
    "fourth": call("@fourth"),
    "pow": call("np.power", 2),
    "log_base": call("@log_base", 2),
    "atan2": call("np.arctan2", 2),
    "abs": call("np.abs"),
    "ceiling": call("np.ceil"),
    "round": call("@round", 2),
    "gamma": call("@gamma"),
    "lgamma": call("@lgamma"),
    "erfc": call("@erfc"),
    "softplus": Template("np.logaddexp(0.0, {0})"),
    "expit": call("special.expit"),
    "logaddexp": call("np.logaddexp", 2),
    "%%": call("np.remainder", 2),
    "%/%": call("@quotient", 2),
    "pmax": call("np.maximum", 2),
    "pmin": call("np.minimum", 2),
    "<": Template("@known({0} < {1}, {0}, {1})", ATOM, (ATOM,)),
    "<=": Template("@known({0} <= {1}, {0}, {1})", ATOM, (ATOM,)),
    ">": Template("@known({0} > {1}, {0}, {1})", ATOM, (ATOM,)),
    ">=": Template("@known({0} >= {1}, {0}, {1})", ATOM, (ATOM,)),
    "==": Template("@known({0} == {1}, {0}, {1})", ATOM, (ATOM,)),
    "!=": Template("@known({0} != {1}, {0}, {1})", ATOM, (ATOM,)),
    "missing": Template("1.0 * np.isnan({0})", PRODUCT, (CHOICE,)),
    "&": call("@and", 2),
    "|": call("@or", 2),
    "!": Template("@known({0} == 0.0, {0}, {0})", ATOM, (ATOM,)),
    "ifelse": call("@ifelse", 3),
    "sum": call("np.sum"),
    "prod": call("np.prod"),
    "max_of": call("np.max"),
    "min_of": call("np.min"),
    "pgamma": call("@pgamma", 3),
    "pgamma.upper": call("@pgamma_upper", 3),
    "pchisq": Template("@pgamma({0}, 0.5 * {1}, 0.5)", ATOM, (CHOICE, PRODUCT)),
    "pchisq.upper": Template("@pgamma_upper({0}, 0.5 * {1}, 0.5)", ATOM, (CHOICE, PRODUCT)),
    "pbeta": call("@pbeta", 3),
    "pbeta.upper": call("@pbeta_upper", 3),
    "besselJ": Template("@bessel(special.jv, {0}, {1})"),
    "besselY": Template("@bessel(special.yv, {0}, {1})"),
    "besselI": Template("@bessel(special.iv, {0}, {1})"),
    "besselI.scaled": Template("@bessel(special.ive, {0}, {1})"),
    "besselK": Template("@bessel(special.kv, {0}, {1})"),
    "besselK.scaled": Template("@bessel(special.kve, {0}, {1})"),
}

HELPERS = {
    "fourth": '''def @fourth(x):
    """x**4, by two squares."""
    return (x * x) * (x * x)''',
    "log_base": '''def @log_base(x, base):
    """The logarithm, exact at powers of 2 and 10."""
    value = np.log(x) / np.log(base)
    return np.where(np.equal(base, 2.0), np.log2(x), np.where(np.equal(base, 10.0), np.log10(x), value))''',
    "round": '''def @round(x, digits):
    """The nearer of the two decimals around x, as round() of R 4 has it; to the even one in the middle."""
    def power(n):
        found, square, left = 1.0, 10.0, abs(n)
        while left:
            found, square, left = found * square if left & 1 else found, square * square, left >> 1
        return found if n >= 0 else 1.0 / found

    def one(a, d):
        if not (np.isfinite(a) and np.isfinite(d)):
            return np.copysign(0.0, a) if d == -np.inf and np.isfinite(a) else a + d if np.isnan(d) else a
        n = int(np.floor(min(max(d, -1000.0), 1000.0) + 0.5))
        if n == 0:
            return np.rint(a)
        if a == 0.0 or n + (np.frexp(a)[1] - 0.5) * np.log10(2.0) > 15:
            return a
        if n < -308:
            return np.copysign(0.0, a)
        size, first, more = abs(a), power(min(n, 308)), power(max(n - 308, 0))
        low, high = np.floor(size * first * more), np.ceil(size * first * more)
        below, above = low / first / more, high / first / more
        nearer = above - size < size - below or (above - size == size - below and low % 2 == 1)
        return np.copysign(above if nearer else below, a)

    with np.errstate(all="ignore"):
        return np.vectorize(one, otypes=[float])(x, digits)''',
    "gamma": '''def @gamma(x):
    """The gamma function; its poles have no sign."""
    return np.where(np.equal(x, 0.0), np.nan, special.gamma(x))''',
    "lgamma": '''def @lgamma(x):
    """log|gamma(x)|"""
    return np.where(np.isinf(x), np.inf, special.gammaln(x))''',
    "erfc": '''def @erfc(x):
    """1 - erf(x), with x**2 split where its rounding would be magnified."""
    z = np.clip(x, -40.0, 40.0)
    first = np.rint(z * 65536.0) / 65536.0
    square = np.exp(-first * first) * np.exp(-(z - first) * (z + first))
    return np.where(np.greater(x, 1.0), square * special.erfcx(np.maximum(x, 1.0)), special.erfc(x))''',
    "quotient": '''def @quotient(a, b):
    """floor(a/b), infinite where b is 0."""
    ratio = np.divide(a, b)
    return np.where(np.isfinite(ratio), np.floor_divide(a, b), ratio)''',
    "known": '''def @known(truth, a, b):
    """1 or 0; NaN where it is not known."""
    return np.where(np.isnan(a) | np.isnan(b), np.nan, truth)''',
    "and": '''def @and(a, b):
    """a and b, where NaN is unknown."""
    no = np.equal(a, 0.0) | np.equal(b, 0.0)
    return np.where(no, 0.0, np.where(np.isnan(a) | np.isnan(b), np.nan, 1.0))''',
    "or": '''def @or(a, b):
    """a or b, where NaN is unknown."""
    yes = (np.not_equal(a, 0.0) & ~np.isnan(a)) | (np.not_equal(b, 0.0) & ~np.isnan(b))
    return np.where(yes, 1.0, np.where(np.isnan(a) | np.isnan(b), np.nan, 0.0))''',
    "ifelse": '''def @ifelse(condition, yes, no):
    """yes or no; NaN where the condition is."""
    return np.where(np.isnan(condition), np.nan, np.where(np.equal(condition, 0.0), no, yes))''',
    "pgamma": '''def @pgamma(q, shape, rate):
    """P(X <= q) of the gamma distribution."""
    x = q * rate
    value = np.where(np.greater(x, 0.0), special.gammainc(shape, np.maximum(x, 0.0)), np.where(np.isnan(x), np.nan, 0.0))
    value = np.where(np.equal(shape, 0.0) & np.greater_equal(x, 0.0), 1.0, value)
    return np.where(np.greater_equal(shape, 0.0) & np.greater(rate, 0.0), value, np.nan)''',
    "pgamma_upper": '''def @pgamma_upper(q, shape, rate):
    """P(X > q) of the gamma distribution."""
    x = q * rate
    value = np.where(np.greater(x, 0.0), special.gammaincc(shape, np.maximum(x, 0.0)), np.where(np.isnan(x), np.nan, 1.0))
    value = np.where(np.equal(shape, 0.0) & np.greater_equal(x, 0.0), 0.0, value)
    return np.where(np.greater_equal(shape, 0.0) & np.greater(rate, 0.0), value, np.nan)''',
    "pbeta": '''def @pbeta(q, shape1, shape2):
    """P(X <= q) of the beta distribution."""
    value = special.betainc(shape1, shape2, np.clip(q, 0.0, 1.0))
    return np.where(np.greater(shape1, 0.0) & np.greater(shape2, 0.0), value, np.nan)''',
    "pbeta_upper": '''def @pbeta_upper(q, shape1, shape2):
    """P(X > q) of the beta distribution."""
    value = special.betaincc(shape1, shape2, np.clip(q, 0.0, 1.0))
    return np.where(np.greater(shape1, 0.0) & np.greater(shape2, 0.0), value, np.nan)''',
    "bessel": '''def @bessel(function, x, order):
    """A Bessel function of real order, for x >= 0."""
    value = function(order, x)
    if function is special.yv:
        side = np.where(np.less(order, 0.0), np.sign(np.cos(np.pi * np.fmod(order, 2.0))), 1.0)
        value = np.where(np.equal(x, 0.0), -np.inf * side, value)
    if function is special.ive:
        value = np.where(np.equal(x, 0.0), special.iv(order, 0.0), value)
    return np.where(np.greater_equal(x, 0.0), value, np.nan)''',
}


def literal(value: float) -> str:
    """Return a literal.

    >>> literal(2.0), literal(float("-inf"))
    ('2.0', '-np.inf')
    """
    if math.isfinite(value):
        return repr(value)
    return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf"


def function(name: str, parameters: Sequence[str], lines: Sequence[str], result: str) -> str:
    if any(" / " in text for text in (*lines, result)):
        # Python raises an error where one number is divided by 0.
        lines = [*[f"{p} = np.asarray({p}, dtype=float)" for p in parameters], *lines]
    body = "".join(f"    {line}\n" for line in lines)
    return f"def {name}({', '.join(parameters)}):\n{body}    return {result}"


PYTHON = Language(
    notation=Notation.PYTHON,
    title="Python",
    suffix=".py",
    comment="# ",
    templates=TEMPLATES,
    helpers=HELPERS,
    number=literal,
    identifiers=Identifiers(
        re.compile(r"[^\W\d_]\w*"), frozenset([*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "special"])
    ),
    function=function,
    let=lambda name, text: f"{name} = {text}",
)


def source_code(file: SourceFile) -> str:
    """Return the functions: the value; the value and the gradient; and the Hessian as well."""
    value, gradient, hessian = (file.names[w] for w in ("value", "gradient", "hessian"))
    size = len(file.by)
    functions = []
    for part in file.parts:
        name = file.name + ("", "_gradient", "_hessian")[part.order]
        lines = [docstring_of(file, part.order)]
        lines += [f"{a} = np.asarray({a}, dtype=float)" for a in file.arguments if a in part.used]
        if file.columns and (file.fixed or file.rows in part.used):
            lines.append(f"{file.rows} = np.size({file.columns[0]})")
        if file.fixed:
            lines += [
                f"if {file.rows} != {file.fixed}:",
                f'    raise ValueError("the columns have to have {file.fixed} rows")',
            ]
        lines += part.code.lines
        result, *derivatives = part.code.outputs
        if not part.order:
            lines.append(f"return {result}")
        else:
            lines.append(f"{value}, *{gradient} = np.broadcast_arrays(")
            lines += [*(f"    {d}," for d in (result, *derivatives)), ")"]
            if part.order == 2:
                places = {place: k for k, place in enumerate(triangle(size), size)}
                order = [places[min(i, j), max(i, j)] for i in range(size) for j in range(size)]
                lines += [
                    f"{hessian} = np.stack([{gradient}[k] for k in {order}], axis=-1)",
                    f"{hessian} = {hessian}.reshape({value}.shape + ({size}, {size}))",
                ]
            lines.append(f"{gradient} = np.stack({gradient}[:{size}], axis=-1)")
            lines.append(f"return {', '.join((value, gradient, hessian)[: part.order + 1])}")
        functions.append(f"def {name}({', '.join(file.arguments)}):\n{indented(lines, '    ')}")
    code = "\n".join([*file.helpers, *functions])
    head = ["import numpy as np"] + (["from scipy import special"] if "special." in code else [])
    return "\n\n\n".join(["\n".join(head), *file.helpers, *[f.rstrip("\n") for f in functions]]) + "\n"


def docstring_of(file: SourceFile, order: int) -> str:
    """Return the docstring of a function."""
    shape = f", shape (..., {len(file.by)})"
    what = ["the value", "the gradient" + shape, f"the Hessian, shape (..., {len(file.by)}, {len(file.by)})"][
        : order + 1
    ]
    return f'"""Return {series(what)}."""'
