"""Trees to instructions, without recursion: sums over a few numbers are written out, those over data are sums of vectors."""

import math
import re
from collections.abc import Collection, Mapping
from typing import Final

from secantd.errors import CalculusError, limit_exceeded
from secantd.expression import VariableShape
from secantd.interrupt import EVERY, checkpoint
from secantd.language.instructions import Arguments, Instruction, Instructions
from secantd.language.textbook.bounds import Bound, decided, whole_number
from secantd.language.textbook.determinants import determinant
from secantd.language.textbook.doublesums import deepest_sum, indices_of, inner_sums, with_row_sums
from secantd.language.textbook.names import with_subscript
from secantd.language.textbook.range import Range
from secantd.language.textbook.ranks import MATRIX, Ranks
from secantd.language.textbook.shifts import ShiftError, instructions_of_slice, sliced
from secantd.language.textbook.trees import Tree, nodes
from secantd.language.textbook.triplesums import with_products

__all__ = ["Emitter"]

OPERATORS: Final = {"div": "div", "pow": "pow", "neg": "neg", "minus": "minus"}
# The most instructions of all sums that are written out.
LONGEST: Final = 2_000_000
BARS: Final = re.compile(r"\||\\(?:left\s*)?(?:\||\\?[lr]?vert\b)")
NAMED: Final = {"sum": "the sum", "prod": "the product", "max": "the maximum", "min": "the minimum"}
EMPTY: Final = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}


