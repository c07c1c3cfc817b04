"""Julia with SpecialFunctions where a function needs it. Outside their domains functions are NaN, as everywhere else."""

import math
import re
from collections.abc import Sequence

from secantd.export.language import ATOM, CHOICE, POWER, PRODUCT, SIGN, SUM, Language, Template, call, infix
from secantd.export.loops import JULIA_LOOPS
from secantd.export.quantiles import CALLS, helpers
from secantd.export.sourcefile import SourceFile, indented, triangle
from secantd.language import Notation
from secantd.render.names import Identifiers

__all__ = ["JULIA", "SPECIAL", "source_code"]

SAME = "exp expm1 sinh cosh tanh asinh atan trunc floor sign".split()
# Julia throws a DomainError where these are not real: {name: where they are}.
REAL = {
    "log": "x >= 0.0", "log2": "x >= 0.0", "log10": "x >= 0.0", "log1p": "x >= -1.0", "sqrt": "x >= 0.0",
    "sin": "isfinite(x)", "cos": "isfinite(x)", "tan": "isfinite(x)", "asin": "abs(x) <= 1.0", "acos": "abs(x) <= 1.0",
    "acosh": "x >= 1.0", "atanh": "abs(x) <= 1.0",
}  # fmt: skip
TEMPLATES = {
    **CALLS,
    **{name: call(name) for name in SAME},
    **{name: call(f"@{name}") for name in REAL},
    "sub": infix("-", SUM, PRODUCT),
    "neg": Template("-{0}", SIGN, (SIGN,)),
    "div": infix("/", PRODUCT, SIGN),
    "reciprocal": Template("1.0 / {0}", PRODUCT, (SIGN,)),
    "square": Template("{0}^2", POWER, (ATOM,)),
    "cube": Template("{0}^3", POWER, (ATOM,)),
    "fourth": Template("({0}^2)^2", POWER, (ATOM,)),
    "pow": call("@pow", 2),
    "atan2": call("atan", 2),
    "abs": call("abs"),
    "ceiling": call("ceil"),
    "rint": call("round"),
    "gamma": call("@gamma"),
    "lgamma": call("@lgamma"),
    "erf": call("erf"),
    "erfc": call("erfc"),
    "%%": call("@remainder", 2),
    "%/%": call("@quotient", 2),
    "pmax": call("max", 2),
    "pmin": call("min", 2),
    "<": Template("@known({0} < {1}, {0}, {1})", ATOM, (ATOM,)),
    "<=": Template("@known({0} <= {1}, {0}, {1})", ATOM, (ATOM,)),
    ">": Template("@known({0} > {1}, {0}, {1})", ATOM, (ATOM,)),
    ">=": Template("@known({0} >= {1}, {0}, {1})", ATOM, (ATOM,)),
    "==": Template("@known({0} == {1}, {0}, {1})", ATOM, (ATOM,)),
    "!=": Template("@known({0} != {1}, {0}, {1})", ATOM, (ATOM,)),
    "missing": Template("1.0 * isnan({0})", PRODUCT, (CHOICE,)),
    "&": call("@and", 2),
    "|": call("@or", 2),
    "!": Template("@known({0} == 0.0, {0}, {0})", ATOM, (ATOM,)),
    "ifelse": call("@ifelse", 3),
    "pgamma": call("@pgamma", 3),
    "pgamma.upper": call("@pgamma_upper", 3),
    "pbeta": call("@pbeta", 3),
    "pbeta.upper": call("@pbeta_upper", 3),
    "besselJ": Template("@bessel(besselj, {0}, {1})"),
    "besselY": Template("@bessel(bessely, {0}, {1})"),
    "besselI": Template("@bessel(besseli, {0}, {1})"),
    "besselI.scaled": Template("@bessel(besselix, {0}, {1})"),
    "besselK": Template("@bessel(besselk, {0}, {1})"),
    "besselK.scaled": Template("@bessel(besselkx, {0}, {1})"),
    "begin sum": Template("{0} = 0.0"),
    "step sum": Template("{0} += {1}"),
    "begin prod": Template("{0} = 1.0"),
    "step prod": Template("{0} *= {1}"),
    "begin max_of": Template("{0} = -Inf"),
    "step max_of": Template("{0} = max({0}, {1})"),
    "begin min_of": Template("{0} = Inf"),
    "step min_of": Template("{0} = min({0}, {1})"),
}

