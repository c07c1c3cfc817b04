"""The derivation of a derivative with respect to a vector or a matrix, by differentials.

Each step shows the change of an expression for a small change of the variable. The last one reads the derivative off the
change of the whole: df = sum(G * dx) for every dx, so G is the gradient.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus.arrays.derivatives import ArrayDerivative, direction_of
from secantd.calculus.arrays.differentials import changed
from secantd.calculus.arrays.functions import constructors, variable_of
from secantd.calculus.arrays.gradient import moving_nodes
from secantd.calculus.derivation import Derivation, Part, depths_of
from secantd.calculus.results import Formula
from secantd.expression import Node, reachable
from secantd.expression.algebra import is_number
from secantd.functions import FUNCTIONS
from secantd.interrupt import paced
from secantd.language import Function

__all__ = ["ARRAY_RULES", "array_steps"]

# The rule of each operation, and its differential in the usual notation, where ' is the transpose.
ARRAY_RULES: Mapping[str, tuple[str, str]] = {
    "matmul": ("product", "d(A B) = dA B + A dB"),
    "transpose": ("transpose", "d(A') = (dA)'"),
    "inverse": ("inverse", "d(A^-1) = -A^-1 dA A^-1"),
    "solve": ("linear system", "d(A^-1 b) = A^-1 (db - dA A^-1 b)"),
    "det": ("determinant", "d det(A) = det(A) tr(A^-1 dA)"),
    "logdet": ("logarithm of a determinant", "d log|det(A)| = tr(A^-1 dA)"),
    "trace": ("trace", "d tr(A) = tr(dA)"),
    "outer": ("outer product", "d(u v') = du v' + u dv'"),
    "softmax": ("softmax", "dp = p (du - sum(p du)), entry by entry"),
    "logsumexp": ("log-sum-exp", "d log(sum(exp(u))) = sum(softmax(u) du)"),
    "cholesky": ("Cholesky factor", "dL = L F(L^-1 dA L'^-1), F: lower triangle, half of the diagonal"),
    "cumprod": ("cumulative product", "dy[i] = y[i-1] du[i] + u[i] dy[i-1]"),
    "scan": ("recursion", "dy[i] = a[i] dy[i-1] + du[i], where a: slopes of the step by y, du: by what it reads"),
    "recurrence": ("recurrence", "dy[i] = du[i] + dv[i] y[i-1] + v[i] dy[i-1]"),
    "row_extreme": ("largest or smallest of each row", "the change of that entry; equal ones share it"),
    "mean": ("mean", "d mean(u) = mean(du)"),
    "sum": ("sum of entries", "d sum(u) = sum(du)"),
    "prod": ("product of entries", "d prod(u) = sum(p du), p: products of the other entries"),
    "max_of": ("largest entry", "the change of the largest entry; equal ones share it"),
    "min_of": ("smallest entry", "the change of the smallest entry; equal ones share it"),
    "row_sums": ("sums of rows", "d(A 1) = dA 1"),
    "column_sums": ("sums of columns", "d(A' 1) = (dA)' 1"),
    "diagonal": ("diagonal", "the diagonal of the change"),
    "diagonal_matrix": ("diagonal matrix", "d diag(v) = diag(dv)"),
    "add": ("sum", "the change of a sum is the sum of the changes"),
    "neg": ("constant multiple", "d(-u) = -du"),
    "mul": ("product", "d(u v) = du v + u dv, entry by entry"),
    "div": ("quotient", "d(u/v) = du/v - u dv/v^2"),
    "pow": ("power", "d(u^n) = n u^(n-1) du"),
    "ifelse": ("choice", "the change of the case that holds"),
}
# Where only one argument changes, the others are constant factors.
CONSTANT_FACTOR: Mapping[tuple[str, int], str] = {
    ("matmul", 0): "d(A B) = dA B",
    ("matmul", 1): "d(A B) = A dB",
    ("solve", 1): "d(A^-1 b) = A^-1 db",
    ("outer", 0): "d(u v') = du v'",
    ("outer", 1): "d(u v') = u dv'",
}
# The letters of the arguments in these formulas; those of others are u, v, w.
LETTERS: Mapping[str, str] = {
    "matmul": "AB", "solve": "Ab", "transpose": "A", "inverse": "A", "det": "A", "logdet": "A", "trace": "A",
    "row_sums": "A", "column_sums": "A", "diagonal_matrix": "v", "cholesky": "A",
}  # fmt: skip
QUADRATIC = {"matmul": "d(u' A u) = u' (A + A') du", "solve": "d(u' A^-1 u) = u' (A^-1 + A'^-1) du"}
LINEAR_OPERATION = ("linear operation", "its change is the operation on the change of its argument")
# Values that are only laid beside others, and signs, are no steps of their own.
SILENT = frozenset({"column", "row", "fill", "neg"})

# Prints a node.
Written = Callable[[Node], Formula]


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of a step: its name, its formula, and the named parts."""

    name: str
    sentence: str
    parts: tuple[tuple[str, Node], ...]