class Emitter(Ranks):
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
        super().__init__(text, columns, shapes)
        self.known = known
        self.steps = self.limit = steps
        # Names that are vectors because an index or a norm says so, and names in sums over an index that are numbers.
        self.vectors: dict[str, None] = {}
        self.numbers: dict[str, None] = {}
        # For the letter of an upper bound, the vectors of that length.
        self.lengths: dict[str, list[str]] = {}
        # The same for matrices: the function of the matrix that is its number of rows or columns.
        self.sides: dict[str, tuple[str, str]] = {}
        self.notices: dict[str, None] = {}

    def prepare(self, trees: list[Tree]) -> None:
        """Learn from all trees of a text what their names are."""
        for tree in trees:
            deep = deepest_sum(tree)
            if deep is not None:
                raise self.error("too many sums over data in each other", deep, "write the bounds as numbers")
        found = [t for tree in trees for t in nodes(tree)]
        self.linear = any(t.kind in ("norm", "transpose", "matrix") for t in found)
        totals = [t for t in found if isinstance(t.value, Range) and t.value.over_data]
        within = [(total, inner) for total in totals for inner in inner_sums(total)]
        nested = {id(tree) for both in within for tree in both}
        for tree in totals:
            self.prepare_total(tree, id(tree) in nested)
        with_products(totals, within)
        refused = with_row_sums([t for t in totals if isinstance(t.value, Range)])
        if refused is not None:
            hint = r"write products such as x^{\top} A y, or the bounds as numbers"
            raise self.error("these three sums over data in each other are not products of matrices", refused, hint)
        self.prepare_ranks([t for tree in trees for t in nodes(tree)])
        for tree in found:
            if tree.kind == "norm":
                self.prepare_norm(tree)
        for name in self.vectors:
            self.numbers.pop(name, None)

    def prepare_total(self, tree: Tree, nested: bool) -> None:
        total = tree.value
        assert isinstance(total, Range)
        first = 1 if total.lower is None else whole_number(total.lower, {})
        if first is None or first < 1:
            raise self.error("a sum over data begins with 1", tree, "write the bounds 1 and n, or numbers for both")
        inside = list(nodes(tree.parts[0]))
        indexed = [t for t in inside if total.index in indices_of(t)]
        if not indexed:
            hint = f"write x_{total.index} for its terms, or a number for the upper bound"
            if total.op in ("max", "min"):
                hint = rf"write \{total.op}_i x_i for the entries of x, \{total.op}(a, b) for numbers"
            raise self.error(f"nothing in {NAMED[total.op]} has the index {total.index}", tree, hint)
        pairs = [t.value for t in indexed if t.kind == "pair"]
        vectors = [t.value[0] for t in indexed if t.kind != "pair"]  # type: ignore[index]
        self.vectors.update(dict.fromkeys(vectors))
        self.numbers.update(dict.fromkeys(str(t.value) for t in inside if t.kind == "name"))
        if total.upper is not None:
            assert total.letter is not None
            letter = str(total.letter.value)
            if letter in self.known:
                hint = "leave it out of the request, or give the upper bound as a number"
                raise self.error(f"'{letter}' is the number of terms, which the data give", total.upper, hint)
            if vectors:
                self.lengths.setdefault(letter, []).extend(vectors)
            for pair in pairs:
                assert isinstance(pair, tuple)
                self.sides.setdefault(letter, ("nrow" if pair[1] == total.index else "ncol", str(pair[0])))
        left_out = 0 if total.letter is total.upper else -(whole_number(total.upper, {str(total.letter.value): 0}) or 0)  # type: ignore[union-attr]
        if first != 1 or left_out or any(t.kind == "shifted" for t in indexed):
            letter = "" if total.letter is None else str(total.letter.value)
            entries = [t for t in inside if t.kind != "slice"]
            try:
                sliced(inside, total.index, first, left_out, letter)
            except ShiftError as error:
                raise self.error(error.headline, error.place, error.hint) from None
            for t in entries if nested else ():
                if t.kind == "slice":
                    t.kind, t.value, t.parts = "laid", ("", total.index), (Tree("slice", t.start, t.end, t.value),)

    def prepare_norm(self, tree: Tree) -> None:
        """Learn that the terms in a norm are vectors."""
        stack = list(tree.parts)
        while stack:
            part = stack.pop()
            if part.kind in ("add", "neg", "minus"):
                stack.extend(part.parts)
            elif part.kind == "name" and self.rank(part) is None:
                self.vectors[str(part.value)] = None

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
        if kind == "slice":
            return [*instructions_of_slice(tree)]
        if kind == "shifted":
            assert isinstance(value, tuple)
            stem, index, offset = value
            return self.entry(Tree("indexed", tree.start, tree.end, (stem, index)), {index: bound[index] + offset})
        if kind == "pair":
            return self.entry_of_matrix(tree, bound)
        if kind == "laid":
            return operands
        if kind == "string":
            return [one("string", value)]
        if kind == "matrix":
            return self.matrix(tree, operands)
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
            and tree.parts[0].value == "2"
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
        if kind == "call" and value == "det" and tree.parts[0].kind == "matrix":
            written_out = determinant(tree.parts[0])
            if written_out is not None:
                return [(written_out, bound)]
        if kind == "call" and value == "ifelse" and bound:
            known = decided(tree.parts[0], bound)
            if known is not None:
                return [(tree.parts[1 if known else 2], bound)]
        if (
            kind == "call"
            and value == "abs"
            and self.rank(tree.parts[0]) == MATRIX
            and BARS.match(self.text, tree.start)
        ):
            self.notices[f"'{self.text[tree.start : tree.end][:60]}' is read as the determinant"] = None
            return [*operands, call("det", 1)]
        if kind == "call":
            return [*operands, call(str(value), len(operands))]
        if kind == "transpose":
            return [*operands, call("t", 1)]
        if kind == "norm" and value != "2":
            if self.rank(tree.parts[0]) == MATRIX:
                raise self.error("this norm of a matrix is not read", tree, "write _F, or the sum itself")
            return [*operands, call("abs", 1), call("sum" if value == "1" else "max", 1)]
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
        if name in self.sides:
            function, matrix = self.sides[name]
            return [
                Instruction("load_quoted", matrix, *place),
                Instruction("call", ("as matrix", Arguments((None,))), *place),
                Instruction("call", (function, Arguments((None,))), *place),
            ]
        return [Instruction("load_quoted", name, *place)]

    def matrix(
        self, tree: Tree, entries: "list[tuple[Tree, Bound] | Instruction]"
    ) -> "list[tuple[Tree, Bound] | Instruction]":
        """Return the instructions of a matrix that is written out; one column is a vector, one row a transposed one."""
        assert isinstance(tree.value, tuple)
        rows, columns = tree.value
        place = (tree.start, tree.end)

        def call(name: str, count: int) -> Instruction:
            return Instruction("call", (name, Arguments((None,) * count)), *place)

        vector = [*entries, call("c", len(entries))]
        if rows > 1 and columns > 1:
            sides = [Instruction("number", float(side), *place) for side in (rows, columns, 1)]
            return [*vector, *sides, call("matrix", 4)]
        return vector if columns == 1 else [*vector, call("t", 1)]

    def entry_of_matrix(self, tree: Tree, bound: Bound) -> "list[tuple[Tree, Bound] | Instruction]":
        """Return the instructions of a_ij where an index is a number: an entry, or a row or column."""
        assert isinstance(tree.value, tuple)
        stem, *indices = tree.value
        place = (tree.start, tree.end)
        numbers = [bound.get(i, int(i) if i.isdecimal() else None) for i in indices]
        if None not in numbers and not (stem in self.columns or stem in self.shapes):
            short = "" if all(n is not None and n < 10 for n in numbers) else "_"
            name = with_subscript(stem, short.join(map(str, numbers)), self.known)
            return [Instruction("load_quoted", name, *place)]
        out = [
            Instruction("load_quoted", stem, *place),
            Instruction("call", ("as matrix", Arguments((None,))), *place),
        ]
        for n in numbers:
            out.append(Instruction("missing", None, *place) if n is None else Instruction("number", float(n), *place))
        return [*out, Instruction("index", 2, *place)]

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
            return [Instruction("number", EMPTY[total.op], *place)]
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
        if total.op in ("max", "min"):
            return [*terms, Instruction("call", (total.op, Arguments((None,) * count)), *place)]
        return [*terms, Instruction("add" if total.op == "sum" else "mul", count, *place)]

    def too_long(self) -> CalculusError:
        return limit_exceeded("loop_steps", "the sums of the text are too long", self.limit, field="expression.text")

    def positions(self, body: Tree, bound: Bound, index: str) -> "list[tuple[Tree, Bound] | Instruction]":
        """Return the body of a sum over data; the index alone is the position of a term."""
        inside = list(nodes(body)) if index else []
        if not any(t.kind == "name" and t.value == index for t in inside):
            return [(body, bound)]
        vector = next((t.value[0] for t in inside if t.kind == "indexed" and t.value[1] == index), None)  # type: ignore[index]
        if vector is None:
            raise self.error(f"the index {index} stands alone where no vector has it", body, "write x_i for a term")
        copy = Tree("positions", body.start, body.end, (index, vector), (body,))
        return [(renamed(copy), bound)]


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
