"""Which variables are vectors or matrices: what follows from their use in products, reductions and functions of arrays."""

from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Node, column_of, reachable, shape_text
from secantd.language.arrays import as_node, is_array, nonconformable, shape_of
from secantd.language.context import Context
from secantd.language.shapes import component
from secantd.language.values import Oriented, Value, Vector
from secantd.shown import quoted, series

__all__ = [
    "as_array",
    "as_matrix",
    "as_vector",
    "has_rows",
    "is_single",
    "learn_rank",
    "open_names",
    "spread",
    "spread_terms",
    "usual_rank",
]


def open_names(context: Context, node: Node) -> list[str]:
    """Return the variables of a number-valued expression of whose shapes nothing is known, in order."""
    return [
        n.name
        for n in reachable([node])
        if n.op == "symbol" and not n.shape and not context.shapes.known(n.name) and n.name in context.names
    ]


def is_single(context: Context, node: Node) -> bool:
    """Return whether a number is R's matrix of one row and one column: such a product, or made of one element by element."""
    stack, seen = [node], set[int]()
    while stack and context.singles and not node.shape:
        n = stack.pop()
        if n.index in context.singles:
            return True
        if n.index not in seen and n.op not in REDUCTIONS and n.op not in ARRAY_OPERATIONS:
            seen.add(n.index)
            stack.extend(n.args)
    return False


def learn_rank(context: Context, node: Node, rank: int, what: str) -> None:
    """Learn from its use that a number-valued expression is a vector or a matrix, and read again.

    The terms of a sum are of its shape; of the factors of a product one is, if nothing is known of only one.

    Raises:
        RereadError: The shapes of its variables are known now.
        CalculusError: No variable can have another shape, or it is not clear which.
    """
    terms, stack = list[Node](), [node]
    while stack:
        term = stack.pop()
        if term.op in ("add", "neg"):
            stack.extend(term.args)
        else:
            terms.append(term)
    wanted: list[str] = []
    for term in terms:
        names = open_names(context, term)
        if len(names) == 1:
            wanted += names
        elif names:
            listed = " or ".join(f"'{n}'" for n in names)
            kind = "a vector" if rank == 1 else "a matrix"
            raise context.error(
                f"{what}: it is not clear which of {listed} is {kind}", "declare the shapes of variables"
            )
    if not wanted:
        raise nonconformable(context, what, [node.shape], "the operand must be a vector or a matrix")
    context.shapes.learn(list(dict.fromkeys(wanted)), rank)


def elementwise_names(context: Context, node: Node) -> tuple[list[str], list[str]]:
    """Return the names of unknown shape that stand elementwise in an expression.

    The second list has those among them that are terms of a sum with a matrix product: they must be arrays.
    """
    names: dict[str, None] = {}
    beside: dict[str, None] = {}
    seen: set[int] = set()
    stack = [node]
    while stack:
        n = stack.pop()
        if n.index in seen or n.op in REDUCTIONS or n.op in ARRAY_OPERATIONS:
            continue
        seen.add(n.index)
        if n.op == "symbol" and not n.shape and not context.shapes.known(n.name) and n.name in context.names:
            names[n.name] = None
        if n.op == "add" and any(a.op in PRODUCTS or (a.op == "neg" and a.args[0].op in PRODUCTS) for a in n.args):
            terms = [a.args[0] if a.op == "neg" else a for a in n.args]
            beside.update(dict.fromkeys(t.name for t in terms if t.op == "symbol"))
        stack.extend(reversed(n.args))
    return list(names), [n for n in names if n in beside]


PRODUCTS = frozenset({"matmul", "solve", "outer"})


