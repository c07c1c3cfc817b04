"""The formulas of the table's rows, and the expansion of expressions into fewer functions.

A witness or a printer implements some functions directly; all others are replaced by their meaning, a formula in the
table. Each formula is parsed once, when it is first needed.
"""

from collections.abc import Container, Mapping, Sequence
from functools import cache

from secantd.expression import Graph, Node, reachable
from secantd.functions import FUNCTIONS, INNER, LeftOut
from secantd.interrupt import paced
from secantd.language import Function, read

__all__ = ["expanded", "meaning_of", "stable_form", "validity"]


def parsed_formula(parameters: Sequence[str], text: str) -> Function:
    return read(f"function({', '.join(parameters)}) {{\n{text}\n}}")


@cache
def stable_form(op: str) -> Function | None:
    """Return the stable form of a row as a function of its parameters, None where it has none."""
    row = FUNCTIONS.get(op) or INNER.get(op)
    return parsed_formula(row.parameters, row.stable) if row is not None and row.stable else None


@cache
def meaning_of(op: str, guarded: bool = False) -> tuple[Node, ...] | None:
    """Return the nodes of a row's meaning, arguments first, its value last; None where it has none.

    Args:
        op: The name of the row.
        guarded: Whether the value is NaN where the parameters are not valid.
    """
    row = FUNCTIONS.get(op) or INNER.get(op)
    if row is None or not row.meaning:
        return None
    text = f"ifelse({row.valid}, {{ {row.meaning} }}, NaN)" if guarded and row.valid else row.meaning
    return tuple(reachable(parsed_formula(row.parameters, text).outputs))


def expanded(
    graph: Graph, outputs: Sequence[Node], known: Container[str], *, guarded: bool = False
) -> tuple[Node, ...]:
    """Return expressions in which every function that has a meaning and is not `known` is written out.

    Args:
        graph: The graph of the new nodes: that of `outputs`, or another one that has their data columns.
        outputs: The expressions.
        known: The names of the rows that are not expanded.
        guarded: Whether an expanded function is NaN where its parameters are not valid.

    >>> from secantd.render import r_text
    >>> f = read("log2(x)")
    >>> r_text(expanded(f.graph, f.outputs, ("log",))[0])
    'log(x)/log(2)'
    """
    while True:
        nodes = reachable(outputs)
        lacking = {n.op for n in nodes if n.args and n.op not in known and meaning_of(n.op, guarded)}
        if not lacking and all(o.index < len(graph.nodes) and graph.nodes[o.index] is o for o in outputs):
            return tuple(outputs)
        made: dict[int, Node] = {}
        for node in paced(nodes):
            arguments = [made[a.index] for a in node.args]
            if node.op in lacking:
                made[node.index] = expanded_call(graph, node.op, arguments, guarded)
            else:
                made[node.index] = graph.make(node.op, *arguments) if node.args else leaf(graph, node)
        outputs = [made[o.index] for o in outputs]


def leaf(graph: Graph, node: Node) -> Node:
    """Return a number, a variable, a data column or a constant as a node of another graph."""
    if node.op == "symbol":
        return graph.symbol(node.name)
    if node.op == "number":
        return graph.left_out(node.value) if isinstance(node.payload, LeftOut) else graph.number(node.value)
    if node.op == "data":
        return graph.data(node.name, graph.columns[node.name])
    return graph.make(node.op)


def expanded_call(graph: Graph, op: str, arguments: Sequence[Node], guarded: bool) -> Node:
    """Return the meaning of a row at `arguments`."""
    row = FUNCTIONS.get(op) or INNER[op]
    return substitute(graph, meaning_of(op, guarded) or (), dict(zip(row.parameters, arguments, strict=True)))


def validity(graph: Graph, node: Node) -> Node | None:
    """Return the condition under which a call of a function has a value, None if it always has one.

    Args:
        graph: The graph of the condition.
        node: A call of a function.
    """
    row = FUNCTIONS.get(node.op)
    if row is None or not row.valid:
        return None
    return substitute(graph, condition_of(node.op), dict(zip(row.parameters, node.args, strict=True)))


@cache
def condition_of(op: str) -> tuple[Node, ...]:
    row = FUNCTIONS[op]
    return tuple(reachable(parsed_formula(row.parameters, row.valid).outputs))


def substitute(graph: Graph, nodes: Sequence[Node], given: Mapping[str, Node]) -> Node:
    """Return the last of `nodes` as a node of `graph`, with its variables replaced by the nodes in `given`."""
    made: dict[int, Node] = {}
    for node in nodes:
        if node.op == "symbol":
            made[node.index] = given[node.name]
        elif node.args:
            made[node.index] = graph.make(node.op, *[made[a.index] for a in node.args])
        else:
            made[node.index] = leaf(graph, node)
    return made[nodes[-1].index]
