"""Trees to instructions, without recursion: sums over a few numbers are written out, those over data are sums of vectors."""

from collections.abc import Collection, Mapping
from typing import Final

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import VariableShape
from secantd.interrupt import EVERY, checkpoint
from secantd.language.instructions import Arguments, Instruction, Instructions
from secantd.language.textbook.bounds import Bound, whole_number
from secantd.language.textbook.names import with_subscript
from secantd.language.textbook.range import Range
from secantd.language.textbook.trees import Tree, nodes

__all__ = ["Emitter"]

OPERATORS: Final = {"div": "div", "pow": "pow", "neg": "neg", "minus": "minus"}
MATRIX: Final = 2
GREEK_NAMES: Final = frozenset("gamma delta theta lambda xi pi sigma upsilon phi psi omega".split())
Rank = int | str | None
# The most instructions of all sums that are written out.
LONGEST: Final = 2_000_000


class Emitter:
    """Writes the instructions of trees, and collects what the sums and norms tell about names.

    Args:
        text: The text.
        known: The names that the request gives.
        columns: Those of them that are data columns.
        shapes: The shapes that the request gives.
        steps: How many terms sums may have that are written out.
    """

    def __init__(
        self,
        text: str,
        known: Collection[str],
        columns: Collection[str],
        shapes: Mapping[str, VariableShape],
        steps: int,
    ) -> None:
        self.text = text
        self.known = known
        self.columns = columns
        self.shapes = shapes
        self.steps = self.limit = steps
        # Names that are vectors because an index or a norm says so, and names in sums over an index that are numbers.
        self.vectors: dict[str, None] = {}
        self.numbers: dict[str, None] = {}
        # For the letter of an upper bound, the vectors of that length.
        self.lengths: dict[str, list[str]] = {}
        # Whether capital letters are matrices: the text has norms or transposes.
        self.linear = False
        self.transposed: set[str] = set()
        self.ranks: dict[int, Rank] = {}

    def error(self, headline: str, tree: Tree, hint: str = "") -> CalculusError:
        return CalculusError(
            Reason.SYNTAX_ERROR, headline, hint, text=self.text, span=(tree.start, tree.end), field="expression.text"
        )

    def prepare(self, trees: list[Tree]) -> None:
        """Learn from all trees of a text what their names are."""
        found = [t for tree in trees for t in nodes(tree)]
        self.linear = any(t.kind in ("norm", "transpose") for t in found)
        self.prepare_ranks(found)
        for tree in found:
            if tree.kind == "total":
                self.prepare_total(tree)
            elif tree.kind == "norm":
                self.prepare_norm(tree)
        for name in self.vectors:
            self.numbers.pop(name, None)

    def prepare_total(self, tree: Tree) -> None:
        total = tree.value
        assert isinstance(total, Range)
        if not total.over_data:
            return
        if total.lower is not None and whole_number(total.lower, {}) != 1:
            raise self.error("a sum over data begins with 1", tree, "write the bounds 1 and n, or numbers for both")
        inside = list(nodes(tree.parts[0]))
        vectors = [t.value[0] for t in inside if t.kind == "indexed" and t.value[1] == total.index]  # type: ignore[index]
        if not vectors:
            hint = f"write x_{total.index} for its terms, or a number for the upper bound"
            raise self.error(f"nothing in the sum has the index {total.index}", tree, hint)
        if any(isinstance(t.value, Range) and t.value.over_data for t in inside):
            raise self.error("a sum over data in another one is not read", tree, "write the bounds as numbers")
        self.vectors.update(dict.fromkeys(vectors))
        self.numbers.update(dict.fromkeys(str(t.value) for t in inside if t.kind == "name"))
        if total.upper is not None:
            if total.upper.kind != "name":
                raise self.error("the upper bound must be a number or a letter", total.upper, "write n")
            letter = str(total.upper.value)
            if letter in self.known:
                hint = "leave it out of the request, or give the upper bound as a number"
                raise self.error(f"'{letter}' is the number of terms, which the data give", total.upper, hint)
            self.lengths.setdefault(letter, []).extend(vectors)

    def prepare_norm(self, tree: Tree) -> None:
        """Learn that the terms in a norm are vectors."""
        stack = list(tree.parts)
        while stack:
            part = stack.pop()
            if part.kind in ("add", "neg", "minus"):
                stack.extend(part.parts)
            elif part.kind == "name" and self.rank(part) is None:
                self.vectors[str(part.value)] = None

    # -- shapes ---------------------------------------------------------------------------------------------------

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
        if tree.kind != "name":
            return None
        name = str(tree.value)
        if name in self.shapes:
            return len(self.shapes[name].dimensions) or None
        return MATRIX if self.is_matrix(name) else 1 if name in self.transposed else None

    def is_matrix(self, name: str) -> bool:
        """Return whether a capital letter stands for a matrix, as it does where the text has norms or transposes."""
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

    # -- instructions ---------------------------------------------------------------------------------------------

    def code(self, tree: Tree) -> Instructions:
        """Return the instructions of a tree."""
        out: list[Instruction] = []
        stack: list[tuple[Tree, Bound] | Instruction] = [(tree, {})]
        while stack:
            if not len(out) % EVERY:
                checkpoint()
            if len(out) > LONGEST:
                raise self.too_long()
            item = stack.pop()
            if isinstance(item, Instruction):
                out.append(item)
                continue
            found, bound = item
            following = self.parts_of(found, bound)
            stack.extend(reversed(following))
        return Instructions(out)

    def parts_of(self, tree: Tree, bound: Bound) -> "list[tuple[Tree, Bound] | Instruction]":
        """Return the operands and the instruction of a tree, in this order."""
        kind, value = tree.kind, tree.value

        def one(op: str, operand: object) -> Instruction:
            return Instruction(op, operand, tree.start, tree.end)

        def call(name: str, count: int) -> Instruction:
            return one("call", (name, Arguments((None,) * count)))

        operands: list[tuple[Tree, Bound] | Instruction] = [(part, bound) for part in tree.parts]
        if kind == "number":
            return [one("number", value)]
        if kind == "name":
            return self.name(tree, bound)
        if kind == "indexed":
            return self.entry(tree, bound)
        if kind == "pi":
            return [one("load", "pi")]
        if kind == "euler":
            return [one("number", 1.0), call("exp", 1)]
        if kind == "add":
            return [*operands, one("add", len(operands))]
        if kind == "mul":
            parts = self.factors(tree)
            factors: list[tuple[Tree, Bound] | Instruction] = [(part, bound) for part in parts]
            return [*factors, one("mul", len(parts))] if len(parts) > 1 else factors
        if kind == "matmul":
            return [*operands, one("operator", "%*%")]
        if kind == "pow" and self.rank(tree.parts[0]) == MATRIX:
            return self.matrix_power(tree, bound)
        if (
            kind == "pow"
            and tree.parts[0].kind == "norm"
            and tree.parts[1].kind == "number"
            and tree.parts[1].value == 2.0
        ):
            inner = tree.parts[0].parts[0]
            return [(inner, bound), one("number", 2.0), one("operator", "pow"), call("sum", 1)]
        if kind in OPERATORS:
            return [*operands, one("operator", OPERATORS[kind])]
        if kind == "operator":
            return [*operands, one("operator", value)]
        if kind == "vector":
            return [*operands, call("c", len(operands))]
        if kind == "call":
            return [*operands, call(str(value), len(operands))]
        if kind == "transpose":
            return [*operands, call("t", 1)]
        if kind == "norm":
            return [*operands, one("string", "F" if self.rank(tree.parts[0]) == MATRIX else "2"), call("norm", 2)]
        assert kind == "total"
        return self.total(tree, bound)

    def name(self, tree: Tree, bound: Bound) -> "list[tuple[Tree, Bound] | Instruction]":
        name = str(tree.value)
        if name in bound:
            return [Instruction("number", float(bound[name]), tree.start, tree.end)]
        place = (tree.start, tree.end)
        if name in self.lengths:
            name = self.lengths[name][0]
            return [
                Instruction("load_quoted", name, *place),
                Instruction("call", ("length", Arguments((None,))), *place),
            ]
        return [Instruction("load_quoted", name, *place)]

    def entry(self, tree: Tree, bound: Bound) -> "list[tuple[Tree, Bound] | Instruction]":
        """Return the instructions of x_i: the vector in a sum over data, the entry or the variable in one that is written out."""
        assert isinstance(tree.value, tuple)
        stem, index = tree.value
        place = (tree.start, tree.end)
        if index not in bound:
            return [Instruction("load_quoted", stem, *place)]
        k = bound[index]
        if stem in self.columns or (stem in self.shapes and self.shapes[stem].dimensions):
            load = Instruction("load_quoted", stem, *place)
            return [load, Instruction("number", float(k), *place), Instruction("index", 1, *place)]
        return [Instruction("load_quoted", with_subscript(stem, str(k), self.known), *place)]

    def matrix_power(self, tree: Tree, bound: Bound) -> "list[tuple[Tree, Bound] | Instruction]":
        exponent = whole_number(tree.parts[1], bound)
        if exponent != -1:
            raise self.error(
                "the power of a matrix has two readings: of its entries, or a product",
                tree,
                "write A A for the product",
            )
        inverse = Instruction("call", ("solve", Arguments((None,))), tree.start, tree.end)
        return [(tree.parts[0], bound), inverse]

    def total(self, tree: Tree, bound: Bound) -> "list[tuple[Tree, Bound] | Instruction]":
        total = tree.value
        assert isinstance(total, Range)
        place = (tree.start, tree.end)
        body = tree.parts[0]
        if total.over_data or not total.index:
            whole = Instruction("call", (total.op, Arguments((None,))), *place)
            return [*self.positions(body, bound, total.index), whole]
        lower, upper = whole_number(total.lower, bound), whole_number(total.upper, bound)
        if lower is None or upper is None:
            raise self.error(
                "the bounds of the sum must be whole numbers",
                tree,
                "write numbers, or 1 and a letter for a sum over data",
            )
        if upper < lower:
            return [Instruction("number", 0.0 if total.op == "sum" else 1.0, *place)]
        count = upper - lower + 1
        self.steps -= count
        if self.steps < 0:
            raise limit_exceeded(
                "loop_steps", "the sums of the text have too many terms", self.limit, field="expression.text"
            )
        if count * sum(1 for _ in nodes(body)) > LONGEST:
            raise self.too_long()
        terms: list[tuple[Tree, Bound] | Instruction] = [
            (body, {**bound, total.index: k}) for k in range(lower, upper + 1)
        ]
        if count == 1:
            return terms
        return [*terms, Instruction("add" if total.op == "sum" else "mul", count, *place)]

    def too_long(self) -> CalculusError:
        return limit_exceeded("loop_steps", "the sums of the text are too long", self.limit, field="expression.text")

    def positions(self, body: Tree, bound: Bound, index: str) -> "list[tuple[Tree, Bound] | Instruction]":
        """Return the body of a sum over data; the index alone is the position of a term."""
        inside = list(nodes(body)) if index else []
        if not any(t.kind == "name" and t.value == index for t in inside):
            return [(body, bound)]
        vector = next(t.value[0] for t in inside if t.kind == "indexed" and t.value[1] == index)  # type: ignore[index]
        copy = Tree("positions", body.start, body.end, (index, vector), (body,))
        return [(renamed(copy), bound)]


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


def renamed(tree: Tree) -> Tree:
    """Return the body of a sum over data, in which the index that stands alone is seq_along(vector)."""
    assert isinstance(tree.value, tuple)
    index, vector = tree.value
    (body,) = tree.parts
    made: dict[int, Tree] = {}
    for t in reversed(list(nodes(body))):
        if t.kind == "name" and t.value == index:
            made[id(t)] = Tree("call", t.start, t.end, "seq_along", (Tree("name", t.start, t.end, vector),))
        else:
            made[id(t)] = Tree(
                t.kind, t.start, t.end, t.value, tuple(made[id(p)] for p in t.parts), bracketed=t.bracketed
            )
    return made[id(body)]
