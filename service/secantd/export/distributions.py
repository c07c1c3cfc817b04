"""Distributions by their formulas, for languages without them: parameters, pieces of `definitions`, text.

The formulas are those of `secantd.program.special`.
"""

__all__ = ["DISTRIBUTIONS"]

Text = tuple[str, str, str]


def density(name: str, parameters: str, pieces: str, text: str, inside: str, valid: str) -> dict[str, Text]:
    """Return the rows of a density from `text`, which leaves its logarithm in `value`."""
    head = f"x, {parameters}"
    known = " & ".join(f"({p} == {p})" for p in head.split(", "))
    body = f"""{text}
        value <- ifelse({valid} & {known}, ifelse({inside}, value, -Inf), NaN)"""
    return {f"d{name}.log": (head, pieces, body + "\nvalue"), f"d{name}": (head, pieces, body + "\nexp(value)")}


def probability(name: str, parameters: str, text: str, valid: str) -> dict[str, Text]:
    """Return the rows of a probability from `text`, which leaves both tails in `one` and `other`.

    Args:
        text: Also `logone` and `logother`, their logarithms.
    """
    head = f"q, {parameters}"
    rows = {}
    for row, result in (("", "one"), (".upper", "other"), (".log", "logone"), (".upper.log", "logother")):
        rows[f"p{name}{row}"] = (head, "", f"{text}\nifelse({valid}, {result}, NaN)")
    return rows


def quantile(name: str, parameters: str, text: str, valid: str) -> dict[str, Text]:
    """Return the rows of a quantile from `text`, which has both tails in `one` and `other` and their logarithms."""
    head = f"p, {parameters}"
    plain = "one <- p\nother <- 1 - p\nlogone <- log(p)\nlogother <- log1p(-p)\n"
    # log(1 - exp(p)): Maechler (2012)
    logs = """one <- exp(p)
        other <- -expm1(p)
        logone <- p
        logother <- ifelse(p > -0.6931471805599453, log(-expm1(p)), log1p(-exp(p)))
        """
    turned = "swap <- one\none <- other\nother <- swap\nswap <- logone\nlogone <- logother\nlogother <- swap\n"
    rows = {}
    for row, chance, turn, domain in (
        ("", plain, "", "(p >= 0) & (p <= 1)"),
        (".upper", plain, turned, "(p >= 0) & (p <= 1)"),
        (".log", logs, "", "p <= 0"),
        (".upper.log", logs, turned, "p <= 0"),
    ):
        rows[f"q{name}{row}"] = (head, "", f"{chance}{turn}{text}\nifelse({domain} & {valid}, value, NaN)")
    return rows


# P(X > x) = exp(-hazard)
HAZARD = """one <- -expm1(-hazard)
        other <- exp(-hazard)
        logone <- ifelse(one > 0.5, log1p(-other), log(one))
        logother <- -hazard"""
COUNTED = "whole <- ifelse(abs(x) < Inf, abs(x - k) <= 1e-07 * pmax(1, abs(x)), 0) & (k >= 0)"