def array_steps(
    function: Function, node: Node, variable: str, answer: ArrayDerivative, written: Written
) -> list[Derivation]:
    """Return the steps of one differentiation; the result of the last is the answer.

    Args:
        function: The function.
        node: The expression.
        variable: The variable.
        answer: The derivative of the expression.
        written: Prints a node.
    """
    with function.lock:
        form = constructors(function)
        whole = node
        symbol = variable_of(function, variable)
        change = direction_of(form, symbol) if symbol.shape else form.one
        nodes = reachable([whole])
        moving = moving_nodes(nodes, symbol)
        changes = changes_of(form, nodes, symbol, change)
        silent = unwritten(nodes, moving) - {whole.index} | {symbol.index}
        shown = [n for n in nodes if n.index in changes and n.index not in silent]
        depths = depths_of(whole, {n.index for n in nodes}.difference(n.index for n in shown))
        steps: list[Derivation] = []
        # Without a change of the whole, which is then a constant, there is a last step, too.
        further = bool(symbol.shape) or whole.index not in changes
        for part in paced(shown):
            result = answer.node if part is whole and not symbol.shape else changes[part.index]
            steps.append(step(rule_of(part, changes, moving), part, result, depths[part.index] + further, written))
    if further or not steps:
        steps.append(read_off(whole, variable, change, answer, written, constant=symbol.index not in moving))
    return steps


def changes_of(form: Arrays, nodes: Sequence[Node], variable: Node, change: Node) -> dict[int, Node]:
    """Return the change of each node for a change of a variable, in the light form; nodes without a change are left out.

    Args:
        form: The constructors.
        nodes: Nodes, arguments first.
        variable: A symbol.
        change: The change of the variable.
    """
    # The rules take light forms, in which vectors are laid beside matrices last.
    light = {node.index: form.light(node) for node in paced(nodes)}
    inner = reachable(light.values())
    moving = moving_nodes(inner, variable)
    changes = {variable.index: change}
    for node in paced(inner):
        if node.index in moving and node is not variable:
            found = form.light(changed(form, node, changes, moving))
            if not is_zero(found):
                changes[node.index] = found
    found_of = {node.index: changes[light[node.index].index] for node in nodes if light[node.index].index in changes}
    last = nodes[-1]
    if last.index in found_of:
        found_of[last.index] = form.light(form.full(found_of[last.index], last.shape))
    return found_of


def rule_of(node: Node, changes: Mapping[int, Node], moving: set[int]) -> Rule:
    """Return the rule by which the change of a node follows from those of its arguments."""
    special = special_rule(node, moving)
    operands = special.operands if special else node.args
    letters = "uvwpqrst" if special else LETTERS.get(node.op, "uvwpqrst")
    changing = [i for i, a in enumerate(operands) if a.index in moving]
    constant = node.op == "mul" and len(changing) == 1
    parts: list[tuple[str, Node]] = []
    for i in [] if node.op == "add" else changing:
        name = "u" if constant else letters[min(i, len(letters) - 1)]
        parts.append((name, operands[i]))
        if operands[i].index in changes:
            parts.append((f"d{name}", changes[operands[i].index]))
    if special:
        return Rule(special.name, special.sentence, tuple(parts))
    if constant:
        return Rule("constant multiple", "d(c u) = c du", tuple(parts))
    if len(changing) == 1 and (node.op, changing[0]) in CONSTANT_FACTOR:
        return Rule("constant multiple", CONSTANT_FACTOR[node.op, changing[0]], tuple(parts))
    if node.op in ARRAY_RULES:
        name, sentence = ARRAY_RULES[node.op]
        return Rule(name, sentence, tuple(parts))
    if node.op in FUNCTIONS:
        names = {"exp": "exponential", "log": "logarithm"}
        name = names.get(node.op, FUNCTIONS[node.op].written)
        return Rule(name, "d f(u) = f'(u) du" + (", entry by entry" if node.shape else ""), tuple(parts))
    return Rule(*LINEAR_OPERATION, tuple(parts))


