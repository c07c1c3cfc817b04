"""Stable forms of distributions: formulas that are accurate in both tails, at edges and outside the support.

Keys are a row's prefix and its flags: "d", "d.log", "p.upper.log".
"""

from secantd.functions.pieces import with_pieces

__all__ = ["COUNTED", "HAZARD", "density", "normal", "probability", "quantile", "ratios", "shifted"]

TAILS = (("", "TRUE", "FALSE"), (".upper", "FALSE", "FALSE"), (".log", "TRUE", "TRUE"), (".upper.log", "FALSE", "TRUE"))
# P(X > x) = exp(-hazard)
HAZARD = """one <- -expm1(-hazard)
        other <- exp(-hazard)
        logone <- ifelse(one > 0.5, log1p(-other), log(one))
        logother <- -hazard"""
COUNTED = "whole <- (abs(x) < Inf) & (abs(x - k) <= 1e-07 * pmax(1, abs(x))) & (k >= 0)"


def density(
    arguments: str, pieces: str, text: str, inside: str, valid: str, direct: str = "exp(value)"
) -> dict[str, str]:
    """Return the forms of a density from `text`, which assigns its logarithm to `value`.

    Args:
        arguments: x and the parameters.
        pieces: The pieces that `text` uses.
        text: Assignments.
        inside: Where the density is not 0.
        valid: For which parameters there is a value.
        direct: The density itself, where it has more digits than the power of its logarithm.
    """
    known = " & ".join(f"({p} == {p})" for p in arguments.split(", "))

    def form(value: str, outside: str) -> str:
        result = f"ifelse({valid} & {known}, ifelse({inside}, {value}, {outside}), NaN)"
        return with_pieces(pieces, f"{text}\n{result}")

    return {"d.log": form("value", "-Inf"), "d": form(direct, "0")}


def probability(text: str, valid: str) -> dict[str, str]:
    """Return the forms of a probability from `text`, which assigns both tails to `one` and `other`, and their logarithms

    Args:
        text: Assignments.
        valid: The condition on the parameters.
    to `logone` and `logother`."""
    results = (("", "one"), (".upper", "other"), (".log", "logone"), (".upper.log", "logother"))
    return {f"p{tail}": f"{text}\nifelse({valid}, {result}, NaN)" for tail, result in results}


def quantile(text: str, valid: str) -> dict[str, str]:
    """Return the forms of a quantile from `text`, which uses both tails `one` and `other`, and their logarithms.

    Args:
        text: Assignments.
        valid: The condition on the parameters.
    """
    plain = "one <- p\nother <- 1 - p\nlogone <- log(p)\nlogother <- log1p(-p)\n"
    # log(1 - exp(p)): Maechler (2012)
    logs = """one <- exp(p)
        other <- -expm1(p)
        logone <- p
        logother <- ifelse(p > -0.6931471805599453, log(-expm1(p)), log1p(-exp(p)))
        """
    turned = "swap <- one\none <- other\nother <- swap\nswap <- logone\nlogone <- logother\nlogother <- swap\n"
    found = {}
    for tail, chance, turn, domain in (
        ("", plain, "", "(p >= 0) & (p <= 1)"),
        (".upper", plain, turned, "(p >= 0) & (p <= 1)"),
        (".log", logs, "", "p <= 0"),
        (".upper.log", logs, turned, "p <= 0"),
    ):
        found[f"q{tail}"] = f"{chance}{turn}{text}\nifelse({domain} & {valid}, value, NaN)"
    return found


def shifted() -> dict[str, str]:
    """Return the probabilities and quantiles of the log-normal distribution, those of the logarithm."""
    found = {
        f"p{tail}": f"""z <- (log(pmax(q, 0)) - meanlog)/sdlog
        ifelse(sdlog > 0, pnorm(z, 0, 1, lower.tail = {lower}, log.p = {log}), NaN)"""
        for tail, lower, log in TAILS
    }
    for tail, lower, log in TAILS:
        normal = f"qnorm(p, 0, 1, lower.tail = {lower}, log.p = {log})"
        found[f"q{tail}"] = f"ifelse(sdlog > 0, exp(meanlog + sdlog * {normal}), NaN)"
    return found