DISTRIBUTIONS: dict[str, Text] = {
    **density("exp", "rate", "", "value <- log(rate) - rate * x", "x >= 0", "rate > 0"),
    **probability("exp", "rate", f"hazard <- pmax(rate * q, 0)\n{HAZARD}", "rate > 0"),
    **quantile("exp", "rate", "value <- -logother/rate", "(rate > 0)"),
    **density("weibull", "shape, scale", "", """z <- x/scale
        value <- log(shape) - log(scale) + (shape - 1) * log(z) - z^shape
        value <- ifelse(x == 0, ifelse(shape < 1, Inf, ifelse(shape == 1, -log(scale), -Inf)), value)""",
        "(x >= 0) & (x < Inf)", "(shape > 0) & (scale > 0)"),
    **probability("weibull", "shape, scale", f"hazard <- (pmax(q, 0)/scale)^shape\n{HAZARD}", "(shape > 0) & (scale > 0)"),
    **quantile("weibull", "shape, scale", "value <- scale * (-logother)^(1/shape)", "(shape > 0) & (scale > 0)"),
    **density("lnorm", "meanlog, sdlog", "", """z <- (log(x) - meanlog)/sdlog
        value <- -(0.5 * (1.8378770664093453 + z * z) + log(x * sdlog))""", "x > 0", "sdlog > 0"),
    **{
        f"plnorm{row}": ("q, meanlog, sdlog", "", f"""z <- (log(pmax(q, 0)) - meanlog)/sdlog
        ifelse(sdlog > 0, pnorm(z, 0, 1, lower.tail = {lower}, log.p = {log}), NaN)""")
        for row, lower, log in (
            ("", "TRUE", "FALSE"), (".upper", "FALSE", "FALSE"), (".log", "TRUE", "TRUE"), (".upper.log", "FALSE", "TRUE"))
    },
    "qlnorm": ("p, meanlog, sdlog", "", "ifelse(sdlog > 0, exp(meanlog + sdlog * qnorm(p, 0, 1)), NaN)"),
    "qlnorm.upper": ("p, meanlog, sdlog", "",
        "ifelse(sdlog > 0, exp(meanlog + sdlog * qnorm(p, 0, 1, lower.tail = FALSE)), NaN)"),
    **density("cauchy", "location, scale", "", """z <- (x - location)/scale
        growth <- ifelse(z * z < Inf, log1p(z * z), 2 * log(abs(z)))
        value <- -(1.1447298858494002 + log(scale) + growth)""", "abs(z) < Inf", "scale > 0"),
    # Both tails by atan(1/z)/π: DLMF 4.24.15
    **probability("cauchy", "location, scale", """z <- (q - location)/scale
        tail <- atan(1/abs(ifelse(z == 0, 1, z)))/pi
        one <- ifelse(z < -1, tail, ifelse(z > 1, 1 - tail, 0.5 + atan(z)/pi))
        other <- ifelse(z > 1, tail, ifelse(z < -1, 1 - tail, 0.5 - atan(z)/pi))
        logone <- ifelse(one > 0.5, log1p(-other), log(one))
        logother <- ifelse(other > 0.5, log1p(-one), log(other))""", "(scale > 0) & (abs(location) < Inf)"),
    **quantile("cauchy", "location, scale", """small <- pmin(one, other)
        z <- ifelse(small < 0.25, 1/tanpi(small), tanpi(0.5 - small))
        z <- ifelse(small == 0, Inf, z)
        value <- location + scale * ifelse(one < other, -z, z)""", "(scale > 0)"),
    **density("unif", "min, max", "", "value <- -log(max - min)", "(x >= min) & (x <= max)",
        "(min < max) & (max - min < Inf)"),
    **probability("unif", "min, max", """one <- pmin(pmax((q - min)/(max - min), 0), 1)
        other <- pmin(pmax((max - q)/(max - min), 0), 1)
        one <- ifelse(q >= max, 1, ifelse(q <= min, 0, one))
        other <- ifelse(q >= max, 0, ifelse(q <= min, 1, other))
        logone <- log(one)
        logother <- log(other)""", "(min <= max) & (max - min < Inf)"),
    **quantile("unif", "min, max", "value <- min + one * (max - min)", "(min <= max) & (max - min < Inf)"),
    **density("logis", "location, scale", "", """z <- abs((x - location)/scale)
        value <- -(z + log(scale) + 2 * log1p(exp(-z)))""", "z < Inf", "scale > 0"),
    **probability("logis", "location, scale", """z <- (q - location)/scale
        small <- exp(-abs(z))
        one <- ifelse(z < 0, small, 1)/(1 + small)
        other <- ifelse(z < 0, 1, small)/(1 + small)
        logone <- pmin(z, 0) - log1p(small)
        logother <- pmin(-z, 0) - log1p(small)""", "scale > 0"),
    # log(p/(1 - p)) near 1/2 by atanh, where the logarithms cancel.
    **quantile("logis", "location, scale", """gap <- one - other
        value <- location + scale * ifelse(abs(gap) < 0.5, 2 * atanh(gap), logone - logother)""", "(scale > 0)"),
    **density("pois", "lambda", "stirling deviance poisson", f"""k <- round(x)
        {COUNTED}
        value <- poisson(ifelse(whole, k, 0), lambda)""", "whole", "lambda >= 0"),
    **density("binom", "size, prob", "stirling deviance binomial", f"""k <- round(x)
        n <- round(size)
        {COUNTED} & (k <= n)
        k <- ifelse(whole, k, 0)
        value <- binomial(k, n - k, prob, 1 - prob)""", "whole",
        "(prob >= 0) & (prob <= 1) & (size >= 0) & (abs(size - n) <= 1e-07 * pmax(1, size))"),
    **density("nbinom", "size, prob", "stirling deviance binomial", f"""k <- round(x)
        {COUNTED}
        k <- ifelse(whole, k, 0)
        n <- ifelse(size > 0, size, 1)
        value <- binomial(n, k, prob, 1 - prob) + log(n/(n + k))
        value <- ifelse(k == 0, n * log(prob), value)
        value <- ifelse(size > 0, value, ifelse(k == 0, 0, -Inf))""", "whole", "(prob > 0) & (prob <= 1) & (size >= 0)"),
    **density("gamma", "shape, rate", "stirling deviance poisson", """front <- ifelse(shape < 1, log(shape) - log(x), log(rate))
        value <- poisson(ifelse(shape < 1, shape, shape - 1), x * rate) + front
        edge <- ifelse(shape < 1, Inf, ifelse(shape == 1, log(rate), -Inf))
        value <- ifelse(x == 0, edge, value)
        value <- ifelse(shape == 0, ifelse(x == 0, Inf, -Inf), value)""", "x >= 0", "(shape >= 0) & (rate > 0)"),
    "dchisq": ("x, df", "", "dgamma(x, 0.5 * df, 0.5)"),
    "dchisq.log": ("x, df", "", "dgamma(x, 0.5 * df, 0.5, log = TRUE)"),
    **density("beta", "shape1, shape2", "stirling deviance binomial", """y <- 1 - x
        a <- ifelse(shape1 < 1, shape1, shape1 - 1)
        b <- ifelse(shape2 < 1, shape2, shape2 - 1)
        total <- shape1 + shape2
        one <- ifelse(shape1 < 1, shape1/x, ifelse(shape2 < 1, shape2/y, total - 1))
        front <- ifelse((shape1 < 1) & (shape2 < 1), shape1 * shape2/total/(x * y), one)
        value <- binomial(a, b, x, y) + log(front)
        first <- ifelse(shape1 < 1, Inf, ifelse(shape1 == 1, log(shape2), -Inf))
        last <- ifelse(shape2 < 1, Inf, ifelse(shape2 == 1, log(shape1), -Inf))
        value <- ifelse(x == 0, first, ifelse(x == 1, last, value))""", "(x >= 0) & (x <= 1)", "(shape1 > 0) & (shape2 > 0)"),
    **density("t", "df", "stirling deviance", """half <- 0.5 * ifelse((df > 0) & (df < Inf), df, 1)
        front <- stirling(half + 0.5) - stirling(half) - deviance(half, half + 0.5) - 0.9189385332046728
        square <- x * x/(2 * half)
        growth <- ifelse(square < Inf, log1p(square), 2 * log(abs(x)) - log(2 * half))
        value <- front - (half + 0.5) * growth
        value <- ifelse(df == Inf, -0.5 * (x * x + 1.8378770664093453), value)""", "abs(x) < Inf", "df > 0"),
}  # fmt: skip