@dataclass(frozen=True, slots=True)
class Special:
    """The rule of a sum of a certain form: its operands, and the nodes within it that are no steps of their own."""

    name: str
    sentence: str
    operands: tuple[Node, ...]
    within: tuple[Node, ...]


def special_rule(node: Node, moving: set[int]) -> Special | None:
    """Return the rule of a sum that has a name: squares, an inner product, a quadratic form."""
    if node.op != "sum":
        return None
    (inner,) = node.args
    if inner.op == "pow" and is_number(inner.args[1], 2.0):
        return Special("sum of squares", "d sum(u^2) = 2 sum(u du)", inner.args[:1], (inner,))
    if inner.op != "mul" or len(inner.args) != 2 or not all(len(a.shape) == 1 for a in inner.args):
        return None
    for u, v in (inner.args, inner.args[::-1]):
        if v.op in QUADRATIC and v.args[1] is u and v.args[0].index not in moving:
            return Special("quadratic form", QUADRATIC[v.op], (u,), (inner, v))
    return Special("inner product", "d(u' v) = du' v + u' dv", inner.args, (inner,))


def unwritten(nodes: Sequence[Node], moving: set[int]) -> set[int]:
    """Return the nodes that are no steps: laid values, signs of variables, and what a special rule covers."""
    silent = {n.index for n in nodes if n.op in SILENT}
    uses: dict[int, int] = {}
    for node in nodes:
        for argument in node.args:
            uses[argument.index] = uses.get(argument.index, 0) + 1
    for node in nodes:
        special = special_rule(node, moving)
        if special:
            silent |= {n.index for n in special.within if uses[n.index] == 1}
    return silent


def read_off(
    whole: Node, variable: str, change: Node, answer: ArrayDerivative, written: Written, constant: bool
) -> Derivation:
    """Return the last step: the derivative that the change of the whole shows."""
    if constant:
        name, sentence = "constant", f"the expression does not depend on {variable}"
    elif change.op != "symbol":
        # With respect to a number the last step is the change itself, unless that is 0.
        name, sentence = "constant", "the changes of its parts cancel, or it is constant between jumps"
    elif whole is change:
        name, sentence = "variable", "the derivative of the variable itself is 1"
    elif answer.direction is not None:
        name, sentence = (
            "differential",
            f"no matrix has this derivative; for a change {change.name} the expression changes by this",
        )
    elif not whole.shape:
        name, sentence = (
            "gradient",
            f"the change is sum(G * {change.name}) for every {change.name}, so G is the gradient",
        )
    else:
        name, sentence = (
            "Jacobian",
            f"the change is J {change.name} for every {change.name}, so J is the Jacobian matrix",
        )
    return step(Rule(name, sentence, ()), whole, answer.node, 0, written)


def step(rule: Rule, node: Node, result: Node, depth: int, written: Written) -> Derivation:
    expression, derived = written(node), written(result)
    if node.op == "scan":
        # The loops of both are the formulas themselves; the sentence has the names that they fill.
        rule = Rule(rule.name, rule.sentence, ())
    parts = tuple(Part(name, written(part)) for name, part in rule.parts)
    named = ", ".join(f"{part.name} = {last_line(part.formula)}" for part in parts)
    text = f"{rule.name}: d({last_line(expression)}) = {last_line(derived)}"
    if rule.name in ("gradient", "Jacobian", "differential"):
        text = f"{rule.name}: {last_line(derived)}"
    return Derivation(
        rule.name,
        expression,
        derived,
        parts,
        text + (f", with {named}" if named else "") + f" ({rule.sentence})",
        depth,
    )


def last_line(formula: Formula) -> str:
    """Return a formula without the loops that make the vectors of its recursions, which stand before it."""
    return formula.text.rpartition("\n")[2]
