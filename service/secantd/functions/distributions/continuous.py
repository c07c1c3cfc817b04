"""Continuous distributions."""

from functools import partial

from secantd.functions.distributions import family
from secantd.functions.distributions.stable import HAZARD, density, normal, probability, quantile, ratios, shifted
from secantd.functions.distributions.tails import BETA_TAILS, CHI_SQUARED_TAILS, GAMMA_TAILS, STUDENT_TAILS

__all__ = ["CONTINUOUS"]

Family = partial(family.Family, source="Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, 2nd ed.")


CONTINUOUS = (
    # The incomplete gamma and beta functions (DLMF 8.2, 8.17) and the quantiles of the normal, gamma and beta
    # distributions are primitives: their formulas are left empty.
    Family("norm", "mean = 0, sd = 1", "normal", r"\mathcal{{N}}",
        ("-((x - mean)/sd^2)", "(x - mean)/sd^2", "(((x - mean)/sd)^2 - 1)/sd"), ("-1", "(mean - x)/sd"),
        valid="(sd > 0)",
        density=("exp(-((x - mean)/sd)^2/2)/(sd * sqrt(2 * pi))", "-((x - mean)/sd)^2/2 - log(sd) - log(2 * pi)/2"),
        below="erfc(-(q - mean)/(sd * sqrt(2)))/2", above="erfc((q - mean)/(sd * sqrt(2)))/2",
        quantile="", upper="2 * mean - qnorm(p, mean, sd)",
        points=((0.3, 0.1, 1.2), (-4.4, 0.5, 0.7)), stable=normal(),
        exact={"qnorm": ("1", "(f - mean)/sd")}, scipy="norm", standard="norm"),
    Family("lnorm", "meanlog = 0, sdlog = 1", "log-normal", r"\mathrm{{LN}}",
        ("-((1 + (log(x) - meanlog)/sdlog^2)/x)", "(log(x) - meanlog)/sdlog^2",
         "(((log(x) - meanlog)/sdlog)^2 - 1)/sdlog"),
        ("-x", "x * (meanlog - log(x))/sdlog"), valid="(sdlog > 0)",
        density=("exp(-((log(x) - meanlog)/sdlog)^2/2)/(x * sdlog * sqrt(2 * pi))",
            "-((log(x) - meanlog)/sdlog)^2/2 - log(x) - log(sdlog) - log(2 * pi)/2"), support="x > 0",
        below="erfc(-(log(q) - meanlog)/(sdlog * sqrt(2)))/2", above="erfc((log(q) - meanlog)/(sdlog * sqrt(2)))/2",
        start="q <= 0", quantile="exp(qnorm(p, meanlog, sdlog))", upper="exp(qnorm(p, meanlog, sdlog, lower.tail = FALSE))",
        points=((0.6, 0.1, 1.2), (4.4, 0.5, 0.7)),
        stable={**density("x, meanlog, sdlog", "", """z <- (log(x) - meanlog)/sdlog
        value <- -(0.5 * (1.8378770664093453 + z * z) + log(x) + log(sdlog))""", "x > 0", "sdlog > 0"), **shifted()},
        exact={"qlnorm": ("f", "f * (log(f) - meanlog)/sdlog")}, outside="x < 0", standard="norm"),
    Family("exp", "rate = 1", "exponential", r"\mathrm{{Exp}}", ("-rate", "1/rate - x"), ("x/rate",),
        valid="(rate > 0)", density=("rate * exp(-rate * x)", "log(rate) - rate * x"), support="x >= 0",
        below="1 - exp(-rate * q)", above="exp(-rate * q)", start="q <= 0",
        quantile="-log1p(-p)/rate", upper="-log(p)/rate", points=((0.6, 1.3), (4.0, 0.4)),
        stable={
            **density("x, rate", "", """half <- exp(-0.5 * rate * x)
        value <- log(rate) - rate * x""", "x >= 0", "rate > 0", "half * rate * half"),
            **probability(f"hazard <- pmax(rate * q, 0)\n{HAZARD}", "rate > 0"),
            **quantile("value <- ifelse(logone < -700, exp(logone - log(rate)), -logother/rate)", "(rate > 0)"),
        }),
    Family("gamma", "shape, rate = 1", "gamma", r"\Gamma",
        ("(shape - 1)/x - rate", "log(rate * x) - digamma(shape)", "shape/rate - x"), ("", "x/rate"),
        valid="(shape > 0) & (rate > 0)",
        density=("rate^shape * x^(shape - 1) * exp(-rate * x)/gamma(shape)",
            "shape * log(rate) + (shape - 1) * log(x) - rate * x - lgamma(shape)"), support="x >= 0",
        below="", above="", quantile="", upper="", points=((0.6, 0.7, 1.3), (4.0, 3.2, 0.4)),
        stable=density("x, shape, rate", "stirling logratio deviance poisson", """
        front <- ifelse(shape < 1, logratio(shape, x), log(rate))
        core <- poisson(ifelse(shape < 1, shape, shape - 1), x * rate)
        value <- core + front
        edge <- ifelse(shape < 1, Inf, ifelse(shape == 1, log(rate), -Inf))
        value <- ifelse(x == 0, edge, value)
        value <- ifelse(shape == 0, ifelse(x == 0, Inf, -Inf), value)
        edge <- exp(value)
        inner <- (x > 0) & (shape > 0) & (x < Inf)""", "x >= 0", "(shape >= 0) & (rate > 0)",
        "ifelse(inner, ifelse(shape < 1, exp(core) * shape/x, exp(core) * rate), edge)") | GAMMA_TAILS,
        gradients={"shape": ("-", "", "gammainc_grad_a(shape, q * rate")}, places="shape rate scale", outside="x < 0",
        instead=(("scale", "rate", "1/scale", "-rate^2"),)),
    # The gamma distribution of shape df/2 and rate 1/2.
    Family("chisq", "df", "chi-squared", r"\chi^2", ("(df/2 - 1)/x - 0.5", "0.5 * (log(x/2) - digamma(df/2))"), ("",),
        valid="(df > 0)", density=("dgamma(x, df/2, 1/2)", "dgamma(x, df/2, 1/2, log = TRUE)"),
        below="pgamma(q, df/2, 1/2)", above="pgamma(q, df/2, 1/2, lower.tail = FALSE)",
        quantile="qgamma(p, df/2, 1/2)", upper="qgamma(p, df/2, 1/2, lower.tail = FALSE)",
        points=((0.6, 1.3), (4.0, 5.5)),
        stable={"d": "dgamma(x, 0.5 * df, 0.5)", "d.log": "dgamma(x, 0.5 * df, 0.5, log = TRUE)"} | CHI_SQUARED_TAILS,
        gradients={"df": ("-", "0.5 * ", "gammainc_grad_a(df/2, q/2")}, places="df ncp", scipy="chi2", outside="x < 0"),
    Family("beta", "shape1, shape2", "beta", r"\mathrm{{Beta}}",
        ("(shape1 - 1)/x - (shape2 - 1)/(1 - x)", "log(x) - digamma(shape1) + digamma(shape1 + shape2)",
         "log1p(-x) - digamma(shape2) + digamma(shape1 + shape2)"), ("", ""), valid="(shape1 > 0) & (shape2 > 0)",
        density=("x^(shape1 - 1) * (1 - x)^(shape2 - 1)/beta(shape1, shape2)",
            "(shape1 - 1) * log(x) + (shape2 - 1) * log(1 - x) - lbeta(shape1, shape2)"), support="(x >= 0) & (x <= 1)",
        below="", above="", quantile="", upper="", points=((0.3, 0.7, 2.2), (0.8, 3.1, 1.4)),
        stable=density("x, shape1, shape2", "stirling logratio deviance binomial", """y <- 1 - x
        a <- ifelse(shape1 < 1, shape1, shape1 - 1)
        b <- ifelse(shape2 < 1, shape2, shape2 - 1)
        total <- shape1 + shape2
        one <- ifelse(shape1 < 1, shape1/x, ifelse(shape2 < 1, shape2/y, total - 1))
        front <- ifelse((shape1 < 1) & (shape2 < 1), shape1 * shape2/total/(x * y), one)
        core <- binomial(a, b, x, y)
        value <- core + log(front)
        first <- ifelse(shape1 < 1, Inf, ifelse(shape1 == 1, log(shape2), -Inf))
        last <- ifelse(shape2 < 1, Inf, ifelse(shape2 == 1, log(shape1), -Inf))
        value <- ifelse(x == 0, first, ifelse(x == 1, last, value))
        inner <- (x > 0) & (x < 1) & (front < Inf)""", "(x >= 0) & (x <= 1)",
        "(shape1 > 0) & (shape2 > 0)", "ifelse(inner, exp(core) * front, exp(value))") | BETA_TAILS,
        gradients={"shape1": ("-", "", "betainc_grad_a(shape1, shape2, q"), "shape2": ("", "", "betainc_grad_b(shape1, shape2, q")},
        places="shape1 shape2 ncp", scipy="beta", outside="(x < 0) | (x > 1)", scores={"shape1": "dbeta_a", "shape2": "dbeta_b"}),
    # By the beta distribution of df/(df + x²): DLMF 8.17.1.
    Family("t", "df", "Student t", r"t",
        ("-((1 + df) * x/(df + x^2))",
         "0.5 * (digamma((1 + df)/2) - digamma(df/2) - log1p(x^2/df) + (x^2 - 1)/(df + x^2))"), ("",), valid="(df > 0)",
        density=("gamma((df + 1)/2)/(sqrt(df * pi) * gamma(df/2)) * (1 + x^2/df)^(-(df + 1)/2)",
            "lgamma((df + 1)/2) - lgamma(df/2) - log(df * pi)/2 - (df + 1)/2 * log(1 + x^2/df)"),
        below="""{
        tail <- pbeta(df/(df + q^2), df/2, 1/2)/2
        ifelse(q < 0, tail, 1 - tail) }""", above="""{
        tail <- pbeta(df/(df + q^2), df/2, 1/2)/2
        ifelse(q > 0, tail, 1 - tail) }""",
        quantile="sign(p - 1/2) * sqrt(df * (1/qbeta(2 * pmin(p, 1 - p), df/2, 1/2) - 1))",
        upper="sign(1/2 - p) * sqrt(df * (1/qbeta(2 * pmin(p, 1 - p), df/2, 1/2) - 1))",
        points=((0.6, 1.3), (-2.0, 5.5)),
        stable=density("x, df", "stirling logratio deviance", """half <- 0.5 * ifelse((df > 0) & (df < Inf), df, 1)
        front <- stirling(half + 0.5) - stirling(half) - deviance(half, half + 0.5) - 0.9189385332046728
        square <- x * x/(2 * half)
        growth <- ifelse(square < Inf, log1p(square), 2 * log(abs(x)) - log(2 * half))
        value <- front - (half + 0.5) * growth
        value <- ifelse(df == Inf, -0.5 * (x * x + 1.8378770664093453), value)""", "abs(x) < Inf", "df > 0") | STUDENT_TAILS,
        gradients={"df": ("sign(q)", "", "pt_grad_df(q, df")}, places="df ncp", scipy="t", scores={"df": "dt_df"}),
    # By the beta distribution of df1 x/(df1 x + df2), DLMF 8.17.1, from whichever of it and its complement is the smaller.
    Family("f", "df1, df2", "F", r"F",
        ("(df1/2 - 1)/x - (df1 + df2)/2 * (df1/(df1 * x + df2))",
         "0.5 * (digamma((df1 + df2)/2) - digamma(df1/2) + log(df1 * x/(df1 * x + df2)) + 1 - (df1 + df2) * x/(df1 * x + df2))",
         "0.5 * (digamma((df1 + df2)/2) - digamma(df2/2) + log(df2/(df1 * x + df2)) + 1 - (df1 + df2)/(df1 * x + df2))"),
        ("", ""), valid="(df1 > 0) & (df2 > 0) & (df1 < Inf) & (df2 < Inf)",
        density=("exp(df1/2 * log(df1/df2) + (df1/2 - 1) * log(x) - (df1 + df2)/2 * log(1 + df1/df2 * x))/beta(df1/2, df2/2)",
            "df1/2 * log(df1/df2) + (df1/2 - 1) * log(x) - (df1 + df2)/2 * log(1 + df1/df2 * x) - lbeta(df1/2, df2/2)"),
        support="x >= 0", below="pbeta(df1 * q/(df1 * q + df2), df1/2, df2/2)",
        above="pbeta(df1 * q/(df1 * q + df2), df1/2, df2/2, lower.tail = FALSE)", start="q <= 0",
        quantile="{\nx <- qbeta(p, df1/2, df2/2)\ndf2/df1 * x/(1 - x) }",
        upper="{\nx <- qbeta(p, df1/2, df2/2, lower.tail = FALSE)\ndf2/df1 * x/(1 - x) }",
        points=((0.5, 1.5, 4.25), (2.0, 5.5, 7.25)), stable=ratios(),
        gradients={"df1": ("?", "", "pf_grad_df1(q, df1, df2"), "df2": ("?", "", "pf_grad_df2(q, df1, df2")},
        places="df1 df2 ncp", scipy="f", outside="x < 0", scores={"df1": "df_df1", "df2": "df_df2"}),
    Family("weibull", "shape, scale = 1", "Weibull", r"\mathrm{{Weibull}}",
        ("(shape * (1 - (x/scale)^shape) - 1)/x", "1/shape + log(x/scale) * (1 - (x/scale)^shape)",
         "shape * ((x/scale)^shape - 1)/scale"), ("x * log(x/scale)/shape", "-(x/scale)"),
        valid="(shape > 0) & (scale > 0)",
        density=("shape/scale * (x/scale)^(shape - 1) * exp(-(x/scale)^shape)",
            "log(shape) - log(scale) + (shape - 1) * log(x/scale) - (x/scale)^shape"), support="x >= 0",
        below="1 - exp(-(q/scale)^shape)", above="exp(-(q/scale)^shape)", start="q <= 0",
        quantile="scale * (-log1p(-p))^(1/shape)", upper="scale * (-log(p))^(1/shape)",
        points=((0.6, 0.7, 1.3), (2.0, 3.2, 1.4)),
        stable={
            **density("x, shape, scale", "", """z <- x/scale
        value <- log(shape) - log(scale) + (shape - 1) * log(z) - z^shape
        value <- ifelse(x == 0, ifelse(shape < 1, Inf, ifelse(shape == 1, -log(scale), -Inf)), value)""",
                "(x >= 0) & (x < Inf)", "(shape > 0) & (scale > 0)"),
            **probability(f"hazard <- (pmax(q, 0)/scale)^shape\n{HAZARD}", "(shape > 0) & (scale > 0)"),
            **quantile("""power <- ifelse(logone < -700, exp(logone/shape), (-logother)^(1/shape))
        half <- ifelse(logone < -700, exp(0.5 * logone/shape), (-logother)^(0.5/shape))
        value <- ifelse(power < 1e-280, half * scale * half, scale * power)""", "(shape > 0) & (scale > 0)"),
        }, outside="x < 0"),
    Family("cauchy", "location = 0, scale = 1", "Cauchy", r"\mathrm{{Cauchy}}",
        ("-(2 * (x - location)/(scale^2 + (x - location)^2))", "2 * (x - location)/(scale^2 + (x - location)^2)",
         "((x - location)^2 - scale^2)/(scale * (scale^2 + (x - location)^2))"), ("-1", "(location - x)/scale"),
        valid="(scale > 0)",
        density=("1/(pi * scale * (1 + ((x - location)/scale)^2))",
            "-log(pi * scale) - log(1 + ((x - location)/scale)^2)"),
        below="1/2 + atan((q - location)/scale)/pi", above="1/2 - atan((q - location)/scale)/pi",
        quantile="location - scale/tan(pi * p)", upper="location + scale/tan(pi * p)",
        points=((0.3, 0.1, 1.2), (-4.4, 0.5, 0.7)),
        stable={
            **density("x, location, scale", "", """z <- (x - location)/scale
        growth <- ifelse(z * z < Inf, log1p(z * z), 2 * log(abs(z)))
        front <- 0.3183098861837907/scale
        value <- -(1.1447298858494002 + log(scale) + growth)""", "abs(z) < Inf", "scale > 0",
                "ifelse(z * z < Inf, front/(1 + z * z), front/z/z)"),
            # Both tails by atan(1/z)/π: DLMF 4.24.15
            **probability("""z <- (q - location)/scale
        tail <- atan(1/abs(ifelse(z == 0, 1, z)))/pi
        one <- ifelse(z < -1, tail, ifelse(z > 1, 1 - tail, 0.5 + atan(z)/pi))
        other <- ifelse(z > 1, tail, ifelse(z < -1, 1 - tail, 0.5 - atan(z)/pi))
        logone <- ifelse(one > 0.5, log1p(-other), log(one))
        logother <- ifelse(other > 0.5, log1p(-one), log(other))""", "(scale > 0) & (abs(location) < Inf)"),
            **quantile("""small <- pmin(one, other)
        z <- ifelse(small < 0.25, 1/tanpi(small), tanpi(0.5 - small))
        z <- ifelse(small == 0, Inf, z)
        value <- location + scale * ifelse(one < other, -z, z)""", "(scale > 0)"),
        },
        exact={"qcauchy": ("1", "(f - location)/scale")}, scipy="cauchy", standard="cauchy"),
    Family("unif", "min = 0, max = 1", "uniform", r"\mathrm{{U}}", ("0", "1/(max - min)", "-(1/(max - min))"),
        ("(x - max)/(max - min)", "-((x - min)/(max - min))"), valid="(min < max)",
        density=("1/(max - min)", "-log(max - min)"), support="(x >= min) & (x <= max)",
        below="(q - min)/(max - min)", above="(max - q)/(max - min)", start="q <= min", end="q >= max",
        quantile="min + p * (max - min)", upper="max - p * (max - min)",
        points=((0.3, 0.1, 1.2), (-4.4, -5.5, 0.7)),
        stable={
            **density("x, min, max", "", "value <- -log(max - min)", "(x >= min) & (x <= max)",
                "(min < max) & (max - min < Inf)", "1/(max - min)"),
            **probability("""one <- pmin(pmax((q - min)/(max - min), 0), 1)
        other <- pmin(pmax((max - q)/(max - min), 0), 1)
        one <- ifelse(q >= max, 1, ifelse(q <= min, 0, one))
        other <- ifelse(q >= max, 0, ifelse(q <= min, 1, other))
        logone <- ifelse(one > 0.5, log1p(-other), log(one))
        logother <- ifelse(other > 0.5, log1p(-one), log(other))""", "(min <= max) & (max - min < Inf)"),
            **quantile("value <- ifelse(one < 0.5, min + one * (max - min), max - other * (max - min))", "(min <= max) & (max - min < Inf)"),
        },
        exact={"qunif": ("(max - f)/(max - min)", "(f - min)/(max - min)")}),
    # 1 - 2F = -tanh(z/2) and f = F(1 - F)/scale: stable at both ends.
    Family("logis", "location = 0, scale = 1", "logistic", r"\mathrm{{Logistic}}",
        ("-(tanh((x - location)/(2 * scale))/scale)", "tanh((x - location)/(2 * scale))/scale",
         "((x - location)/scale * tanh((x - location)/(2 * scale)) - 1)/scale"), ("-1", "(location - x)/scale"),
        valid="(scale > 0)",
        density=("exp(-(x - location)/scale)/(scale * (1 + exp(-(x - location)/scale))^2)",
            "-(x - location)/scale - log(scale) - 2 * log(1 + exp(-(x - location)/scale))"),
        below="1/(1 + exp(-(q - location)/scale))", above="1/(1 + exp((q - location)/scale))",
        quantile="location + scale * log(p/(1 - p))", upper="location + scale * log((1 - p)/p)",
        points=((0.3, 0.1, 1.2), (-4.4, 0.5, 0.7)),
        stable={
            **density("x, location, scale", "", """z <- abs((x - location)/scale)
        half <- exp(-0.5 * z)
        value <- -(z + log(scale) + 2 * log1p(exp(-z)))""", "z < Inf", "scale > 0",
                "half/scale/(1 + half * half) * (half/(1 + half * half))"),
            **probability("""z <- (q - location)/scale
        one <- expit(z)
        other <- expit(-z)
        logone <- log_expit(z)
        logother <- log_expit(-z)""", "scale > 0"),
            # log(p/(1 - p)) near 1/2 by atanh, where the logarithms cancel.
            **quantile("""gap <- one - other
        value <- location + scale * ifelse(abs(gap) < 0.5, 2 * atanh(gap), logone - logother)""", "(scale > 0)"),
        },
        exact={
            "plogis.log": tuple(f"{s}plogis(q, location, scale, lower.tail = FALSE)/scale{t}"
                for s, t in (("", ""), ("-", ""), ("", " * ((location - q)/scale)"))),
            "plogis.upper.log": tuple(f"{s}plogis(q, location, scale)/scale{t}"
                for s, t in (("-", ""), ("", ""), ("", " * ((q - location)/scale)"))),
            "qlogis": ("1", "(f - location)/scale"), "qlogis.p": ("scale/(p * (1 - p))",),
            "qlogis.upper.p": ("-(scale/(p * (1 - p)))",), "qlogis.log.p": ("-(scale/expm1(p))",),
            "qlogis.upper.log.p": ("scale/expm1(p)",),
        }, standard="logis", scipy="logistic"),
)  # fmt: skip
