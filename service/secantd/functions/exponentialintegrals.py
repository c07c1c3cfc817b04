"""Integrals of exponentials: the imaginary error function, Dawson's integral, and exponential integrals."""

from secantd.functions.row import row

__all__ = ["EXPONENTIAL_INTEGRALS"]

EXPONENTIAL_INTEGRALS = (
    # exp(x^2) from a square that is exact and a small rest, half of it at a time: the product overflows only where the value does.
    row("erfi(x)", "2 * exp(x^2)/sqrt(pi)", summary="imaginary error function -i erf(ix); not in R", aliases="scipy.special.erfi",
        numeric=True, stable="""
        y <- pmin(abs(x), 27)
        first <- round(y * 65536)/65536
        half <- exp(0.5 * first * first)
        value <- half * (half * (1.1283791670955126 * dawsn(y)) * exp((y - first) * (y + first)))
        ifelse(x == x, ifelse(x < 0, -value, value), NaN)""",
        points=((0.3,), (-1.2,), (4.2,)), source="DLMF 7.2, 7.5.1"),
    # Below 1/2 by DLMF 7.6.2; from 12 on by its asymptotic series, 7.12.1; else Rybicki, Computers in Physics 3 (1989), with h = 3/16,
    # where the error is exp(-(pi/2h)^2).
    row("dawsn(x)", "1 - 2 * x * dawsn(x)", summary="Dawson's integral; not in R", aliases="scipy.special.dawsn",
        meaning="sqrt(pi)/2 * exp(-x^2) * erfi(x)", numeric=True, stable="""
        y <- abs(x)
        u <- pmin(y, 0.5)
        near <- 1
        for (k in 16:1) near <- 1 - 2 * u * u/(2 * k + 1) * near
        v <- pmin(y, 12)
        even <- 2 * round(v/0.375)
        z <- v - 0.1875 * even
        total <- 0
        for (k in -18:17) total <- total + exp(-(z - 0.1875 * (2 * k + 1))^2)/(2 * k + 1 + even)
        w <- pmax(y, 12)
        far <- 1
        for (k in 12:1) far <- 1 + (2 * k - 1)/w * (0.5/w) * far
        value <- ifelse(y < 0.5, u * near, ifelse(y < 12, 0.5641895835477563 * total, 0.5/w * far))
        ifelse(x == x, ifelse(x < 0, -value, value), NaN)""",
        points=((0.3,), (-1.2,), (4.2,), (15.5,)), source="DLMF 7.2, 7.6.2, 7.12.1; Rybicki (1989)"),
    # Up to 1 by DLMF 6.6.2, beyond by the even part of the continued fraction 6.9.1.
    row("exp1(x)", "-(exp(-x)/x)", summary="exponential integral E1; not in R", aliases="scipy.special.exp1",
        meaning="-expi(-x)", valid="x >= 0", numeric=True, stable="""
        y <- pmin(x, 1)
        series <- 1
        for (k in 20:1) series <- 1 - y * k/((k + 1) * (k + 1)) * series
        z <- pmax(x, 1)
        t <- z + 181
        for (k in 90:1) t <- z + 2 * k - 1 - k * k/t
        ifelse(x <= 1, y * series - 0.5772156649015329 - log(y), exp(-z)/t)""",
        points=((0.3,), (1.2,), (7.5,)), source="DLMF 6.2, 6.6.2, 6.9.1"),
    # About its root x0, which is given to twice the digits, Ei(x) - Ei(x0) term by term; from 40 on by DLMF 6.12.2, else by 6.6.1.
    row("expi(x)", "exp(x)/x", summary="exponential integral Ei; not in R", aliases="Ei scipy.special.expi",
        numeric=True, stable="""
        y <- pmax(pmin(x, 40), 5e-324)
        series <- 1
        for (k in 120:1) series <- 1 + y * k/((k + 1) * (k + 1)) * series
        middle <- 0.5772156649015329 + log(y) + y * series
        u <- pmax(pmin(x, 0.5), 0.25)
        d <- (u - 0.3725074107813666) - 1.3140183414386028e-17
        total <- 0
        power <- 1
        quotient <- 0
        factor <- 1
        for (k in 1:20) {
            quotient <- u * quotient + power
            power <- power * 0.3725074107813666
            factor <- factor/k
            total <- total + quotient * factor/k
        }
        root <- log1p(d/0.3725074107813666) + d * total
        z <- pmax(x, 40)
        far <- 1
        for (k in 40:1) far <- 1 + k/z * far
        large <- exp(0.5 * z) * (exp(0.5 * z) * (far/z))
        above <- ifelse(x >= 40, ifelse(z < Inf, large, Inf), ifelse((x > 0.25) & (x < 0.5), root, middle))
        ifelse(x > 0, above, ifelse(x == 0, -Inf, -exp1(pmax(-x, 5e-324))))""",
        points=((-1.2,), (0.3,), (3.7,), (45.5,)), source="DLMF 6.2.5, 6.6.1, 6.12.2"),
)  # fmt: skip
