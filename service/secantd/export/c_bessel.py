"""The C code of Bessel functions of real order.

J is recurred downwards (Miller's algorithm, DLMF 3.6(iii)) and normalized by H'/H, a continued fraction (Steed; DLMF 10.33 gives its
ratio), or by Y of an order of at most 1/2, which is Temme's series (J. Comput. Phys. 19, 1975) for x < 2. Y is recurred upwards. Where
x is large beside the square of the order, both are Hankel's expansion (DLMF 10.17.3). K of orders below 3/2 is an integral
(DLMF 10.32.9) by the trapezoidal rule, and recurred upwards; I is recurred downwards and normalized by its Wronskian with K
(DLMF 10.28.2). Each loop has a largest number of steps.
"""

__all__ = ["BESSEL", "MODIFIED"]

# DLMF 5.7.1: the coefficients of 1/gamma(1 + z), of odd and of even powers of z.
_ODD = (
    0.5772156649015329, -0.04200263503409524, -0.04219773455554433, 0.0072189432466631, -0.0002152416741149509, -2.013485478078824e-05,
    1.133027231981696e-06, 6.116095104481416e-09, -1.181274570487020e-09, 7.782263439905071e-12,
)  # fmt: skip
_EVEN = (
    1.0, -0.6558780715202539, 0.1665386113822915, -0.009621971527876974, -0.001165167591859065, 0.0001280502823881162,
    -1.250493482142671e-06, -2.056338416977607e-07, 5.002007644469223e-09, 1.043426711691101e-10, -3.696805618642206e-12,
)  # fmt: skip


def _horner(values: tuple[float, ...]) -> str:
    text = repr(values[-1])
    for value in reversed(values[:-1]):
        text = f"{value!r} + u * ({text})"
    return text


BESSEL = f"""/* The Bessel function of the first or the second kind, of real order, for x >= 0; NaN where it would take too many steps. */
static double @bessel(double x, double order, int second)
{{
    const double pi = 3.141592653589793, n = fabs(order), most = 200000.0;
    double j, y, turn, c, s;
    if (!(x >= 0.0) || !isfinite(order))
        return NAN;
    turn = fmod(n, 2.0);
    c = turn == 0.5 || turn == 1.5 ? 0.0 : cos(pi * turn);
    s = turn == 0.0 || turn == 1.0 ? 0.0 : sin(pi * turn);
    if (isinf(x))
        return 0.0;
    if (x == 0.0) {{
        if (second)
            return order < 0.0 ? (c == 0.0 ? 0.0 : c < 0.0 ? INFINITY : -INFINITY) : -INFINITY;
        return n == 0.0 ? 1.0 : order > 0.0 || s == 0.0 ? 0.0 : s < 0.0 ? -INFINITY : INFINITY;
    }}
    if (x >= 25.0 && n * n <= 2.0 * x) {{
        const double angle = pi * fmod(0.5 * n + 0.25, 2.0), size = sqrt(2.0 / pi / x);
        const double along = cos(x) * cos(angle) + sin(x) * sin(angle), across = sin(x) * cos(angle) - cos(x) * sin(angle);
        double p = 1.0, q = 0.0, term = 1.0;
        int k;
        for (k = 1; k < 80 && fabs(term) > 1e-18; k++) {{
            term *= (4.0 * n * n - (2.0 * k - 1.0) * (2.0 * k - 1.0)) / (8.0 * k * x);
            if (k % 2)
                q += k % 4 == 1 ? term : -term;
            else
                p += k % 4 == 0 ? term : -term;
        }}
        j = size * (p * along - q * across);
        y = size * (p * across + q * along);
    }} else {{
        const double down = x < 2.0 ? floor(n + 0.5) : n > x ? ceil(n - x) : 0.0, m = n - down;
        const double steps = (n < x ? ceil(x - n) : 0.0) + ceil(12.0 * cbrt(x)) + 40.0;
        double above = 0.0, here = 1e-250, kept, below, k, shrunk = 0.0, y1;
        if (steps + down > most)
            return NAN;
        for (k = steps; k > 0.0; k--) {{
            below = 2.0 * (n + k) / x * here - above;
            above = here;
            here = below;
            if (fabs(here) > 1e200) {{
                above *= 1e-200;
                here *= 1e-200;
            }}
        }}
        kept = here;
        for (k = down; k > 0.0; k--) {{
            below = 2.0 * (m + k) / x * here - above;
            above = here;
            here = below;
            if (fabs(here) > 1e200) {{
                above *= 1e-200;
                here *= 1e-200;
                shrunk++;
            }}
        }}
        if (x < 2.0) {{
            const double half = 0.5 * x, e = -m * log(half), u = m * m;
            const double odd = {_horner(_ODD)};
            const double even = {_horner(_EVEN)};
            const double plus = even + m * odd, minus = even - m * odd;
            double f, p, q, r, power = 1.0, a = pi * m, b;
            f = 2.0 / pi * (a == 0.0 ? 1.0 : a / sin(a)) * (-odd * cosh(e) - even * (e == 0.0 ? 1.0 : sinh(e) / e) * log(half));
            p = exp(e) / (pi * plus);
            q = exp(-e) / (pi * minus);
            r = a == 0.0 ? 0.0 : 2.0 * sin(0.5 * a) * sin(0.5 * a) / m;
            a = f + r * q;
            b = p;
            for (k = 1.0; k < 30.0; k++) {{
                f = (k * f + p + q) / (k * k - u);
                power *= -half * half / k;
                p /= k - m;
                q /= k + m;
                a += power * (f + r * q);
                b += power * (p - k * (f + r * q));
            }}
            y = -a;
            y1 = -b / half;
            r = 2.0 / (pi * x) / (above * y - here * y1);
            j = r * kept;
        }} else {{
            double re = 0.0, im = 0.0, a, b, p, q, slope, size;
            for (k = 120.0; k > 0.0; k--) {{
                a = 2.0 * x + re;
                b = 2.0 * k + im;
                size = ((k - 0.5) * (k - 0.5) - m * m) / (a * a + b * b);
                re = size * a;
                im = -size * b;
            }}
            p = -0.5 / x - im / x;
            q = 1.0 + re / x;
            slope = m / x * here - above;
            y = (p * here - slope) / q;
            size = sqrt(2.0 / (pi * x * q)) / hypot(here, y);
            j = size * kept;
            y *= size;
            y1 = m / x * y - (q * size * here + p * y);
        }}
        j *= shrunk > 2.0 ? 0.0 : pow(1e-200, shrunk);
        for (k = 1.0; k <= down; k++) {{
            below = 2.0 * (m + k) / x * y1 - y;
            y = y1;
            y1 = below;
        }}
    }}
    if (isnan(y))
        y = -INFINITY;
    if (order < 0.0)
        return second ? (s == 0.0 ? 0.0 : s * j) + (c == 0.0 ? 0.0 : c * y) : (c == 0.0 ? 0.0 : c * j) - (s == 0.0 ? 0.0 : s * y);
    return second ? y : j;
}}"""

