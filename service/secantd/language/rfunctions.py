"""R's functions that are formulas with flags or defaults: distributions beside the table, and the models of nls()."""

from secantd.expression import Node
from secantd.language.context import Context
from secantd.language.formulas import formula
from secantd.language.inference import as_vector
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, required_argument
from secantd.language.structural import match
from secantd.language.tablecalls import truth
from secantd.language.values import Value

__all__ = ["MODELS"]

# The call as R's help shows it, its summary, and its value in the parameters' names; {log} is a flag as text. Vectors are listed below.
FUNCTIONS = (
    # Failures before the first success: the negative binomial distribution of size 1.
    ("dgeom(x, prob, log = FALSE)", "density of the geometric distribution", "dnbinom(x, 1, prob, log = {log})"),
    ("pgeom(q, prob, lower.tail = TRUE, log.p = FALSE)", "probability of at most q, geometric distribution",
        "pnbinom(q, 1, prob, lower.tail = {lower.tail}, log.p = {log.p})"),
    ("qgeom(p, prob, lower.tail = TRUE, log.p = FALSE)", "quantile of the geometric distribution",
        "qnbinom(p, 1, prob, lower.tail = {lower.tail}, log.p = {log.p})"),
    ("dlaplace(x, location = 0, scale = 1, log = FALSE)", "density of the Laplace distribution", "-log(2*scale) - abs(x - location)/scale"),
    # lchoose() rounds x.
    ("dhyper(x, m, n, k, log = FALSE)", "density of the hypergeometric distribution", """ifelse(abs(x - round(x)) <= 1e-07,
        lchoose(m, x) + lchoose(n, k - x) - lchoose(m + n, k), -Inf)"""),
    ("dmultinom(x, size = sum(x), prob, log = FALSE)", "density of the multinomial distribution", """ifelse(size == sum(x),
        lgamma(size + 1) + sum(xlogy(x, prob/sum(prob)) - lgamma(x + 1)), -Inf)"""),
    # Pinheiro & Bates, Mixed-Effects Models in S and S-PLUS (2000), appendix C
    ("SSasymp(input, Asym, R0, lrc)", "asymptotic regression", "Asym + (R0 - Asym)*exp(-exp(lrc)*input)"),
    ("SSasympOff(input, Asym, lrc, c0)", "asymptotic regression with an offset", "Asym*(1 - exp(-exp(lrc)*(input - c0)))"),
    ("SSasympOrig(input, Asym, lrc)", "asymptotic regression through the origin", "Asym*(1 - exp(-exp(lrc)*input))"),
    ("SSbiexp(input, A1, lrc1, A2, lrc2)", "biexponential model", "A1*exp(-exp(lrc1)*input) + A2*exp(-exp(lrc2)*input)"),
    ("SSfol(Dose, input, lKe, lKa, lCl)", "first-order compartment model",
        "Dose*exp(lKe + lKa - lCl)*(exp(-exp(lKe)*input) - exp(-exp(lKa)*input))/(exp(lKa) - exp(lKe))"),
    ("SSfpl(input, A, B, xmid, scal)", "four-parameter logistic model", "A + (B - A)/(1 + exp((xmid - input)/scal))"),
    ("SSgompertz(x, Asym, b2, b3)", "Gompertz growth model", "Asym*exp(-b2*b3^x)"),
    ("SSlogis(input, Asym, xmid, scal)", "logistic model", "Asym/(1 + exp((xmid - input)/scal))"),
    ("SSmicmen(input, Vm, K)", "Michaelis-Menten model", "Vm*input/(K + input)"),
    ("SSweibull(x, Asym, Drop, lrc, pwr)", "Weibull growth curve", "Asym - Drop*exp(-exp(lrc)*x^pwr)"),
)  # fmt: skip
VECTORS = {"dmultinom": ("x", "prob")}


def of_call(signature: str, text: str) -> LibraryFunction:
    name, _, inside = signature.removesuffix(")").partition("(")
    pairs = [(p.partition(" = ")[0], p.partition(" = ")[2]) for p in inside.split(", ")]
    flags = {p: default == "TRUE" for p, default in pairs if default in ("TRUE", "FALSE")}
    # A density whose text is its logarithm.
    logarithm = "log" in flags and "{log}" not in text

    def call(context: Context, arguments: Arguments, names: Names) -> Value:
        found = match(context, [p for p, _ in pairs], arguments, names, f"{name}()")
        settings = {p: truth(context, found[p], f"'{p}'") if p in found else flags[p] for p in flags}
        values: dict[str, Value] = {}
        for parameter, default in pairs:
            if parameter in flags:
                continue
            value = found.get(parameter)
            if value is None and default:
                value = formula(context, default, values)
            value = required_argument(context, value, parameter)
            vector = parameter in VECTORS.get(name, ())
            values[parameter] = as_vector(context, value, f"{name}()") if vector and isinstance(value, Node) else value
        body = text
        for flag, setting in settings.items():
            body = body.replace(f"{{{flag}}}", "TRUE" if setting else "FALSE")
        if logarithm and not settings["log"]:
            body = f"exp({body})"
        return formula(context, body, values, elementwise=name not in VECTORS)

    return call


# The summaries by the calls.
MODELS = {signature: summary for signature, summary, _ in FUNCTIONS}
for signature, _, text in FUNCTIONS:
    LIBRARY[signature.partition("(")[0]] = of_call(signature, text)
