"""What the parser of textbook notation returns: trees, which later turn into instructions."""

from collections.abc import Iterator

__all__ = ["ABSTRACT", "Tree", "nodes"]

# Trees without a value of their own: they may stand only on the left of an equals sign.
ABSTRACT = frozenset({"derivative", "unknown"})


class Tree:
    """An operation and its operands.

    kind and value:
        number float            a numeral
        name str                a variable
        indexed (str, str)      x_i, where i counts the terms of a sum around it: the vector and the index
        pair (str, str, str)    a_ij: the matrix and its indices, one of which counts the terms of a sum
        laid ("", str, str)     an operand that is a matrix with a row and a column for each value of two indices, or a vector
        matrix (int, int)       a matrix that is written out, row by row
        string str              a word
        call str                a function by its name in R
        add, mul, div, pow, neg sums, products and so on; a term that is subtracted is a "minus"
        operator str            a comparison, "&", "|", "!" or "%%"
        vector                  (a, b)
        total Range             a sum or product over an index, or over data
        norm, transpose
        derivative, unknown str f'(x), and the call of a function that the text does not define

    Attributes:
        start: Where it begins in the text.
        end: Where it ends.
        parts: The operands.
        bracketed: Whether brackets are around it.
    """

    __slots__ = ("bracketed", "end", "kind", "parts", "start", "value")

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        value: object = None,
        parts: "tuple[Tree, ...]" = (),
        *,
        bracketed: bool = False,
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.parts = parts
        self.bracketed = bracketed


def nodes(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and all trees in it, in the order of the text."""
    stack = [tree]
    while stack:
        found = stack.pop()
        yield found
        if found.kind == "total":
            # The bounds of a sum.
            stack.extend(t for t in found.value.bounds() if t is not None)  # type: ignore[attr-defined]
        stack.extend(reversed(found.parts))
