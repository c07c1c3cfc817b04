"""SymPy's forms of formulas of vectors and matrices.

What is computed entry by entry (sums, products, functions) obeys the laws of numbers. SymPy gets each such part with symbols in the
place of variables and of operations on whole arrays, and these operations get their arguments in the new form.
"""

from collections.abc import Callable
from typing import Final

from secantd.algebra.arrays.constructors import Constructors
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Node, graft, reachable
from secantd.expression.arrays import OF_GIVEN_SHAPE
from secantd.interrupt import paced

__all__ = ["reshaped_array", "whole_operations"]

# Operations that stay with their arguments: lengths have the names of masks, positions are numbers, a recursion has locals.
KEPT: Final = frozenset({"select", "unselect", "gather", "scatter", "order", "record", "scan"})
# Operations that arrange entries, and compute nothing.
ARRANGING: Final = frozenset(
    "column row transpose diagonal diagonal_matrix reverse slice pad element unit pick place concatenate bind_columns reshape"
    " flatten fill identity length local".split()
)

Reshape = Callable[[Graph, Node], Node | None]


def reshaped_array(form: Constructors, node: Node, reshape: Reshape) -> Node | None:
    """Return a formula of arrays in another form, None if a part has none.

    Args:
        form: The constructors of the formula's graph.
        node: The formula.
        reshape: Returns an expression of numbers, whose variables are symbols, in the other form; None if there is none.

    >>> from secantd.algebra.forms import Form, reshaped
    >>> from secantd.expression import Length
    >>> from secantd.render import r_text
    >>> g = Graph()
    >>> x = g.symbol("x", (Length.named("n"),))
    >>> square = g.make("pow", g.make("add", x, g.number(1.0)), g.number(2.0))
    >>> from secantd.algebra.arrays import Arrays
    >>> found = reshaped_array(Arrays(g), g.make("sum", square), lambda g, e: reshaped(g, e, Form.EXPANDED, 10.0))
    >>> r_text(found)
    'sum(x^2 + 2 * x + 1)'
    """
    atoms: dict[int, Node] = {}

    def in_form(root: Node) -> Node | None:
        inside = part_of(root)
        if not any(is_computed(n) for n in inside):
            return atoms.get(root.index, root)
        scratch, values = Graph(), dict[str, Node]()
        made: dict[int, Node] = {}
        for n in inside:
            if n.op == "number":
                made[n.index] = scratch.number(n.value)
            elif is_computed(n) or n.op == "pi":
                made[n.index] = scratch.make(n.op, *[made[a.index] for a in n.args])
            else:
                # SymPy sorts factors by name: operations after variables, as in s * sum(x).
                name = n.name if n.op in ("symbol", "data") else f"~{n.op} {n.index}"
                values[name] = atoms.get(n.index, n)
                made[n.index] = scratch.symbol(name)
        found = reshape(scratch, made[root.index])
        if found is None:
            return None
        try:
            # x - x + 1 is a vector of ones.
            back = form.full(graft(form.graph, scratch, found, values), root.shape)
        except ValueError:
            # Factors of shapes that do not conform before a third one joins them.
            return None
        return back if back.shape == root.shape else None

    for n in paced(of_operations(node)):
        if not n.args or n.op in KEPT:
            continue
        args = [in_form(a) for a in n.args]
        if any(a is None for a in args):
            return None
        changed = [a for a in args if a is not None]
        if all(a is b for a, b in zip(changed, n.args, strict=True)):
            continue
        if n.op in REDUCTIONS:
            atoms[n.index] = form.graph.make(n.op, *changed)
        else:
            payload = n.payload if isinstance(n.payload, tuple) else ()
            shape = n.shape if n.op in OF_GIVEN_SHAPE else None
            atoms[n.index] = form.graph.array(n.op, *changed, payload=payload, shape=shape)
    return in_form(node)


def whole_operations(node: Node) -> list[str]:
    """Return the operations on whole arrays in a formula, without those that only arrange entries.

    Args:
        node: The formula.
    """
    found = [n.op for n in reachable([node]) if not is_entrywise(n)]
    return sorted({op for op in found if op not in ARRANGING})


def is_entrywise(node: Node) -> bool:
    return node.op not in ARRAY_OPERATIONS and node.op not in REDUCTIONS


def is_computed(node: Node) -> bool:
    """Return whether a node is computed from others entry by entry."""
    return bool(node.args) and is_entrywise(node)


def part_of(root: Node) -> list[Node]:
    """Return the nodes down to the next operations on arrays, arguments first."""
    return down_to(root, lambda n: not is_computed(n))


def of_operations(root: Node) -> list[Node]:
    """Return the operations on arrays, arguments first, without those within operations that stay."""
    return [n for n in down_to(root, lambda n: n.op in KEPT) if not is_entrywise(n)]


def down_to(root: Node, is_last: Callable[[Node], bool]) -> list[Node]:
    """Return the nodes below one, itself included and arguments first, that are reached without passing a last one."""
    found: set[int] = set()
    waiting = [root]
    while waiting:
        n = waiting.pop()
        if n.index not in found:
            found.add(n.index)
            waiting += () if is_last(n) else n.args
    return [n for n in reachable([root]) if n.index in found]
