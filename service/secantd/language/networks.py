"""Functions of torch, jax.nn, scipy.special and numpy, with their own parameters, as formulas in R notation."""

from secantd.errors import Reason
from secantd.functions import NAMES
from secantd.language.context import Context
from secantd.language.formulas import formula
from secantd.language.inference import as_vector
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as, required_argument
from secantd.language.structural import apply_rows, constant, items, match, total
from secantd.language.values import Nothing, Value, Vector

__all__ = ["SUMMARIES"]

# A signature, the formula, what it computes, and other names. Sources: the reference pages of PyTorch 2, JAX, SciPy and NumPy.
FORMULAS = (
    # Activations
    ("relu(x)", "pmax(x, 0)", "the larger of x and 0", ""),
    ("relu6(x)", "pmin(pmax(x, 0), 6)", "x kept between 0 and 6", ""),
    ("silu(x)", "x*expit(x)", "x times the logistic function of x", "swish"),
    ("mish(x)", "x*tanh(softplus(x))", "x*tanh(softplus(x))", ""),
    ("elu(x, alpha = 1)", "where(x > 0, x, alpha*expm1(x))", "x above 0, alpha*(exp(x) - 1) below", ""),
    ("celu(x, alpha = 1)", "pmax(x, 0) + pmin(0, alpha*expm1(x/alpha))", "elu(x) with a continuous derivative", ""),
    ("selu(x)", "1.0507009873554805*where(x > 0, x, 1.6732632423543772*expm1(x))", "scaled elu(x)", ""),
    ("leaky_relu(x, negative_slope = 0.01)", "where(x >= 0, x, negative_slope*x)", "x above 0, negative_slope*x below", ""),
    ("hardtanh(x, min_val = -1, max_val = 1)", "pmin(pmax(x, min_val), max_val)", "x kept between two bounds", "hard_tanh"),
    ("hardsigmoid(x)", "pmin(pmax(x + 3, 0), 6)/6", "a piecewise linear logistic function", "hard_sigmoid"),
    ("hardswish(x)", "x*pmin(pmax(x + 3, 0), 6)/6", "x*hardsigmoid(x)", "hard_swish hard_silu"),
    ("softsign(x)", "x/(1 + abs(x))", "x/(1 + abs(x))", "soft_sign"),
    ("tanhshrink(x)", "x - tanh(x)", "x - tanh(x)", ""),
    ("torch.nn.functional.softplus(input, beta = 1, threshold = 20)", "softplus(beta*input)/beta", "softplus with a scale", ""),
    ("jax.nn.gelu(x, approximate = 1)", "where(approximate, 0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3))), x*pnorm(x))",
     "x*pnorm(x), or its approximation by tanh", ""),
    ("softshrink(x, lambd = 0.5)", "where(x > lambd, x - lambd, where(x < -lambd, x + lambd, 0))", "x moved towards 0 by lambd", ""),
    ("hardshrink(x, lambd = 0.5)", "where(abs(x) > lambd, x, 0)", "x, 0 between -lambd and lambd", ""),
    ("threshold(input, threshold, value)", "where(input > threshold, input, value)", "the input above a threshold, else a value", ""),
    ("lerp(input, end, weight)", "input + weight*(end - input)", "a point between two", ""),
    ("addcmul(input, tensor1, tensor2, value = 1)", "input + value*tensor1*tensor2", "input + value*tensor1*tensor2", ""),
    ("addcdiv(input, tensor1, tensor2, value = 1)", "input + value*tensor1/tensor2", "input + value*tensor1/tensor2", ""),
    ("torch.frac(x)", "x - trunc(x)", "the part of x behind the point", ""),
    # numpy and math
    ("deg2rad(x)", "x*pi/180", "degrees as radians", "radians"),
    ("rad2deg(x)", "x*180/pi", "radians as degrees", "degrees"),
    ("exp10(x)", "10^x", "10^x", ""),
    ("logaddexp2(x1, x2)", "logaddexp(x1*log(2), x2*log(2))/log(2)", "log2(2^x1 + 2^x2)", ""),
    ("copysign(x, y)", "abs(x)*where(y >= 0, 1, -1)", "x with the sign of y", ""),
    ("np.remainder(x, y)", "x %% y", "remainder with the sign of y", ""),
    ("fmod(x, y)", "x - y*trunc(x/y)", "remainder with the sign of x", ""),
    ("positive(x)", "x", "x itself", ""),
    ("rsqrt(x)", "1/sqrt(x)", "1/sqrt(x)", ""),
    ("isclose(a, b, rel_tol = 1e-9, abs_tol = 0)", "abs(a - b) <= pmax(rel_tol*pmax(abs(a), abs(b)), abs_tol)",
     "whether two numbers are close, as math.isclose", ""),
    ("fma(x, y, z)", "x*y + z", "x*y + z", ""),
    ("ldexp(x, i)", "x*2^i", "x*2^i", ""),
    # SymPy and R's pracma
    ("sec(x)", "1/cos(x)", "secant", ""), ("csc(x)", "1/sin(x)", "cosecant", ""), ("cot(x)", "1/tan(x)", "cotangent", ""),
    ("sech(x)", "1/cosh(x)", "hyperbolic secant", ""), ("csch(x)", "1/sinh(x)", "hyperbolic cosecant", ""),
    ("coth(x)", "1/tanh(x)", "hyperbolic cotangent", ""),
    ("asec(x)", "acos(1/x)", "inverse secant, from 0 to pi", ""), ("acsc(x)", "asin(1/x)", "inverse cosecant, from -pi/2 to pi/2", ""),
    ("acot(x)", "atan(1/x)", "inverse cotangent, from -pi/2 to pi/2, with a jump at 0", ""),
    ("asech(x)", "acosh(1/x)", "inverse hyperbolic secant", ""), ("acsch(x)", "asinh(1/x)", "inverse hyperbolic cosecant", ""),
    ("acoth(x)", "atanh(1/x)", "inverse hyperbolic cotangent", ""),
    # scipy.special
    ("sindg(x)", "sinpi(x/180)", "sine of an angle in degrees", "sind"), ("cosdg(x)", "cospi(x/180)", "cosine of an angle in degrees", "cosd"),
    ("tandg(x)", "tanpi(x/180)", "tangent of an angle in degrees", "tand"),
    ("cotdg(x)", "1/tanpi(x/180)", "cotangent of an angle in degrees", "cotd"),
    ("ndtr(x)", "pnorm(x)", "probability of at most x, standard normal", ""),
    ("log_ndtr(x)", "pnorm(x, log.p = TRUE)", "logarithm of ndtr(x)", ""),
    ("ndtri(y)", "qnorm(y)", "quantile of the standard normal", ""),
    ("erfinv(y)", "qnorm((1 + y)/2)/sqrt(2)", "inverse of erf", ""),
    ("erfcinv(y)", "qnorm(y/2, lower.tail = FALSE)/sqrt(2)", "inverse of erfc", ""),
    ("entr(x)", "where(x > 0, -x*log(x), where(x == 0, 0, -Inf))", "-x*log(x), 0 at 0", ""),
    ("rel_entr(x, y)", "where(x > 0 & y > 0, x*log(x/y), where(x == 0 & y >= 0, 0, Inf))", "x*log(x/y), 0 where x is 0", ""),
    ("kl_div(x, y)", "where(x > 0 & y > 0, x*log(x/y) - x + y, where(x == 0 & y >= 0, y, Inf))", "x*log(x/y) - x + y", ""),
    ("huber(delta, r)", "where(abs(r) <= delta, r^2/2, delta*(abs(r) - delta/2))", "Huber's loss", ""),
    ("pseudo_huber(delta, r)", "delta^2*(sqrt(1 + (r/delta)^2) - 1)", "a smooth Huber's loss", ""),
    ("boxcox(x, lmbda)", "where(lmbda == 0, log(x), (x^lmbda - 1)/lmbda)", "Box and Cox's transformation", ""),
    ("boxcox1p(x, lmbda)", "where(lmbda == 0, log1p(x), ((1 + x)^lmbda - 1)/lmbda)", "boxcox(1 + x, lmbda)", ""),
    ("inv_boxcox(y, lmbda)", "where(lmbda == 0, exp(y), (lmbda*y + 1)^(1/lmbda))", "inverse of boxcox", ""),
    ("inv_boxcox1p(y, lmbda)", "where(lmbda == 0, expm1(y), (lmbda*y + 1)^(1/lmbda) - 1)", "inverse of boxcox1p", ""),
    ("powm1(x, y)", "expm1(y*log(x))", "x^y - 1, accurate near 0", ""),
    ("poch(z, m)", "gamma(z + m)/gamma(z)", "rising factorial z*(z + 1)*...*(z + m - 1)", ""),
    ("perm(n, k)", "where(k >= 0 & k <= n, factorial(n)/factorial(n - k), 0)", "number of ordered choices of k from n", ""),
    ("k0e(x)", "besselK(x, 0, TRUE)", "exp(x)*k0(x)", ""), ("k1e(x)", "besselK(x, 1, TRUE)", "exp(x)*k1(x)", ""),
    ("math.remainder(x, y)", "x - y*round(x/y)", "x minus the nearest multiple of y", ""),
    ("exprel(x)", "where(x == 0, 1, expm1(x)/x)", "(exp(x) - 1)/x, 1 at 0", ""),
    ("cosm1(x)", "-2*sin(x/2)^2", "cos(x) - 1, accurate near 0", ""),
    ("jv(v, z)", "besselJ(z, v)", "Bessel function of the first kind", "jn"),
    ("yv(v, z)", "besselY(z, v)", "Bessel function of the second kind", "yn"),
    ("iv(v, z)", "besselI(z, v)", "modified Bessel function of the first kind", ""),
    ("kv(v, z)", "besselK(z, v)", "modified Bessel function of the second kind", "kn"),
    ("ive(v, z)", "besselI(z, v, TRUE)", "iv(v, z) * exp(-z)", ""),
    ("kve(v, z)", "besselK(z, v, TRUE)", "kv(v, z) * exp(z)", ""),
    ("j0(x)", "besselJ(x, 0)", "besselJ(x, 0)", ""), ("j1(x)", "besselJ(x, 1)", "besselJ(x, 1)", ""),
    ("y0(x)", "besselY(x, 0)", "besselY(x, 0)", ""), ("y1(x)", "besselY(x, 1)", "besselY(x, 1)", ""),
    ("i0e(x)", "where(x >= 0, besselI(x, 0, TRUE), besselI(-x, 0, TRUE))", "exp(-abs(x))*i0(x)", ""),
    ("i1e(x)", "where(x >= 0, besselI(x, 1, TRUE), -besselI(-x, 1, TRUE))", "exp(-abs(x))*i1(x)", ""),
    ("i0(x)", "besselI(x, 0)", "besselI(x, 0)", ""), ("i1(x)", "besselI(x, 1)", "besselI(x, 1)", ""),
    ("k0(x)", "besselK(x, 0)", "besselK(x, 0)", ""), ("k1(x)", "besselK(x, 1)", "besselK(x, 1)", ""),
    ("gammainc(a, x)", "pgamma(x, a)", "regularized lower incomplete gamma function", ""),
    ("gammaincc(a, x)", "pgamma(x, a, lower.tail = FALSE)", "regularized upper incomplete gamma function", ""),
    ("betainc(a, b, x)", "pbeta(x, a, b)", "regularized incomplete beta function", ""),
)  # fmt: skip
# torch's losses of a prediction and a target, entry by entry: the parameters in torch's order, and the formula. size_average
# and reduce are deprecated there and must be None.
OLD = "size_average = None, reduce = None"
LOSSES = (
    (f"mse_loss(input, target, {OLD}, reduction, weight = 1)", "weight*(input - target)^2", "mean squared error", ""),
    (f"l1_loss(input, target, {OLD}, reduction, weight = 1)", "weight*abs(input - target)", "mean absolute error", ""),
    ("huber_loss(input, target, reduction, delta = 1, weight = 1)", "weight*where(abs(input - target) <= delta, "
     "(input - target)^2/2, delta*(abs(input - target) - delta/2))", "mean of Huber's loss", ""),
    (f"smooth_l1_loss(input, target, {OLD}, reduction, beta = 1)", "where(abs(input - target) < beta, "
     "(input - target)^2/(2*beta), abs(input - target) - beta/2)", "mean of the smooth absolute error", ""),
    (f"binary_cross_entropy(input, target, weight = 1, {OLD}, reduction)",
     "-weight*(target*log(input) + (1 - target)*log1p(-input))", "mean cross entropy", ""),
    (f"binary_cross_entropy_with_logits(input, target, weight = 1, {OLD}, reduction, pos_weight = 1)",
     "weight*where(pos_weight == 1, softplus(input) - target*input, "
     "(1 - target)*input + (1 + (pos_weight - 1)*target)*softplus(-input))", "mean cross entropy of logits", ""),
    (f"torch.nn.functional.kl_div(input, target, {OLD}, reduction, log_target = 0)", "where(log_target, "
     "exp(target)*(target - input), where(target > 0, target*(log(target) - input), 0))",
     "mean of target*(log(target) - input), the first argument being a logarithm", ""),
    ("poisson_nll_loss(input, target, log_input = 1, full = 0, size_average = None, eps = 1e-8, reduce = None, reduction)",
     "where(log_input, exp(input) - target*input, input - target*log(input + eps)) + where(full & target > 1, "
     "target*log(target) - target + 0.5*log(2*pi*target), 0)", "mean negative log-likelihood of counts", ""),
    ("gaussian_nll_loss(input, target, var, full = 0, eps = 1e-6, reduction)", "0.5*(log(pmax(var, eps)) + "
     "(input - target)^2/pmax(var, eps)) + where(full, 0.5*log(2*pi), 0)", "mean negative log-likelihood of normal values", ""),
    (f"soft_margin_loss(input, target, {OLD}, reduction)", "softplus(-target*input)", "mean logistic loss of classes -1 and 1", ""),
)  # fmt: skip
SUMMARIES: dict[str, str] = {}