def spread(context: Context, value: Value, what: str) -> Value:
    """Return the argument of a reduction or a product, after deciding which names in it are arrays.

    Where nothing is known of a name, it is a vector if it is not differentiated with respect to; else it is a number if
    another name or an array stands beside it. If nothing is known of the derivatives, terms of a sum with a matrix
    product are vectors, and so is a single name.

    Args:
        context: The interpreter.
        value: The argument.
        what: The function, for the notice.

    Raises:
        RereadError: Some name is a vector.
    """
    if isinstance(value, Vector) and context.zero_based and any(is_array(v) for v in value.items):
        return as_node(context, value, what)
    node = value.node if isinstance(value, Oriented) else value
    if not isinstance(node, Node):
        return value
    if len(node.shape) == 2:
        # Beside a matrix, a number, a vector and a matrix have one text.
        open_terms = elementwise_names(context, node)[1]
        read_as_numbers(context, [n for n in open_terms if n not in context.shapes.variables], what)
        return value
    names, beside = elementwise_names(context, node)
    wanted = context.shapes.variables
    others = [n for n in names if n not in wanted] if wanted else beside
    # One row of data, or a number of R's workspace: which of them it is, its length does not tell.
    row = node.shape == (1,) or holds_single_column(node)
    if not node.shape and len(names) == 1 and not row:
        others = names
    if others:
        context.shapes.learn(others, 1)
    if names and not wanted:
        context.shapes.undecided = True
    # Beside a vector of known length, mostly data, parameters are numbers as a rule.
    if row or (not wanted and not (node.shape and isinstance(node.shape[0], int))):
        read_as_numbers(context, names, what)
    return value


def holds_single_column(node: Node) -> bool:
    """Return whether the entry of a data column of one row stands elementwise in an expression."""
    seen: set[int] = set()
    stack = [node]
    while stack:
        n = stack.pop()
        if column_of(n):
            return True
        if n.index not in seen and n.op not in REDUCTIONS and n.op not in ARRAY_OPERATIONS:
            seen.add(n.index)
            stack.extend(n.args)
    return False


def read_as_numbers(context: Context, names: list[str], what: str) -> None:
    """Add the notice that names of which nothing is known are numbers."""
    # Components of vectors are numbers.
    names = [n for n in names if component(n) is None]
    if names:
        listed = series(map(quoted, names))
        are = (
            "are read as numbers; declare their shapes" if len(names) > 1 else "is read as a number; declare its shape"
        )
        context.notices[f"{what}: {listed} {are} if that is wrong"] = None


def spread_terms(context: Context, value: Node | Oriented, what: str) -> Node | Oriented:
    """Return an operand of a product; names that are terms of a sum with a matrix product are vectors in it."""
    node = value.node if isinstance(value, Oriented) else value
    if len(node.shape) == 1:
        beside = [n for n in elementwise_names(context, node)[1] if n not in context.shapes.variables]
        if beside:
            context.shapes.learn(beside, 1)
    return value


def usual_rank(node: Node) -> int:
    """Return the rank of a variable by its name, as the field writes them: capital letters are matrices."""
    name = node.name if node.op == "symbol" else next((n.name for n in reachable([node]) if n.op == "symbol"), "x")
    return 2 if name[0].isupper() else 1


def has_rows(context: Context, value: Value) -> bool:
    """Return whether a value is a matrix; a variable that was taken for a vector is read again as one."""
    if (
        isinstance(value, Node)
        and value.op == "symbol"
        and len(value.shape) == 1
        and context.shapes.is_learned(value.name)
    ):
        context.shapes.learn([value.name], 2)
    return isinstance(value, Oriented) or (isinstance(value, Node) and len(value.shape) == 2)


def as_array(context: Context, value: Value, what: str, rank: int = 0) -> Node | Oriented:
    """Return an operand as a vector, a matrix or a vector with an orientation.

    Args:
        context: The interpreter.
        value: The value.
        what: The operation, for the error.
        rank: The rank that a variable without a known shape has; 0: by its name.
    """
    if isinstance(value, Oriented):
        return value
    node = as_node(context, value, what)
    node = column_of(node) or node
    if not node.shape and open_names(context, node):
        learn_rank(context, node, rank or usual_rank(node), what)
    return node


def as_matrix(context: Context, value: Value, what: str) -> Node:
    """Return an operand as a matrix."""
    found = as_array(context, value, what, 2)
    if isinstance(found, Oriented) or len(found.shape) != 2:
        raise context.error(f"{what} takes a matrix, not {shape_text(shape_of(found))}", "declare its shape")
    return found


def as_vector(context: Context, value: Value, what: str) -> Node:
    """Return an operand as a vector; a matrix of one column or row is one."""
    found = as_array(context, value, what, 1)
    if isinstance(found, Oriented):
        return found.node
    if not found.shape:
        return context.graph.array("concatenate", found)
    if len(found.shape) == 2:
        raise context.error(f"{what} takes a vector, not {shape_text(found.shape)}")
    return found