MODIFIED = """/* The modified Bessel function of the first or the second kind, of real order, for x >= 0, times exp(-x) or exp(x) if it is
   scaled; NaN where it would take too many steps. */
static double @modified(double x, double order, int second, int scaled)
{
    const double pi = 3.141592653589793, n = fabs(order), turn = fmod(n, 2.0);
    const double s = turn == 0.0 || turn == 1.0 ? 0.0 : sin(pi * turn);
    double first, other, factor;
    if (!(x >= 0.0) || !isfinite(order))
        return NAN;
    if (isinf(x))
        return second || scaled ? 0.0 : INFINITY;
    if (x == 0.0) {
        if (second)
            return INFINITY;
        return n == 0.0 ? 1.0 : order > 0.0 || s == 0.0 ? 0.0 : s < 0.0 ? -INFINITY : INFINITY;
    }
    if (x >= 25.0 && n * n <= 2.0 * x) {
        double term = 1.0;
        int k;
        first = 1.0;
        other = 1.0;
        for (k = 1; k < 80 && fabs(term) > 1e-18; k++) {
            term *= (4.0 * n * n - (2.0 * k - 1.0) * (2.0 * k - 1.0)) / (8.0 * k * x);
            first += k % 2 ? -term : term;
            other += term;
        }
        first /= sqrt(2.0 * pi * x);
        other *= sqrt(0.5 * pi / x);
    } else {
        const double down = floor(n + 0.5), m = n - down, steps = ceil(9.0 * sqrt(x)) + 40.0;
        const double h = fmin(0.2, 0.5 / sqrt(x)), end = log1p(40.0 / x + sqrt(40.0 / x * (2.0 + 40.0 / x)));
        double above = 0.0, here = 1e-250, kept = 1e-250, below, shrunk = 0.0, sum = 0.5, next = 0.5, t, k;
        if (steps + down > 200000.0)
            return NAN;
        for (k = 1.0; k <= 4000.0 && k * h <= end; k++) {
            t = sinh(0.5 * k * h);
            t = exp(-2.0 * x * t * t);
            sum += t * cosh(m * k * h);
            next += t * cosh((m + 1.0) * k * h);
        }
        sum *= h;
        next *= h;
        for (k = steps + down; k > 0.0; k--) {
            if (k == down)
                kept = here;
            below = 2.0 * (m + k) / x * here + above;
            above = here;
            here = below;
            if (here > 1e200) {
                above *= 1e-200;
                here *= 1e-200;
                shrunk += k <= down;
            }
        }
        if (down == 0.0)
            kept = here;
        first = 1.0 / (x * (here * next + above * sum)) * kept;
        first *= shrunk > 2.0 ? 0.0 : pow(1e-200, shrunk);
        other = sum;
        for (k = 1.0; k <= down; k++) {
            below = 2.0 * (m + k) / x * next + other;
            other = next;
            next = below;
        }
    }
    if (order < 0.0 && s != 0.0)
        first += 2.0 / pi * s * (other * exp(-x) * exp(-x));
    if (scaled)
        return second ? other : first;
    factor = exp(second ? -0.5 * x : 0.5 * x);
    return (second ? other : first) * factor * factor;
}"""