HELPERS = {
    **helpers(JULIA_LOOPS, TEMPLATES),
    **{name: f"@{name}(x) = {domain} ? {name}(x) : NaN" for name, domain in REAL.items()},
    "pow": "# NaN where a negative number has a power that is no whole number.\n"
    "@pow(x, y) = x >= 0.0 || isinteger(y) || isinf(y) ? x^y : NaN",
    "gamma": "# The poles are NaN.\n@gamma(x) = x == 0.0 || (x < 0.0 && isinteger(x)) || x == -Inf ? NaN : gamma(x)",
    "lgamma": "# log|gamma(x)|\n@lgamma(x) = isinf(x) || (x <= 0.0 && isinteger(x)) ? Inf : logabsgamma(x)[1]",
    "remainder": """# a - b*floor(a/b): the sign is that of b.
function @remainder(a, b)
    if isinf(a) || b == 0.0
        return NaN
    end
    r = rem(a, b)
    return r != 0.0 && (r < 0.0) != (b < 0.0) ? r + b : r
end""",
    "quotient": """# floor(a/b)
function @quotient(a, b)
    if !isfinite(a / b)
        return a / b
    end
    q = (a - @remainder(a, b)) / b
    return q - floor(q) > 0.5 ? floor(q) + 1.0 : floor(q)
end""",
    "known": "# 1 or 0; NaN where it is not known.\n@known(truth, a, b) = isnan(a) || isnan(b) ? NaN : truth ? 1.0 : 0.0",
    "and": "@and(a, b) = a == 0.0 || b == 0.0 ? 0.0 : isnan(a) || isnan(b) ? NaN : 1.0",
    "or": "@or(a, b) = (!isnan(a) && a != 0.0) || (!isnan(b) && b != 0.0) ? 1.0 : isnan(a) || isnan(b) ? NaN : 0.0",
    "ifelse": "# NaN where the condition is.\n@ifelse(condition, yes, no) = isnan(condition) ? NaN : condition == 0.0 ? no : yes",
    # Outside of their domains they throw.
    "pgamma": """# Regularized incomplete gamma function
function @pgamma(q, shape, rate)
    if isnan(q) || !(shape >= 0.0 && rate > 0.0)
        return NaN
    end
    if shape == 0.0
        return q < 0.0 ? 0.0 : 1.0
    end
    return q <= 0.0 ? 0.0 : isinf(shape) ? 0.0 : isinf(q * rate) ? 1.0 : gamma_inc(shape, q * rate)[1]
end""",
    "pgamma_upper": """# 1 less the regularized incomplete gamma function
function @pgamma_upper(q, shape, rate)
    if isnan(q) || !(shape >= 0.0 && rate > 0.0)
        return NaN
    end
    if shape == 0.0
        return q < 0.0 ? 1.0 : 0.0
    end
    return q <= 0.0 ? 1.0 : isinf(shape) ? 1.0 : isinf(q * rate) ? 0.0 : gamma_inc(shape, q * rate)[2]
end""",
    "pbeta": """# Regularized incomplete beta function
function @pbeta(q, a, b)
    if isnan(q) || !(a > 0.0 && b > 0.0) || isinf(a) && isinf(b)
        return NaN
    end
    return q <= 0.0 ? 0.0 : q >= 1.0 || isinf(b) ? 1.0 : isinf(a) ? 0.0 : beta_inc(a, b, q)[1]
end""",
    "pbeta_upper": """# 1 less the regularized incomplete beta function
function @pbeta_upper(q, a, b)
    if isnan(q) || !(a > 0.0 && b > 0.0) || isinf(a) && isinf(b)
        return NaN
    end
    return q <= 0.0 ? 1.0 : q >= 1.0 || isinf(b) ? 0.0 : isinf(a) ? 1.0 : beta_inc(a, b, q)[2]
end""",
    "bessel": "# Real orders, for x >= 0.\n@bessel(kind, x, order) = x >= 0.0 ? kind(order, x) : NaN",
}

