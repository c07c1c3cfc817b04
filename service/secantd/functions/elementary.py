"""The elementary functions.

Derivatives: Abramowitz & Stegun, Handbook of Mathematical Functions, 3.3, 4.1-4.6, written in the form that
leads to what R's Deriv prints.
"""

from secantd.functions.row import row

__all__ = ["ELEMENTARY"]

# The derivative of a step function is 0 wherever it exists.
ELEMENTARY = (
    row("sqrt(x)", "0.5/f", summary="square root", aliases="math.sqrt np.sqrt", latex=r"\sqrt{{{0}}}"),
    row("exp(x)", "f", summary="exponential", aliases="math.exp np.exp", latex=r"e^{{{0}}}"),
    row("expm1(x)", "exp(x)", summary="exp(x) - 1, accurate near 0", aliases="math.expm1 np.expm1"),
    row("log(x)", "1/x", summary="natural logarithm", aliases="math.log np.log", latex=r"\ln"),
    row("log(x, base)", "1/(x * log(base))", "-(f/(base * log(base)))", name="log_base", aliases="logb",
        summary="logarithm to a base", latex=r"\log_{{{1}}}\left({0}\right)"),
    row("log2(x)", "1/(x * log(2))", summary="logarithm to base 2", aliases="math.log2 np.log2", latex=r"\log_{{2}}\left({0}\right)"),
    row("log10(x)", "1/(x * log(10))", summary="logarithm to base 10", aliases="math.log10 np.log10",
        latex=r"\log_{{10}}\left({0}\right)"),
    row("log1p(x)", "1/(1 + x)", summary="log(1 + x), accurate near 0", aliases="math.log1p np.log1p",
        latex=r"\ln\left(1 + {0}\right)"),
    row("sin(x)", "cos(x)", summary="sine", aliases="math.sin np.sin", latex=r"\sin"),
    row("cos(x)", "-sin(x)", summary="cosine", aliases="math.cos np.cos", latex=r"\cos"),
    row("tan(x)", "1/cos(x)^2", summary="tangent", aliases="math.tan np.tan", latex=r"\tan"),
    row("asin(x)", "1/sqrt(1 - x^2)", summary="inverse sine", aliases="arcsin math.asin np.arcsin np.asin", latex=r"\arcsin"),
    row("acos(x)", "-(1/sqrt(1 - x^2))", summary="inverse cosine", aliases="arccos math.acos np.arccos np.acos",
        latex=r"\arccos"),
    row("atan(x)", "1/(1 + x^2)", summary="inverse tangent", aliases="arctan math.atan np.arctan np.atan", latex=r"\arctan"),
    row("atan2(y, x)", "x/(x^2 + y^2)", "-(y/(x^2 + y^2))", summary="angle of the point (x, y)",
        aliases="arctan2 math.atan2 np.arctan2 np.atan2"),
    row("sinpi(x)", "pi * cospi(x)", summary="sin(pi x), exact at multiples of 1/2"),
    row("cospi(x)", "-(pi * sinpi(x))", summary="cos(pi x), exact at multiples of 1/2"),
    row("tanpi(x)", "pi/cospi(x)^2", summary="tan(pi x), exact at multiples of 1/2"),
    row("sinh(x)", "cosh(x)", summary="hyperbolic sine", aliases="math.sinh np.sinh", latex=r"\sinh"),
    row("cosh(x)", "sinh(x)", summary="hyperbolic cosine", aliases="math.cosh np.cosh", latex=r"\cosh"),
    row("tanh(x)", "1 - tanh(x)^2", summary="hyperbolic tangent", aliases="math.tanh np.tanh", latex=r"\tanh"),
    row("asinh(x)", "1/sqrt(1 + x^2)", summary="inverse hyperbolic sine", aliases="arcsinh math.asinh np.arcsinh np.asinh",
        latex=r"\operatorname{{arsinh}}"),
    row("acosh(x)", "1/sqrt(x^2 - 1)", summary="inverse hyperbolic cosine", aliases="arccosh math.acosh np.arccosh np.acosh",
        latex=r"\operatorname{{arcosh}}"),
    row("atanh(x)", "1/(1 - x^2)", summary="inverse hyperbolic tangent", aliases="arctanh math.atanh np.arctanh np.atanh",
        latex=r"\operatorname{{artanh}}"),
    row("abs(x)", "sign(x)", summary="absolute value", aliases="fabs math.fabs np.abs np.absolute", latex=r"\left|{0}\right|"),
    row("sign(x)", "0", summary="-1, 0 or 1", aliases="np.sign", latex=r"\operatorname{{sgn}}"),
    row("floor(x)", "0", summary="largest integer not above x", aliases="math.floor np.floor",
        latex=r"\left\lfloor {0} \right\rfloor"),
    row("ceiling(x)", "0", summary="smallest integer not below x", aliases="ceil math.ceil np.ceil", python="ceil",
        latex=r"\left\lceil {0} \right\rceil"),
    row("trunc(x)", "0", summary="x without its fraction", aliases="math.trunc np.trunc"),
    row("round(x, digits = 0)", "0", "0", summary="nearest multiple of 10^-digits, to even in the middle", aliases="np.round"),
    row("pmax(a, b)", "ifelse(a >= b, 1, 0)", "ifelse(a >= b, 0, 1)", summary="the larger, row by row", aliases="np.maximum",
        python="maximum", latex=r"\max\left({0}, {1}\right)"),
    row("pmin(a, b)", "ifelse(a <= b, 1, 0)", "ifelse(a <= b, 0, 1)", summary="the smaller, row by row", aliases="np.minimum",
        python="minimum", latex=r"\min\left({0}, {1}\right)"),
    row("%%(a, b)", "1", "-(a %/% b)", summary="remainder with the sign of b", aliases="np.mod", python="%",
        latex=r"{0} \bmod {1}"),
    row("%/%(a, b)", "0", "0", summary="integer quotient, rounded down", aliases="np.floor_divide", python="//",
        latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor"),
)  # fmt: skip
