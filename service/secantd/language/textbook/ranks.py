"""Which parts of a formula in textbook notation are vectors and matrices, and which products are those of matrices."""

from collections.abc import Collection, Mapping
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.expression import VariableShape
from secantd.language.textbook.trees import Tree

__all__ = ["MATRIX", "Ranks"]

MATRIX: Final = 2
GREEK_NAMES: Final = frozenset("gamma delta theta lambda xi pi sigma upsilon phi psi omega".split())
Rank = int | str | None


class Ranks:
    """The part of the emitter that knows shapes.

    Args:
        text: The text.
        columns: The names of data columns.
        shapes: The shapes that the request gives.
    """

    def __init__(self, text: str, columns: Collection[str], shapes: Mapping[str, VariableShape]) -> None:
        self.text = text
        self.columns = columns
        self.shapes = shapes
        # Whether capital letters are matrices: the text has norms, transposes or matrices that are written out.
        self.linear = False
        self.transposed: set[str] = set()
        self.ranks: dict[int, Rank] = {}

    def error(self, headline: str, tree: Tree, hint: str = "") -> CalculusError:
        return CalculusError(
            Reason.SYNTAX_ERROR, headline, hint, text=self.text, span=(tree.start, tree.end), field="expression.text"
        )

    def rank(self, tree: Tree) -> Rank:
        """Return 2 for a matrix, "row" for a vector that is transposed, 1 for a vector, None where nothing says it."""
        return self.ranks.get(id(tree))

    def prepare_ranks(self, found: list[Tree]) -> None:
        """Compute the rank of each tree, operands first."""
        for tree in found:
            if (
                tree.kind == "transpose"
                and tree.parts[0].kind == "name"
                and not self.is_matrix(str(tree.parts[0].value))
            ):
                self.transposed.add(str(tree.parts[0].value))
        for tree in reversed(found):
            rank = self.rank_of(tree)
            if rank is not None:
                self.ranks[id(tree)] = rank

    def rank_of(self, tree: Tree) -> Rank:
        if tree.kind in ("neg", "minus"):
            return self.rank(tree.parts[0])
        if tree.kind == "add":
            return next((rank for part in tree.parts if (rank := self.rank(part)) is not None), None)
        if tree.kind == "transpose":
            return MATRIX if self.rank(tree.parts[0]) == MATRIX else "row"
        if tree.kind == "pow":
            return MATRIX if self.rank(tree.parts[0]) == MATRIX else None
        if tree.kind == "mul":
            state: Rank = None
            for part in tree.parts:
                state = after(state, self.rank(part), part)
            return state
        if tree.kind == "matrix":
            assert isinstance(tree.value, tuple)
            rows, columns = int(tree.value[0]), int(tree.value[1])
            return MATRIX if rows > 1 and columns > 1 else 1 if columns == 1 else "row"
        if tree.kind != "name":
            return None
        name = str(tree.value)
        if name in self.shapes:
            return len(self.shapes[name].dimensions) or None
        return MATRIX if self.is_matrix(name) else 1 if name in self.transposed else None

    def is_matrix(self, name: str) -> bool:
        """Return whether a capital letter is a matrix, as it is where the text has norms or transposes."""
        if name in self.shapes:
            return len(self.shapes[name].dimensions) == MATRIX
        stem = name.partition("_")[0]
        capital = len(stem) == 1 or stem.lower() in GREEK_NAMES
        return self.linear and capital and stem[:1].isupper() and name not in self.columns

    def factors(self, tree: Tree) -> list[Tree]:
        """Return the factors of a product; those that are a matrix product are one, a "matmul"."""
        parts: list[Tree] = []
        state: Rank = None
        for part in tree.parts:
            rank = self.rank(part)
            if multiplies(state, rank, part):
                left = parts.pop()
                parts.append(Tree("matmul", left.start, part.end, None, (left, part)))
            elif state == 1 and rank == 1:
                shown = self.text[parts[-1].start : part.end][:60]
                raise self.error(
                    f"the product of two vectors '{shown}' has two readings: entry by entry, or a sum",
                    tree,
                    r"write x^{\top} y for the sum of the products",
                )
            else:
                parts.append(part)
            state = after(state, rank, part)
        return parts


def multiplies(state: Rank, rank: Rank, part: Tree) -> bool:
    """Return whether a factor is multiplied as a matrix by what is before it."""
    return part.kind != "number" and (state in (MATRIX, "row") or (state == 1 and rank == "row"))


def after(state: Rank, rank: Rank, part: Tree) -> Rank:
    """Return the rank of a product with one more factor."""
    if not multiplies(state, rank, part):
        return state if rank is None else rank
    if state == MATRIX:
        return MATRIX if rank == MATRIX else 1
    if state == 1:
        return MATRIX
    return "row" if rank == MATRIX else None
