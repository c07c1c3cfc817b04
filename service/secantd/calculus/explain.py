"""The derivation of one derivative, step by step.

The steps are those of the walk that differentiates: each shows a node, the rule that was applied to it and the light form of
the result, and the result of the last one is the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from secantd.algebra import Light
from secantd.calculus import forward
from secantd.calculus.derivation import Derivation, Part, depths_of
from secantd.calculus.derivative import light_derivative, light_form
from secantd.calculus.formulas import formula, spelling_of
from secantd.calculus.lightforms import light_of
from secantd.calculus.point import component, scalar
from secantd.calculus.results import SCALAR, Formula, Naming, Shape, matrix
from secantd.calculus.variables import chosen_variables, require_variables
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import REDUCTIONS, Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS
from secantd.language import Function, Notation
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import printable

__all__ = ["Derivation", "Explanation", "Part", "explain"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps, inner expressions first; `derivative` is the answer of `differentiate`."""

    steps: tuple[Derivation, ...]
    derivative: Formula
    variables: tuple[str, ...]
    notices: tuple[str, ...]
    shape: Shape = SCALAR
    # Pages of `secantd.pages`.
    pages: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The content of one step, as nodes."""

    rule: str
    parts: tuple[tuple[str, Node], ...]
    sentence: str


def explain(
    function: Function,
    variables: Sequence[str] = (),
    notations: Sequence[Notation] = (),
    definition: bool = False,
    *,
    gradient: bool = False,
    limits: Limits | None = None,
) -> Explanation:
    """Return the derivation of a derivative.

    Args:
        function: A scalar function.
        variables: The variables to differentiate with respect to, in order; empty: the only variable.
        notations: The notations of the formulas; empty: the function's own.
        definition: Whether to derive it from the limit of the difference quotient, for polynomials of one variable.
        gradient: Whether to derive each first partial derivative, with respect to `variables` or, without them, all of them.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> [(s.rule, s.result.text) for s in explain(read("(2*x + 1)^4")).steps]
    [('constant multiple', '2'), ('sum', '2'), ('chain', '8 * (1 + 2 * x)^3')]
    """
    limits = limits or DEFAULT_LIMITS
    notices = list(function.notices)
    output = component(function) if function.arrays else scalar(function)
    if gradient:
        wanted = tuple(dict.fromkeys(variables or function.variables))
        if len(wanted) != 1:
            return of_gradient(function, wanted, notations, definition, limits)
    require_variables(function, variables)
    if len(variables) > limits.derivative_order:
        headline = f"the derivative has order {len(variables)}"
        raise limit_exceeded("derivative_order", headline, limits.derivative_order, field="variables")
    chosen = chosen_variables(function, variables, notices)
    if function.arrays:
        return of_arrays(function, output, chosen, notations, definition, limits, notices)
    steps: list[Derivation] = []
    node = output
    for i, variable in enumerate(chosen):
        if not definition:
            expect_short(node, variable, limits)
        answer = light_derivative(function, output, chosen[: i + 1], limits=limits)
        if definition:
            from secantd.calculus.definition import by_definition

            steps += by_definition(function, node, answer, variable, notations, limits, notices)
        else:
            steps += derivation(function, node, answer, variable, notations, limits, notices)
        node = answer
    derivative = formula(function, node, notations, limits, notices=notices, naming=None)
    return Explanation(tuple(steps), derivative, chosen, tuple(notices))


def of_gradient(
    function: Function, variables: Sequence[str], notations: Sequence[Notation], definition: bool, limits: Limits
) -> Explanation:
    """Return the derivations of all first partial derivatives, one after the other, and their vector."""
    if function.arrays or not variables:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the derivation of a gradient is with respect to numbers"
            if variables
            else "the expression has no variables",
            "name one vector or matrix as the variable" if variables else "",
            field="variables",
        )
    found = []
    left = limits.derivation_steps
    for variable in variables:
        found.append(
            explain(function, (variable,), notations, definition, limits=replace(limits, derivation_steps=left))
        )
        left = max(left - len(found[-1].steps), 1)
    notices = dict.fromkeys([notice for one in found for notice in one.notices])
    kinds = tuple(notations) or (function.notation,)
    texts = []
    for i, kind in enumerate(kinds):
        entries = [one.derivative.renderings[i][1] if len(kinds) > 1 else one.derivative.text for one in found]
        opening, between, closing = BRACKETS.get(kind, BRACKETS[Notation.R])
        texts.append((kind, opening + between.join(entries) + closing))
    derivative = Formula(texts[0][1], None, tuple(texts) if len(texts) > 1 else ())
    steps = tuple([step for one in found for step in one.steps])
    return Explanation(steps, derivative, tuple(variables), tuple(notices), matrix(1, len(variables)))


# How a vector is written in each notation.
BRACKETS = {
    Notation.R: ("c(", ", ", ")"),
    Notation.PYTHON: ("[", ", ", "]"),
    Notation.LATEX: (r"\begin{pmatrix} ", r" \\ ", r" \end{pmatrix}"),
}


def of_arrays(
    function: Function,
    output: Node,
    chosen: tuple[str, ...],
    notations: Sequence[Notation],
    definition: bool,
    limits: Limits,
    notices: list[str],
) -> Explanation:
    """Return the derivation of a derivative with respect to vectors or matrices, by differentials."""
    from secantd.calculus.arrays.explanation import array_steps
    from secantd.calculus.arrays.functions import derivative as array_derivative
    from secantd.calculus.arrays.layouts import answer_shape

    if definition:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the limit of the difference quotient is taken of polynomials of one variable, not of vectors and matrices",
            "leave by_definition out",
            field="by_definition",
        )
    written = limited_printer(function, notations, limits, notices)
    steps: list[Derivation] = []
    node = output
    for i, variable in enumerate(chosen):
        expect_short(node, variable, limits)
        answer = array_derivative(function, output, chosen[: i + 1])
        steps += array_steps(function, node, variable, answer, written)
        node = answer.node
    derivative = formula(function, node, notations, limits, notices=notices, naming=None)
    shape = answer_shape(output.shape, node.shape)
    return Explanation(tuple(steps), derivative, chosen, tuple(notices), shape)


def expect_short(output: Node, variable: str, limits: Limits) -> None:
    """Raise LIMIT_EXCEEDED for a derivation of more steps than anybody would read."""
    moving: set[int] = set()
    count = 0
    for node in reachable([output]):
        if node.op == "symbol":
            if node.name == variable:
                moving.add(node.index)
        elif any(a.index in moving for a in node.args):
            moving.add(node.index)
            count += node is output or not trivial(node)
    if count > limits.derivation_steps:
        headline, hint = f"the derivation has {count:,} steps", "request the explanation of a part of the expression"
        raise limit_exceeded("derivation_steps", headline, limits.derivation_steps, hint, "expression.text")


def limited_printer(
    function: Function, notations: Sequence[Notation], limits: Limits, notices: list[str]
) -> Callable[..., Formula]:
    """Return a printer of nodes, whose texts together have a limit: of derivatives, or of parts as the author wrote them."""
    left = limits.output_length

    def written(node: Node, derived: bool = False) -> Formula:
        nonlocal left
        # A recursion is a loop before the formula, with the author's names.
        naming = None if any(n.op == "scan" for n in reachable([node])) else Naming.NONE
        made = formula(function, node, notations, limits, notices=notices, naming=naming, as_written=not derived)
        left -= len(made.text) + sum(len(text) for _, text in made.renderings)
        if left < 0:
            raise limit_exceeded(
                "output_length",
                "the derivation is too long to print",
                limits.output_length,
                "request the explanation of a part of the expression",
            )
        return made

    return written


def derivation(
    function: Function,
    output: Node,
    answer: Node,
    variable: str,
    notations: Sequence[Notation],
    limits: Limits,
    notices: list[str],
) -> list[Derivation]:
    """Return the steps of one differentiation; the last is that of the whole expression."""
    graph = function.graph
    written = limited_printer(function, notations, limits, notices)
    named = spelling_of(function, notations[0] if notations else function.notation).texts.get(variable) or printable(
        variable
    )
    with function.lock:
        form = light_form(function)
        zero, nodes = graph.number(0.0), reachable([output])
        raw: dict[int, Node] = {}
        steps: list[Derivation] = []
        depths = depths_of(output)
        for node in nodes:
            if node.op == "symbol" and node.name == variable:
                raw[node.index] = graph.number(1.0)
            elif any(a.index in raw for a in node.args):
                inner = [raw.get(a.index, zero) for a in node.args]
                raw[node.index] = forward.of_node(graph, node, inner)
                if node is not output and trivial(node):
                    continue
                found = rule_of(graph, node, inner, form)
                result = answer if node is output else light_of(function, raw[node.index])
                steps.append(step(found, node, result, depths[node.index], named, written))
        if not steps:
            same = output.op == "symbol" and output.name == variable
            rule, why = (
                ("variable", "the derivative of the variable itself is 1")
                if same
                else ("constant", f"the expression does not depend on {named}")
            )
            steps.append(step(Found(rule, (), why), output, answer, 0, named, written))
    return steps


def trivial(node: Node) -> bool:
    """Whether a node is -x, whose step is not worth showing."""
    return node.op == "neg" and node.args[0].op == "symbol"


def step(found: Found, node: Node, result: Node, depth: int, variable: str, written: object) -> Derivation:
    """Return a step with its formulas printed by `written`."""
    assert callable(written)
    whole, derived = written(node), written(result, True)
    parts = tuple(Part(name, written(part, name.endswith("'"))) for name, part in found.parts)
    named = ", ".join(f"{p.name} = {p.formula.text}" for p in parts)
    text = f"{found.rule} rule" if found.rule not in ("constant", "variable") else found.rule
    text += f": d/d{variable} [{whole.text}] = {derived.text}"
    if named:
        text += f", with {named}"
    return Derivation(
        found.rule, whole, derived, parts, f"{text} ({found.sentence})" if found.sentence else text, depth
    )


def rule_of(graph: Graph, node: Node, inner: Sequence[Node], form: Light) -> Found:
    """Return the rule that differentiates a node, and the parts that appear in it."""
    op, args = node.op, node.args
    moving = [i for i, d in enumerate(inner) if not algebra.is_number(d, 0.0)]
    if op == "add" or op == "neg":
        if op == "neg":
            return Found("constant multiple", (), "(-u)' = -u'")
        return Found("sum", (), "the derivative of a sum is the sum of the derivatives")
    if op == "mul" and len(moving) == 1:
        u = args[moving[0]]
        c = [a for i, a in enumerate(args) if i != moving[0]]
        constant = c[0] if len(c) == 1 else graph.make("mul", *c)
        return Found(
            "constant multiple", (("c", constant), ("u", u), ("u'", form.of(inner[moving[0]]))), "(c u)' = c u'"
        )
    if op == "mul":
        names = "uvwpqrst"
        parts = []
        for k, i in enumerate(moving[: len(names)]):
            parts += [(names[k], args[i]), (names[k] + "'", form.of(inner[i]))]
        return Found(
            "product",
            tuple(parts),
            "(u v)' = u' v + u v'" if len(moving) == 2 else "each factor is differentiated in turn",
        )
    if op == "div":
        return of_quotient(graph, node, inner, form, moving)
    if op == "pow":
        return of_power(graph, node, inner, form, moving)
    if op in REDUCTIONS or op in forward.STEPS or op == "ifelse":
        return Found(
            "choice" if op == "ifelse" else op,
            (),
            "each case is differentiated separately" if op == "ifelse" else "",
        )
    return of_function(graph, node, inner, form, moving)


def of_quotient(graph: Graph, node: Node, inner: Sequence[Node], form: Light, moving: list[int]) -> Found:
    u, v = node.args
    if moving == [0]:
        return Found("constant multiple", (("u", u), ("u'", form.of(inner[0])), ("c", v)), "(u/c)' = u'/c")
    parts = (("u", u), ("v", v), ("u'", form.of(inner[0])), ("v'", form.of(inner[1])))
    return Found("quotient", parts, "(u/v)' = (u' v - u v')/v^2")


def of_power(graph: Graph, node: Node, inner: Sequence[Node], form: Light, moving: list[int]) -> Found:
    base, exponent = node.args
    u = graph.symbol("u")
    if moving == [0]:
        if base.op == "symbol":
            return Found("power", (("n", exponent),), "(x^n)' = n x^(n-1)")
        outer = graph.make("pow", u, exponent)
        return chain(graph, base, outer, inner[0], form)
    if moving == [1]:
        if exponent.op == "symbol":
            return Found("exponential", (("a", base),), "(a^x)' = a^x log(a)")
        return chain(graph, exponent, graph.make("pow", base, u), inner[1], form)
    parts = (("u", base), ("v", exponent), ("u'", form.of(inner[0])), ("v'", form.of(inner[1])))
    return Found("power and exponential", parts, "(u^v)' = v u^(v-1) u' + u^v log(u) v'")


def of_function(graph: Graph, node: Node, inner: Sequence[Node], form: Light, moving: list[int]) -> Found:
    op = node.op
    name = {"exp": "exponential", "log": "logarithm"}.get(op, FUNCTIONS[op].written)
    if not moving:
        return Found(name, (), "the argument is constant between jumps")
    argument = node.args[moving[0]]
    if len(moving) > 1:
        return Found(name, (), "the chain rule is applied to each argument")
    if argument.op == "symbol":
        return Found(name, (), "")
    outer = graph.make(op, *[graph.symbol("u") if i == moving[0] else a for i, a in enumerate(node.args)])
    return chain(graph, argument, outer, inner[moving[0]], form)


def chain(graph: Graph, inside: Node, outer: Node, slope: Node, form: Light) -> Found:
    """Return the chain rule with its inner and outer function and both derivatives."""
    outer_slope = form.of(forward.derivative(graph, outer, "u"))
    parts = (("inner u", inside), ("outer", outer), ("outer'", outer_slope), ("u'", form.of(slope)))
    return Found("chain", parts, "f(u)' = f'(u) u'")