KEYWORDS = """baremodule begin break catch const continue do else elseif end export false finally for function global if import
    let local macro module quote return struct true try using while abstract mutable primitive type where in isa""".split()
# Names of Base and SpecialFunctions in the code, which a variable of the same name would hide.
CALLED = """abs acos acosh asin asinh atan atanh ceil cos cosh exp expm1 floor isfinite isinf isinteger isnan log log10 log1p log2
    max min rem round sign sin sinh sqrt tan tanh trunc gamma logabsgamma gamma_inc beta_inc erf erfc besselj bessely besseli besselix besselk
    besselkx Inf NaN pi im zeros eachindex length Float64 eval include new
    size copy inv det logabsdet throw DimensionMismatch ArgumentError Int Real AbstractVector AbstractMatrix""".split()


def literal(value: float) -> str:
    """Return a literal.

    >>> literal(2.0), literal(float("-inf"))
    ('2.0', '-Inf')
    """
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"


def function(name: str, parameters: Sequence[str], lines: Sequence[str], result: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"function {name}({', '.join(parameters)})\n{body}    return {result}\nend"


JULIA = Language(
    notation=Notation.JULIA,
    title="Julia",
    suffix=".jl",
    comment="# ",
    templates=TEMPLATES,
    helpers=HELPERS,
    number=literal,
    identifiers=Identifiers(re.compile(r"[A-Za-zα-ωΑ-Ω][A-Za-z0-9_α-ωΑ-Ω]*"), frozenset([*KEYWORDS, *CALLED, "π"])),
    function=function,
    let=lambda name, text: f"{name} = {text}",
    rolled=True,
    loop=lambda i, n: (f"for {i} in 1:{n}", "end"),
)


# Functions of SpecialFunctions that the code may call.
SPECIAL = re.compile(r"\b(gamma|logabsgamma|gamma_inc|beta_inc|erfc?|bessel\w+)\b(?=[(,])")


def source_code(file: SourceFile) -> str:
    """Return the functions: the value; the value and the gradient; and the Hessian as well."""
    value, gradient, hessian = (file.names[w] for w in ("value", "gradient", "hessian"))
    size = len(file.by)
    functions = []
    for part in file.parts:
        name = file.name + ("", "_gradient", "_hessian")[part.order]
        lines = []
        if file.columns:
            lines.append(f"{file.rows} = length({file.columns[0]})")
        lines += [
            f'length({c}) == {file.rows} || throw(DimensionMismatch("columns of two lengths"))'
            for c in file.columns[1:]
        ]
        if file.fixed:
            lines.append(f'{file.rows} == {file.fixed} || throw(DimensionMismatch("{file.fixed} rows are needed"))')
        lines += part.code.lines
        result, *derivatives = part.code.outputs
        if not part.order:
            lines.append(f"return {result}")
        else:
            lines += [f"{value} = {result}", f"{gradient} = [{', '.join(derivatives[:size])}]"]
            if part.order == 2:
                places = {place: k for k, place in enumerate(triangle(size), size)}
                lines.append(f"{hessian} = zeros({size}, {size})")
                for (i, j), k in places.items():
                    mirrored = f"{hessian}[{j + 1}, {i + 1}] = " if i != j else ""
                    lines.append(f"{mirrored}{hessian}[{i + 1}, {j + 1}] = {derivatives[k]}")
            lines.append(f"return {', '.join((value, gradient, hessian)[: part.order + 1])}")
        what = ("the value", "the value and the gradient", "the value, the gradient and the Hessian")[part.order]
        functions.append(
            f"# Returns {what}.\nfunction {name}({', '.join(file.arguments)})\n{indented(lines, '    ')}end"
        )
    code = "\n".join([*file.helpers, *functions])
    head = ["using SpecialFunctions"] if SPECIAL.search(code) else []
    return "\n\n".join([*head, *file.helpers, *functions]) + "\n"
