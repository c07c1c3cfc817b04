"""The derivation of one derivative, step by step.

The steps come from the very walk that differentiates: each shows a node, the rule that applied to it and the
light form of what came out, and the last one is the answer itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from secantd.algebra import Light
from secantd.calculus import forward
from secantd.calculus.answers import Formula
from secantd.calculus.definition import by_definition
from secantd.calculus.derivative import light_derivative
from secantd.calculus.formulas import formula
from secantd.calculus.point import chosen_variables, scalar
from secantd.calculus.steps import Part, Step
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import REDUCTIONS, Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS
from secantd.language import Function, Notation
from secantd.settings import Limits

__all__ = ["Explanation", "Part", "Step", "explain"]

# A derivation that a person reads.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Explanation:
    """Steps in the order a reader follows them; `derivative` is the answer of `differentiate`."""

    steps: tuple[Step, ...]
    derivative: Formula
    variables: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one step is about, as nodes."""

    rule: str
    parts: tuple[tuple[str, Node], ...]
    sentence: str


def explain(
    function: Function,
    variables: Sequence[str] = (),
    notations: Sequence[Notation] = (),
    definition: bool = False,
    *,
    limits: Limits | None = None,
) -> Explanation:
    """Return how a derivative comes about.

    Args:
        function: A scalar function.
        variables: By what, in order; empty: by the only variable.
        notations: How to write the formulas.
        definition: From the limit of the difference quotient, for polynomials of one variable.
        limits: What is allowed.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> [(s.rule, s.result.text) for s in explain(read("(2*x + 1)^4")).steps]
    [('constant multiple', '2'), ('sum', '2'), ('chain', '8 * (1 + 2 * x)^3')]
    """
    limits = limits or Limits()
    notices = list(function.notices)
    output = scalar(function)
    if not variables and len(function.variables) != 1:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the expression has not one variable",
            "say by which to differentiate",
            field="variables",
        )
    chosen = chosen_variables(function, variables, notices)
    steps: list[Step] = []
    node = output
    for i, variable in enumerate(chosen):
        answer = light_derivative(function, output, chosen[: i + 1])
        if definition:
            steps += by_definition(function, node, answer, variable, notations, limits)
        else:
            steps += derivation(function, node, answer, variable, notations, limits)
        node = answer
    return Explanation(tuple(steps), formula(function, node, notations, limits), chosen, tuple(notices))


def derivation(
    function: Function, output: Node, answer: Node, variable: str, notations: Sequence[Notation], limits: Limits
) -> list[Step]:
    """Return the steps of one differentiation, the whole expression last."""
    graph = function.graph

    def written(node: Node) -> Formula:
        return formula(function, node, notations, limits)

    with function.lock:
        form: Light = function.memory.setdefault("light", Light(graph))
        zero, nodes = graph.number(0.0), reachable([output])
        raw: dict[int, Node] = {}
        steps: list[Step] = []
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
                result = answer if node is output else form.of(raw[node.index])
                steps.append(step(found, node, result, depths[node.index], variable, written))
                if len(steps) > LONGEST:
                    raise limit_exceeded("derivation_steps", "the derivation is too long to read", LONGEST)
        if not steps:
            same = output.op == "symbol" and output.name == variable
            rule, why = (
                ("variable", "the derivative of the variable itself is 1")
                if same
                else ("constant", f"nothing depends on {variable}")
            )
            steps.append(step(Found(rule, (), why), output, answer, 0, variable, written))
    return steps


def trivial(node: Node) -> bool:
    """Whether a step would only say that a sign is kept."""
    return node.op == "neg" and node.args[0].op == "symbol"


def depths_of(output: Node) -> dict[int, int]:
    """Return how deep each node stands below the whole: the least number of steps down to it."""
    depths = {output.index: 0}
    for node in reversed(reachable([output])):
        for a in node.args:
            depths[a.index] = min(depths.get(a.index, len(depths) + depths[node.index]), depths[node.index] + 1)
    return depths


def step(found: Found, node: Node, result: Node, depth: int, variable: str, written: object) -> Step:
    """Return a step with its formulas written."""
    assert callable(written)
    whole, derived = written(node), written(result)
    parts = tuple(Part(name, written(part)) for name, part in found.parts)
    named = ", ".join(f"{p.name} = {p.formula.text}" for p in parts)
    text = f"{found.rule} rule" if found.rule not in ("constant", "variable") else found.rule
    text += f": d/d{variable} {whole.text} = {derived.text}"
    if named:
        text += f", with {named}"
    return Step(found.rule, whole, derived, parts, f"{text} ({found.sentence})" if found.sentence else text, depth)


def rule_of(graph: Graph, node: Node, inner: Sequence[Node], form: Light) -> Found:
    """Return the rule that differentiates a node, and the parts it speaks of."""
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
            "(u v)' = u' v + u v'" if len(moving) == 2 else "each factor in turn is differentiated",
        )
    if op == "div":
        return of_quotient(graph, node, inner, form, moving)
    if op == "pow":
        return of_power(graph, node, inner, form, moving)
    if op in REDUCTIONS or op in forward.STEPS or op == "ifelse":
        return Found(
            {"ifelse": "choice", "sum": "sum"}.get(op, op), (), "each case by itself" if op == "ifelse" else ""
        )
    return of_function(graph, node, inner, form, moving)


def of_quotient(graph: Graph, node: Node, inner: Sequence[Node], form: Light, moving: list[int]) -> Found:
    u, v = node.args
    if moving == [0]:
        return Found("constant multiple", (("u", u), ("u'", form.of(inner[0])), ("c", v)), "(u/c)' = u'/c")
    parts = (("u", u), ("v", v), ("u'", form.of(inner[0])), ("v'", form.of(inner[1])))
    return Found("quotient", parts, "(u/v)' = u'/v - u v'/v^2")


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
        return Found(name, (), "what is inside changes by jumps only")
    argument = node.args[moving[0]]
    if len(moving) > 1:
        return Found(name, (), "the chain rule for each argument")
    if argument.op == "symbol":
        return Found(name, (), "")
    outer = graph.make(op, *[graph.symbol("u") if i == moving[0] else a for i, a in enumerate(node.args)])
    return chain(graph, argument, outer, inner[moving[0]], form)


def chain(graph: Graph, inside: Node, outer: Node, slope: Node, form: Light) -> Found:
    """Return the chain rule with its inner and outer function and both derivatives."""
    outer_slope = form.of(forward.derivative(graph, outer, "u"))
    parts = (("inner u", inside), ("outer", outer), ("outer'", outer_slope), ("u'", form.of(slope)))
    return Found("chain", parts, "f(u)' = f'(u) u'")
