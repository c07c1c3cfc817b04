"""NumPy's einsum of vectors and matrices: sums of products over indices, as products, traces, transposes and sums.

Every index that only one operand has, and the value has not, is summed first. Then two operands at a time become one,
in an order in which no intermediate value has more than two indices.
"""

from itertools import combinations

from secantd.errors import Reason
from secantd.expression import Node
from secantd.language.arrays import agree, as_node
from secantd.language.context import Context
from secantd.language.inference import as_array
from secantd.language.registry import Arguments, Names, known_as
from secantd.language.values import Value

__all__: list[str] = []

WHAT = "np.einsum()"
EXAMPLE = "write np.einsum('ij,j->i', A, x)"

# A value and the letters of its axes.
Term = tuple[Node, str]


@known_as("einsum")
def einsum(context: Context, arguments: Arguments, names: Names) -> Value:
    operands = [a for a, name in zip(arguments, names, strict=True) if name != "optimize"]
    if not operands or not isinstance(operands[0], str):
        raise context.error(f"{WHAT} takes a string of indices first", EXAMPLE, Reason.UNKNOWN_FUNCTION)
    pattern, *values = operands
    assert isinstance(pattern, str)
    inputs, output = indices(context, pattern)
    if len(inputs) != len(values):
        raise context.error(f"'{pattern}' has indices for {len(inputs)} operands, not for {len(values)}", EXAMPLE)
    terms = [operand(context, v, letters) for v, letters in zip(values, inputs, strict=True)]
    lengths: dict[str, Node] = {}
    for node, letters in terms:
        for axis, letter in enumerate(letters):
            if letter in lengths:
                first = lengths[letter]
                agree(context, f"{WHAT} index '{letter}'", first.shape[0], node.shape[axis], [first.shape, node.shape])
            lengths.setdefault(letter, node if not axis else context.graph.array("transpose", node))
    terms = [reduced(context, t, needed(terms, i, output)) for i, t in enumerate(terms)]
    while len(terms) > 1:
        terms = joined(context, terms, output, pattern)
    return arranged(context, terms[0], output, pattern)


def indices(context: Context, pattern: str) -> tuple[list[str], str]:
    """Return the letters of each operand and of the value."""
    text = pattern.replace(" ", "")
    left, arrow, output = text.partition("->")
    inputs = left.split(",")
    letters = left.replace(",", "")
    if not all(c.isalpha() for c in letters + output) or len(set(output)) < len(output) or set(output) - set(letters):
        raise context.error(f"'{pattern}' is no pattern of {WHAT}", EXAMPLE)
    if not arrow:
        output = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    if any(len(i) > 2 for i in inputs) or len(output) > 2:
        raise context.error("arrays of rank 3 are not part of the language", "use vectors and matrices")
    return inputs, output


def operand(context: Context, value: Value, letters: str) -> Term:
    """Return an operand; of a matrix with one letter twice, the diagonal."""
    node = as_node(context, as_array(context, value, WHAT, len(letters)) if letters else value, WHAT)
    if len(node.shape) != len(letters):
        raise context.error(f"{WHAT}: '{letters}' is not a value with {len(node.shape)} indices", EXAMPLE)
    if len(letters) == 2 and letters[0] == letters[1]:
        agree(context, WHAT, node.shape[0], node.shape[1], [node.shape], "give a square matrix")
        return context.graph.array("diagonal", node), letters[0]
    return node, letters


def needed(terms: list[Term], at: int, output: str) -> set[str]:
    """Return the letters that other terms or the value have."""
    return {c for i, (_, letters) in enumerate(terms) if i != at for c in letters} | set(output)


def reduced(context: Context, term: Term, keep: set[str]) -> Term:
    """Return a term summed over the letters that nothing else has."""
    node, letters = term
    if len(letters) == 2 and not set(letters) & keep:
        return context.graph.make("sum", node), ""
    for axis in range(len(letters) - 1, -1, -1):
        if letters[axis] not in keep:
            op = "sum" if len(letters) == 1 else "row_sums" if axis == 1 else "column_sums"
            node = context.graph.make(op, node) if op == "sum" else context.graph.array(op, node)
            letters = letters[:axis] + letters[axis + 1 :]
    return node, letters


def joined(context: Context, terms: list[Term], output: str, pattern: str) -> list[Term]:
    """Return the terms with two of them as one."""
    for i, j in combinations(range(len(terms)), 2):
        others = [t for k, t in enumerate(terms) if k not in (i, j)]
        keep = {c for _, letters in others for c in letters} | set(output)
        product = product_of(context, terms[i], terms[j], keep)
        if product is not None:
            return [reduced(context, product, keep), *others]
    raise context.error(
        f"'{pattern}' needs an array of rank 3, which is not part of the language", "write it with @ and sums"
    )


def product_of(context: Context, a: Term, b: Term, keep: set[str]) -> Term | None:
    """Return the product of two terms, summed over at most one index that they share; None for more than two indices."""
    graph = context.graph
    if len(a[1]) < len(b[1]):
        a, b = b, a
    (left, first), (right, second) = a, b
    shared = set(first) & set(second)
    if not second or set(first) == set(second):
        if second and first != second:
            right = graph.array("transpose", right)
        return graph.make("mul", left, right), first
    if not shared:
        return (graph.array("outer", left, right), first + second) if len(first) == 1 else None
    (letter,) = shared
    if len(second) == 1:
        if letter in keep:
            # A vector beside the rows or columns of a matrix.
            laid = graph.array("row" if first[1] == letter else "column", right)
            return graph.make("mul", left, laid), first
        turned = left if first[1] == letter else graph.array("transpose", left)
        return graph.array("matmul", turned, right), first.replace(letter, "")
    if letter in keep:
        return None
    turned = left if first[1] == letter else graph.array("transpose", left)
    other = right if second[0] == letter else graph.array("transpose", right)
    return graph.array("matmul", turned, other), first.replace(letter, "") + second.replace(letter, "")


def arranged(context: Context, term: Term, output: str, pattern: str) -> Node:
    node, letters = term
    if letters == output:
        return node
    if letters == output[::-1]:
        return context.graph.array("transpose", node)
    raise context.error(f"'{pattern}' is no pattern of {WHAT}", EXAMPLE)