def parameters_of(signature: str) -> tuple[str, dict[str, float | str | None]]:
    """Return the name of a signature, and its parameters with their defaults; "None" for one that must be None."""
    name, _, inside = signature.rstrip(")").partition("(")
    pairs = [part.partition(" = ") for part in inside.split(", ")]
    return name, {p: d if d == "None" else float(d) if d else None for p, _, d in pairs}


def of_signature(signature: str, text: str) -> LibraryFunction:
    name, parameters = parameters_of(signature)
    order = list(parameters)

    def call(context: Context, arguments: Arguments, names: Names) -> Value:
        # torch calls the first argument `input`, others x.
        first = order[0]
        written = [first if n == "input" and n not in parameters else n for n in names]
        found = match(context, order, arguments, written, f"{name.rpartition('.')[2]}()")
        values: dict[str, Value] = {}
        for parameter, default in parameters.items():
            given = found.get(parameter)
            if default == "None":
                if given is not None and not isinstance(given, Nothing):
                    raise context.error(f"'{parameter}' of {name}() is deprecated", 'write reduction="sum" or "none"')
                continue
            if parameter == "reduction":
                continue
            if (given is None or isinstance(given, Nothing)) and default is not None:
                given = context.number(float(default))
            values[parameter] = required_argument(context, given, parameter)
        value = formula(context, text, values, elementwise=True)
        if "reduction" not in parameters:
            return value
        reduction = found.get("reduction", "mean")
        if reduction == "none":
            return value
        if reduction not in ("mean", "sum"):
            raise context.error(f"{name}() takes the reduction mean, sum or none", 'write reduction="sum"')
        return LIBRARY[f"np.{reduction}" if reduction == "sum" else "mean"](context, [value], (None,))

    return call