def ratios() -> dict[str, str]:
    """Return the forms of the F distribution from the smaller one of df1 x/(df1 x + df2) and its complement."""
    valid = "(df1 > 0) & (df2 > 0) & (df1 < Inf) & (df2 < Inf)"
    found = density("x, df1, df2", "stirling logratio deviance binomial", """a <- 0.5 * df1
        b <- 0.5 * df2
        u <- df1 * x/(df1 * x + df2)
        v <- df2/(df1 * x + df2)
        core <- binomial(a, b, u, v)
        value <- core + log(a) - log(x) + logratio(b, a + b)
        value <- ifelse(x == 0, ifelse(df1 < 2, Inf, ifelse(df1 == 2, 0, -Inf)), value)""", "(x >= 0) & (x < Inf)", valid,
        "ifelse((x > 0) & (a + b < Inf), exp(core) * a * (b/(a + b))/x, exp(value))")  # fmt: skip
    for tail, lower, log in TAILS:
        other, turned = ("FALSE" if lower == "TRUE" else "TRUE"), lower
        none, every = ("-Inf", "0") if log == "TRUE" else ("0", "1")
        none, every = (none, every) if lower == "TRUE" else (every, none)
        found[f"p{tail}"] = f"""x <- df1 * q
        u <- ifelse(x < df2, x, df2)/(x + df2)
        first <- pbeta(u, 0.5 * df1, 0.5 * df2, lower.tail = {turned}, log.p = {log})
        second <- pbeta(u, 0.5 * df2, 0.5 * df1, lower.tail = {other}, log.p = {log})
        value <- ifelse(x < df2, first, second)
        value <- ifelse(q <= 0, {none}, ifelse(q == Inf, {every}, value))
        ifelse({valid} & (q == q), value, NaN)"""
        found[f"q{tail}"] = f"""u <- qbeta(p, 0.5 * df1, 0.5 * df2, lower.tail = {lower}, log.p = {log})
        v <- qbeta(p, 0.5 * df2, 0.5 * df1, lower.tail = {other}, log.p = {log})
        ifelse({valid}, df2/df1 * ifelse(u < 0.5, u/(1 - u), (1 - v)/v), NaN)"""
    return found


def normal() -> dict[str, str]:
    """Return the forms of the normal distribution: the quantile by Wichura, AS 241, Applied Statistics 37 (1988)."""
    found = {
        # In two halves, as a density that is no double may be one after the division by a small sd.
        "d": """z <- (x - mean)/sd
        first <- floor(z * 65536 + 0.5)/65536
        half <- exp(-0.25 * first * first)
        value <- half * (0.3989422804014327/sd) * (half * exp(-0.5 * (z - first) * (z + first)))
        value <- ifelse(abs(z) < 53, value, ifelse(z == z, 0, NaN))
        ifelse(sd > 0, value, ifelse(sd == 0, ifelse(x == mean, Inf, 0), NaN))""",
        "d.log": """z <- (x - mean)/sd
        value <- -(0.5 * z * z + 0.9189385332046728 + log(sd))
        ifelse(sd > 0, value, ifelse(sd == 0, ifelse(x == mean, Inf, -Inf), NaN))""",
    }  # fmt: skip
    for tail, sign, first in (("", "", "q < mean"), (".upper", "-", "q >= mean")):
        for log, pieces, function, none, every in (
            ("", "error below", "below", "0", "1"),
            (".log", "error below logbelow", "logbelow", "-Inf", "0"),
        ):
            found[f"p{tail}{log}"] = with_pieces(pieces, f"""z <- {sign}(q - mean)/sd
        point <- ifelse({first}, {none}, {every})
        ifelse(sd > 0, {function}(z), ifelse(sd == 0, point, NaN))""")  # fmt: skip
    for tail, sign, low, high in (("", "", "-Inf", "Inf"), (".upper", "-", "Inf", "-Inf")):
        found[f"q{tail}"] = f"""q <- {sign}(p - 0.5)
        r <- 0.180625 - q * q
        middle <- q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
            + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608)/(((((((5226.495278852854561 * r
            + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r
            + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1)
        s <- sqrt(-log(pmin(p, 1 - p)))
        t <- s - 1.6
        near <- (((((((7.7454501427834140764e-4 * t + 0.0227238449892691845833) * t + 0.24178072517745061177) * t
            + 1.27045825245236838258) * t + 3.64784832476320460504) * t + 5.7694972214606914055) * t
            + 4.6303378461565452959) * t + 1.42343711074968357734)/(((((((1.05075007164441684324e-9 * t
            + 5.475938084995344946e-4) * t + 0.0151986665636164571966) * t + 0.14810397642748007459) * t
            + 0.68976733498510000455) * t + 1.6763848301838038494) * t + 2.05319162663775882187) * t + 1)
        u <- s - 5
        far <- (((((((2.01033439929228813265e-7 * u + 2.71155556874348757815e-5) * u + 0.0012426609473880784386) * u
            + 0.026532189526576123093) * u + 0.29656057182850489123) * u + 1.7848265399172913358) * u
            + 5.4637849111641143699) * u + 6.6579046435011037772)/(((((((2.04426310338993978564e-15 * u
            + 1.4215117583164458887e-7) * u + 1.8463183175100546818e-5) * u + 7.868691311456132591e-4) * u
            + 0.0148753612908506148525) * u + 0.13692988092273580531) * u + 0.59983220655588793769) * u + 1)
        tail <- ifelse(s <= 5, near, far)
        z <- ifelse(abs(q) <= 0.425, middle, ifelse(q < 0, -tail, tail))
        z <- ifelse(p == 0, {low}, ifelse(p == 1, {high}, z))
        z <- ifelse((p < 0) | (p > 1), NaN, z)
        ifelse(sd > 0, mean + sd * z, ifelse((sd == 0) & (z == z), mean, NaN))"""
    return found
