"""The elementary functions, with derivatives in the form that R's Deriv prints."""

from functools import partial

from secantd.functions import row as rows

__all__ = ["ELEMENTARY"]

row = partial(rows.row, source="Abramowitz & Stegun, Handbook of Mathematical Functions, 3.3, 4.1-4.6")

# The derivative of a step function is 0 wherever it exists.
ELEMENTARY = (
    row("sqrt(x)", "0.5/f", summary="square root", aliases="math.sqrt np.sqrt", latex=r"\sqrt{{{0}}}",
        points=((0.3,), (7.5,))),
    row("exp(x)", "f", summary="exponential", aliases="math.exp np.exp", latex=r"e^{{{0}}}", points=((-1.3,), (2.5,))),
    row("expm1(x)", "exp(x)", summary="exp(x) - 1, accurate near 0", aliases="math.expm1 np.expm1",
        meaning="exp(x) - 1", points=((-1.3,), (1e-9,), (2.5,))),
    row("log(x)", "1/x", summary="natural logarithm", aliases="math.log np.log logb", latex=r"\ln", points=((0.3,), (7.5,))),
    row("log(x, base)", "1/(x * log(base))", "-(f/(base * log(base)))", name="log_base", aliases="logb math.log",
        summary="logarithm to a base", latex=r"\log_{{{1}}}\left({0}\right)", meaning="log(x)/log(base)",
        stable="ifelse(base == 10, log10(x), ifelse(base == 2, log2(x), log(x)/log(base)))",
        points=((0.3, 3.7), (7.5, 0.4))),
    row("log2(x)", "1/(x * log(2))", summary="logarithm to base 2", aliases="math.log2 np.log2", latex=r"\log_{{2}}\left({0}\right)",
        meaning="log(x)/log(2)", points=((0.3,), (7.5,))),
    row("log10(x)", "1/(x * log(10))", summary="logarithm to base 10", aliases="math.log10 np.log10",
        latex=r"\log_{{10}}\left({0}\right)", meaning="log(x)/log(10)", points=((0.3,), (7.5,))),
    row("log1p(x)", "1/(1 + x)", summary="log(1 + x), accurate near 0", aliases="math.log1p np.log1p",
        latex=r"\ln\left(1 + {0}\right)", meaning="log(1 + x)", points=((-0.3,), (1e-9,), (7.5,))),
    row("sin(x)", "cos(x)", summary="sine", aliases="math.sin np.sin", latex=r"\sin", points=((-0.7,), (4.2,))),
    row("cos(x)", "-sin(x)", summary="cosine", aliases="math.cos np.cos", latex=r"\cos", points=((-0.7,), (4.2,))),
    row("tan(x)", "1/cos(x)^2", summary="tangent", aliases="math.tan np.tan", latex=r"\tan", points=((-0.7,), (4.2,))),
    row("asin(x)", "1/sqrt(1 - x^2)", summary="inverse sine", aliases="arcsin math.asin np.arcsin np.asin", latex=r"\arcsin",
        points=((-0.7,), (0.2,))),
    row("acos(x)", "-(1/sqrt(1 - x^2))", summary="inverse cosine", aliases="arccos math.acos np.arccos np.acos",
        latex=r"\arccos", points=((-0.7,), (0.2,))),
    row("atan(x)", "1/(1 + x^2)", summary="inverse tangent", aliases="arctan math.atan np.arctan np.atan", latex=r"\arctan",
        points=((-0.7,), (4.2,))),
    row("atan2(y, x)", "x/(x^2 + y^2)", "-(y/(x^2 + y^2))", summary="angle of the point (x, y)",
        aliases="arctan2 math.atan2 np.arctan2 np.atan2", points=((0.7, 1.3), (-2.2, 0.4), (1.5, -0.6))),
    # The reduction of x has no rounding.
    row("sinpi(x)", "pi * cospi(x)", summary="sin(pi x), exact at multiples of 1/2", meaning="sin(pi * x)", stable="""
        r <- x - 2 * trunc(x/2)
        r <- ifelse(r > 1.5, r - 2, ifelse(r < -1.5, r + 2, r))
        r <- ifelse(r > 0.5, 1 - r, ifelse(r < -0.5, -1 - r, r))
        sin(pi * r)""", points=((-0.7,), (4.2,))),
    row("cospi(x)", "-(pi * sinpi(x))", summary="cos(pi x), exact at multiples of 1/2", meaning="cos(pi * x)", stable="""
        r <- abs(x) - 2 * trunc(abs(x)/2)
        r <- ifelse(r > 1, 2 - r, r)
        ifelse(r < 0.25, cos(pi * r), ifelse(r <= 0.75, sin(pi * (0.5 - r)), -cos(pi * (1 - r))))""",
        points=((-0.7,), (4.2,))),
    row("tanpi(x)", "pi/cospi(x)^2", summary="tan(pi x), exact at multiples of 1/2", meaning="tan(pi * x)", stable="""
        r <- x - trunc(x)
        r <- ifelse(r > 0.5, r - 1, ifelse(r < -0.5, r + 1, r))
        size <- abs(r)
        inner <- ifelse(size == 0.25, 4 * r, tan(pi * r))
        outer <- sign(r)/tan(pi * (0.5 - size))
        ifelse(size <= 0.25, inner, ifelse(size == 0.5, NaN, outer))""", points=((-0.7,), (4.2,))),
    row("sinh(x)", "cosh(x)", summary="hyperbolic sine", aliases="math.sinh np.sinh", latex=r"\sinh",
        points=((-0.7,), (2.2,))),
    row("cosh(x)", "sinh(x)", summary="hyperbolic cosine", aliases="math.cosh np.cosh", latex=r"\cosh",
        points=((-0.7,), (2.2,))),
    row("tanh(x)", "1 - tanh(x)^2", summary="hyperbolic tangent", aliases="math.tanh np.tanh", latex=r"\tanh",
        points=((-0.7,), (2.2,))),
    row("asinh(x)", "1/sqrt(1 + x^2)", summary="inverse hyperbolic sine", aliases="arcsinh math.asinh np.arcsinh np.asinh",
        latex=r"\operatorname{{arsinh}}", points=((-0.7,), (2.2,))),
    row("acosh(x)", "1/sqrt(x^2 - 1)", summary="inverse hyperbolic cosine", aliases="arccosh math.acosh np.arccosh np.acosh",
        latex=r"\operatorname{{arcosh}}", points=((1.3,), (4.2,))),
    row("atanh(x)", "1/(1 - x^2)", summary="inverse hyperbolic tangent", aliases="arctanh math.atanh np.arctanh np.atanh",
        latex=r"\operatorname{{artanh}}", points=((-0.7,), (0.2,))),
    row("abs(x)", "sign(x)", summary="absolute value", aliases="fabs math.fabs np.abs np.absolute", latex=r"\left|{0}\right|",
        points=((-0.7,), (2.2,))),
    row("sign(x)", "0", summary="-1, 0 or 1", aliases="np.sign", latex=r"\operatorname{{sgn}}",
        stable="ifelse(x > 0, 1, ifelse(x < 0, -1, x))", points=((-0.7,), (2.2,))),
    row("floor(x)", "0", summary="largest integer not above x", aliases="math.floor np.floor",
        latex=r"\left\lfloor {0} \right\rfloor", points=((-0.7,), (2.2,))),
    row("ceiling(x)", "0", summary="smallest integer not below x", aliases="ceil math.ceil np.ceil", python="ceil",
        latex=r"\left\lceil {0} \right\rceil", points=((-0.7,), (2.2,))),
    row("trunc(x)", "0", summary="x without its fraction", aliases="math.trunc np.trunc", meaning="sign(x) * floor(abs(x))",
        points=((-1.7,), (2.2,))),
    row("round(x, digits = 0)", "0", "0", summary="nearest decimal with so many digits, as in R 4; ties to even", aliases="np.round",
        synonyms=(("ndigits", "digits"), ("decimals", "digits")),
        meaning="""scale <- 10^floor(digits + 1/2)
        t <- x * scale
        below <- floor(t)
        even <- 2 * floor((below + 1)/2)
        ifelse(t - below < 1/2, below, ifelse(t - below > 1/2, below + 1, even))/scale""",
        points=((-1.7, 0.0), (2.26, 1.0), (1234.0, -2.0))),
    # At a tie half of each side, as sign(0) = 0 is for abs: max(x, 0) + min(x, 0) has the derivative 1 at 0.
    row("pmax(a, b)", "ifelse(a > b, 1, ifelse(a == b, 0.5, 0))", "ifelse(a < b, 1, ifelse(a == b, 0.5, 0))",
        summary="the larger, row by row", aliases="np.maximum", python="maximum", latex=r"\max\left({0}, {1}\right)", points=((-0.7, 1.3), (2.2, 0.4))),
    row("pmin(a, b)", "ifelse(a < b, 1, ifelse(a == b, 0.5, 0))", "ifelse(a > b, 1, ifelse(a == b, 0.5, 0))",
        summary="the smaller, row by row", aliases="np.minimum", python="minimum", latex=r"\min\left({0}, {1}\right)", points=((-0.7, 1.3), (2.2, 0.4))),
    row("%%(a, b)", "1", "-(a %/% b)", summary="remainder with the sign of b", aliases="np.mod", python="%",
        latex=r"{0} \bmod {1}", meaning="a - b * floor(a/b)", points=((-0.7, 1.3), (2.2, 0.4), (7.3, -2.0))),
    row("%/%(a, b)", "0", "0", summary="integer quotient, rounded down", aliases="np.floor_divide", python="//",
        latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor", meaning="floor(a/b)",
        points=((-0.7, 1.3), (2.2, 0.5), (7.3, -2.0))),
)  # fmt: skip