def shown(signature: str) -> str:
    """Return a signature as the table of functions shows it."""
    return signature.replace(f", {OLD}", "").replace(", size_average = None", "").replace(", reduce = None", "")


for signature, text, summary, others in (*FORMULAS, *LOSSES):
    short = parameters_of(signature)[0]
    if short in LIBRARY or short in NAMES:
        continue
    LIBRARY[short] = of_signature(signature, text)
    LIBRARY.update(dict.fromkeys((o for o in others.split() if o not in LIBRARY), LIBRARY[short]))
    SUMMARIES[shown(signature)] = summary


@known_as("gelu")
@fixed("input", optional=("approximate",))
def gelu(context: Context, input: Value, approximate: Value | None) -> Value:
    """torch's x*pnorm(x), or its approximation by tanh."""
    tanh = approximate == "tanh" or (
        not isinstance(approximate, str | None) and constant(context, approximate, "'approximate'")
    )
    return LIBRARY["jax.nn.gelu"](context, [input, context.number(float(bool(tanh)))], (None, None))


@known_as("clamp")
@fixed("input", optional=("min", "max"))
def clamp(context: Context, input: Value, min: Value | None, max: Value | None) -> Value:
    """torch's name of np.clip()."""
    for op, bound in (("pmax", min), ("pmin", max)):
        if bound is not None:
            input = apply_rows(context, op, [input, bound])
    return input


