"""Values at the edges of what a field of the contract can hold, by the kind of the field."""

import math

__all__ = ["DOUBLES", "FORMULAS", "INT32", "INT64", "NAMES", "POSITIVE"]

# Denormals, the neighbours of overflow, roots of both, whole numbers that double precision cannot distinguish.
POSITIVE = (
    5e-324, 1e-323, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-200, 1e-170, 1e-154, 1e-100, 1e-17,
    2.220446049250313e-16, 1e-8, 0.5, 1.0, 1.0000000000000002, 1e8, 4503599627370496.5, 2.0**53 - 1, 2.0**53, 2.0**53 + 2,
    2.0**63, 1e100, 1e150, 1e154, 1e155, 1e200, 1e300, 8.98846567431158e307, 1e308, 1.7976931348623157e308,
)  # fmt: skip
DOUBLES = (0.0, -0.0, math.nan, math.inf, -math.inf, *POSITIVE, *(-v for v in POSITIVE))

INT32 = (0, 1, 2, 3, 5, 7, 100, 101, 1000, 1001, 2**24, 2**31 - 1, -1, -2, -(2**31))
INT64 = (*INT32, 2**31, 2**32, 10**7, 10**7 + 1, 2**53 + 1, 2**62, 2**63 - 2, 2**63 - 1, -(2**63))

# Names of variables, columns, witnesses and exported functions.
NAMES = (
    "", " ", "x", "y", "z", "u", "x y", "x[1]", "x[[1]]", "x[99]", "u[1]", "sin", "pi", "e", "if", "lambda", "function",
    "None", "TRUE", "T", "NaN", "exact", "sympy", "deriv", "é", "e\u0301", "π", "𝒙", "ﬁ", "\u202ex\u202c", "\u200bx", "\ufeffx",
    "a\nb", "x\0", "\0", "`x`", "`a b`", "$x$", "\\frac", "\\", "_", "__", "__import__", "1x", "a;b", "<script>", "]]>",
    "%s%n", "../../etc/passwd", '"', "'", "=cmd", "x" * 10_000,
)  # fmt: skip

# Formulas that broke this service or another one, or that are edge cases of the language.
FORMULAS = (
    "", "   ", "\n", "#", "x", "1", "NaN", "Inf", "-0", "5e-324*x", "1.7976931348623157e308*x", "1e400*x", "1e-400*x",
    "x[1]", "x[0]", "x[1]^2 + x[2]", "pi", "c(x, y)", "c(x*y, x + y)", "c()", "function(x) x", "function() 1", "lambda: 1",
    "~ x", "x^NaN", "x^Inf", "NaN*x", "Inf*x", "x/0", "0/0", "0^0", "0^x", "(-1)^0.5*x", "x^1e308", "x^1e9", "x^-1e308",
    "x^5e-324", "1e308*x*1e308", "x^2^2^2^2", "x**2**2**2**2**2", "2**2**2**2**2**2*x", "x^1000000", "(x + y)^1000",
    "^".join("x" * 12), "x^x^x", "exp(exp(exp(exp(x))))", "log(log(log(log(x))))", "sin(1e308*x)", "sin(x)/x", "1/sin(1/x)",
    "x*y", "x^2 + 2*y^2", "(x - 1)^2 + 100*(y - x^2)^2", "exp(-1/x^2)", "x^4 - 3*x^2", "sqrt(x)", "sqrt(-x^2)", "x^(1/3)",
    "gamma(x)", "lgamma(x - 5)", "digamma(x)", "psigamma(x, 3)", "factorial(171)*x", "choose(x, 2)", "beta(x, -1)",
    "beta(x, y)", "lbeta(x, 1e-300)", "besselI(x, 1e9)", "besselJ(x, 0)", "besselK(x, 2)", "floor(x)", "sign(x)", "abs(x)",
    "x %% 0", "x %/% 0", "x %% y", "x // 0", "atan2(y, x)", "tan(x)", "plogis(x)", "plogis(x, 0, 5e-324)", "erf(x)",
    "qnorm(x)", "qnorm(2)*x", "dnorm(x, 0, 0)", "dnorm(x, 0, -1)", "pnorm(x, log.p = TRUE)", "dbinom(x, 3, 0.5)",
    "pgamma(x, 0, 0)", "pgamma(x, 1e300)", "qgamma(0.5, x)", "qchisq(1e-300, x)", "qbeta(0.5, x, y)", "pbeta(0.5, x, y)",
    "qt(0.25, x)", "pt(x, 5e-324)", "qpois(0.5, x)", "qbinom(0.5, x, 0.5)", "qnbinom(0.5, 1, x)", "dpois(x, y, log = TRUE)",
    "ifelse(x > 0, x, -x)", "ifelse(x > NaN, x, 1)", "max(x, 1)", "max(x, x, x, x)", "pmin(x, y)", "min()", "sum()",
    "sum(u)", "sum(x)", "mean(x)", "prod(x)", "sum((u - x*v)^2)", "sum(dnorm(u, x, y, log = TRUE))", "u", "u[1]", "x > 1",
    "TRUE", "!x", "1/(x - x)", "log(-1)*x", "log(0)*x", "x - x", "`a b`^2", "`$`^2", "`\\`*2", "`x`", "x;y", "x <- 1",
    "f <- function(x) x; f", "f <- function(n) f(n); f(x)", "x=3", "for (i in 1:3) x", "for (i in 1:1e9) x", "while(TRUE) x",
    "a <- x; for (i in 1:30) a <- a*a; a", "x&&1", "x:3", "1:3", "1:1e9", "x+1i", "'a'", '"a"', "sin", "sin()", "sin(x, x)",
    "x(2)", "x\u202e", "\0", "x\0", "x\u2028+ y", "é + π", "import os", "eval(x)", "__import__('os').system('id')",
    "-" * 300 + "x", "-" * 1000 + "x", "(" * 500 + "x" + ")" * 500, "(" * 30_000, "x" + " + x" * 3000, "x" * 5000,
    "sin(" * 300 + "x" + ")" * 300, "sin(" * 5000 + "x" + ")" * 5000, "exp(" * 20 + "x" + ")" * 20,
    "(" * 300 + "x" + "^2)" * 300, "x" + "^1.5" * 40, "*".join(f"sin({i}*x)" for i in range(1, 60)),
    "/".join("xy" * 20), " + ".join(f"x{i}^2" for i in range(300)),
)  # fmt: skip