def spread_in_torch(name: str) -> LibraryFunction:
    """torch.var and torch.std, which divide by n - 1."""

    @fixed("input", optional=("axis", "unbiased", "correction", "keepdims"))
    def found(
        context: Context,
        input: Value,
        axis: Value | None,
        unbiased: Value | None,
        correction: Value | None,
        keep: Value | None,
    ) -> Value:
        less = correction if correction is not None else unbiased if unbiased is not None else context.number(1.0)
        given = [(input, None), (axis, "axis"), (less, "ddof"), (keep, "keepdims")]
        there = [(value, n) for value, n in given if value is not None]
        return LIBRARY[f"np.{name}"](context, [v for v, _ in there], tuple(n for _, n in there))

    return found


LIBRARY["torch.var"], LIBRARY["torch.std"] = spread_in_torch("var"), spread_in_torch("std")


@known_as("cosine_similarity")
@fixed("x1", "x2", optional=("axis",))
def cosine_similarity(context: Context, x1: Value, x2: Value, axis: Value | None) -> Value:
    """The cosine of the angle between two vectors."""
    values: dict[str, Value] = {
        "a": as_vector(context, x1, "cosine_similarity()"),
        "b": as_vector(context, x2, "cosine_similarity()"),
    }
    return formula(context, "sum(a*b)/sqrt(sum(a^2)*sum(b^2))", values)


@known_as("torch.max", "torch.min", "torch.median")
def with_positions(context: Context, arguments: Arguments, names: Names) -> Value:
    """torch.max and torch.min of all entries; along an axis they return positions, too."""
    name = str(context.instruction.operand[0]).rpartition(".")[2]
    if name == "median" or len(arguments) != 1:
        hint = "write np.median(x)" if name == "median" else f"write torch.{name}imum(a, b), or np.{name}(x, axis=0)"
        raise context.error(
            f"torch.{name}() with these arguments is not part of the language", hint, Reason.UNKNOWN_FUNCTION
        )
    return LIBRARY[f"np.{name}"](context, arguments, names)


@known_as("divmod")
@fixed("x", "y")
def quotient_and_remainder(context: Context, x: Value, y: Value) -> Value:
    """The integer quotient and the remainder."""
    return Vector(tuple(apply_rows(context, op, [x, y]) for op in ("%/%", "%%")))


@known_as("math.dist")
@fixed("p", "q")
def distance(context: Context, p: Value, q: Value) -> Value:
    """The Euclidean distance of two points."""
    sides = [items(context, v, "a point") for v in (p, q)]
    if len(sides[0]) != len(sides[1]):
        raise context.error("the points have different dimensions", "give one number for each dimension")
    differences = [
        apply_rows(context, "add", [a, apply_rows(context, "neg", [b])]) for a, b in zip(*sides, strict=True)
    ]
    squares = [apply_rows(context, "pow", [d, context.number(2.0)]) for d in differences]
    return apply_rows(context, "sqrt", [total(context, Vector(tuple(squares)))])
