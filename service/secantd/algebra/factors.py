"""Products in the light form: the order of factors, powers of one base merged, calls folded."""

import math
from collections.abc import Sequence
from typing import Final

from secantd.algebra.constants import exponent_of, is_constant, is_exact
from secantd.algebra.folding import value_of
from secantd.algebra.product import NONE, Power, Product
from secantd.expression import REDUCTIONS, Graph, Node
from secantd.expression.decimals import decimal, plus, times
from secantd.functions import FUNCTIONS
from secantd.render import r_text
from secantd.render.r import r_pieces
from secantd.render.writer import Piece

__all__ = ["Factors"]

# The length of the texts by which terms and factors are sorted.
KEY_LENGTH: Final = 200


class Factors:
    """The products among the light forms of one graph's nodes.

    Args:
        graph: The graph.
        exact: Whether constants stay as they are: 1/3 is 0.333333333333333 otherwise, and log(10) 2.30258509299405.

    Attributes:
        rounded: Whether a constant was rounded, or left unreduced, that an exact form would have otherwise.
    """

    def __init__(self, graph: Graph, *, exact: bool = False) -> None:
        self.graph = graph
        self.exact = exact
        self.rounded = False
        self.views: dict[int, Product] = {}
        self.keys: dict[int, str] = {}
        self.pieces: dict[int, tuple[list[Piece], int]] = {}
        self.one = graph.number(1.0)

    def add(self, args: Sequence[Node]) -> Node:
        """Return the light form of a sum of light nodes; merging powers adds exponents."""
        raise AssertionError("Light overrides it")

    # -- order ----------------------------------------------------------------------------------------------

    def key(self, node: Node) -> str:
        """Return the first KEY_LENGTH characters of a node's text, by which it is sorted."""
        found = self.keys.get(node.index)
        if found is None:
            found = self.write_key(node)
        return found

    def text(self, node: Node) -> str:
        """Return the text of a node in R notation if it is short, "" for a longer one; its parts have been sorted by their texts."""
        found = self.key(node)
        return found if len(found) < KEY_LENGTH else ""

    def write_key(self, node: Node) -> str:
        """Build a key from those of the arguments, without recursion."""
        keys = self.keys
        stack = [node]
        while stack:
            top = stack[-1]
            args = top.args
            if args:
                missing = [a for a in (args if len(args) <= KEY_LENGTH else args[:KEY_LENGTH]) if a.index not in keys]
                if missing:
                    stack += missing
                    continue
            stack.pop()
            keys[top.index] = self.beginning(top)
        return keys[node.index]

    def beginning(self, node: Node) -> str:
        """Return the beginning of a node's text, built from the keys of its arguments."""
        pieces = self.pieces_of(node)[0]
        first = pieces[0]
        if len(pieces) == 1 and isinstance(first, str):
            return first[:KEY_LENGTH]
        parts: list[str] = []
        length = 0
        for piece in pieces:
            if isinstance(piece, str):
                text = piece
            else:
                inner, power = piece
                text = self.keys.get(inner.index) or r_text(inner, KEY_LENGTH, cut=True)
                if power and self.pieces_of(inner)[1] < power:
                    text = f"({text})" if len(text) < KEY_LENGTH else f"({text}"
            parts.append(text)
            length += len(text)
            if length >= KEY_LENGTH:
                break
        return "".join(parts)[:KEY_LENGTH]

    def pieces_of(self, node: Node) -> tuple[list[Piece], int]:
        found = self.pieces.get(node.index)
        if found is None:
            found = self.pieces[node.index] = r_pieces(node)
        return found

    def factor_order(self, power: Power) -> tuple[int, str, int]:
        """Return the sort key of a factor: numbers before names before calls, each in the order of their text."""
        base = power[0]
        is_name = base.op in ("symbol", "data", "pi") and "[" not in self.key(base) and "$" not in self.key(base)
        return (0 if base.op == "number" else 1 if is_name else 2, self.key(base), base.index)

    # -- products -------------------------------------------------------------------------------------------

    def view(self, node: Node) -> Product:
        """Return the product that a light node is; a node that is none is a product of one factor."""
        found = self.views.get(node.index)
        if found is None:
            found = self.views[node.index] = self.take_apart(node)
        return found

    def take_apart(self, node: Node) -> Product:
        if node.op == "number" and math.isfinite(node.value):
            return Product(node.value < 0, abs(node.value), 1.0)
        if node.op == "neg":
            inner = self.view(node.args[0])
            return Product(not inner.negative, inner.above, inner.below, inner.upper, inner.lower)
        if node.op == "pow":
            return self.power_view(*node.args)
        return Product(False, 1.0, 1.0, [(node, 1.0)])

    def power_view(self, base: Node, exponent: Node) -> Product:
        if exponent.op == "number":
            e = exponent.value
            return Product(False, 1.0, 1.0, NONE, [(base, -e)]) if e < 0 else Product(False, 1.0, 1.0, [(base, e)])
        view = self.view(exponent)
        if view.negative:
            return Product(False, 1.0, 1.0, NONE, [(base, self.negate(exponent))])
        return Product(False, 1.0, 1.0, [(base, exponent)])

    def negate(self, node: Node) -> Node:
        if node.op == "number":
            return self.graph.number(-node.value)
        view = self.view(node)
        return self.write(Product(not view.negative, view.above, view.below, view.upper, view.lower))

    def multiply(self, args: Sequence[Node]) -> Node:
        return self.write(self.merge([(self.view(a), False) for a in args]))

    def divide(self, above: Node, below: Node) -> Node:
        if below.op == "number" and below.value == 0.0:
            return self.graph.make("div", above, below)
        return self.write(self.merge([(self.view(above), False), (self.view(below), True)]))

    def merge(self, parts: Sequence[tuple[Product, bool]]) -> Product:
        """Return the product of parts, each of them as it is or inverted (True); equal bases are merged."""
        negative, above, below = False, 1.0, 1.0
        powers: dict[int, tuple[Node, float | Node]] = {}
        for part, inverse in parts:
            negative ^= part.negative
            if inverse and part.above == 0.0:
                # 1/0 stays a quotient.
                self.collect(powers, self.graph.number(0.0), 1.0, -1)
                part = Product(part.negative, 1.0, part.below, part.upper, part.lower)
            above = times(above, part.below if inverse else part.above)
            below = times(below, part.above if inverse else part.below)
            for base, exponent in part.lower if inverse else part.upper:
                self.collect(powers, base, exponent, 1)
            for base, exponent in part.upper if inverse else part.lower:
                self.collect(powers, base, exponent, -1)
        again: list[tuple[Product, bool]] = []
        upper: list[Power] = []
        lower: list[Power] = []
        for base, exponent in powers.values():
            extra = self.rewritten(base, exponent)
            if extra is not None:
                again.append((extra, False))
            elif isinstance(exponent, Node):
                view = self.view(exponent)
                (lower if view.negative else upper).append((base, self.negate(exponent) if view.negative else exponent))
            elif exponent:
                (lower if exponent < 0 else upper).append((base, abs(exponent)))
        merged = Product(negative, *self.reduced(above, below), upper, lower)
        return self.merge([(merged, False), *again]) if again else merged

    def collect(
        self, powers: dict[int, tuple[Node, float | Node]], base: Node, exponent: float | Node, side: int
    ) -> None:
        """Add ±exponent to the power of a base."""
        if isinstance(exponent, float):
            exponent = exponent * side
        elif side < 0:
            exponent = self.negate(exponent)
        held = powers.get(base.index)
        if held is None:
            powers[base.index] = (base, exponent)
            return
        other = held[1]
        if isinstance(other, float) and isinstance(exponent, float):
            powers[base.index] = (base, plus(other, exponent))
            return
        nodes = [self.graph.number(e) if isinstance(e, float) else e for e in (other, exponent)]
        powers[base.index] = (base, exponent_of(self.add(nodes)))

    def rewritten(self, base: Node, exponent: float | Node) -> Product | None:
        """Return a power of a merged base as a product of simpler bases, None if there are none."""
        if isinstance(exponent, float) and exponent == 1.0:
            inner = self.view(base) if base.op in ("mul", "div", "neg", "pow", "number") else None
            return inner if inner is not None and inner.lone() is not base else None
        if base.op == "sqrt" and exponent != -1.0:
            node = self.graph.number(exponent) if isinstance(exponent, float) else exponent
            return self.raised(base.args[0], exponent_of(self.divide(node, self.graph.number(2.0))))
        if isinstance(exponent, Node):
            return None
        if abs(exponent) == 0.5:
            root = self.call("sqrt", [base])
            return self.merge([(self.view(root), exponent < 0)])
        whole = abs(exponent) < 1e15 and exponent == int(exponent)
        if base.op == "abs" and whole and exponent % 2 == 0:
            return self.raised(base.args[0], exponent)
        if base.op == "pow" and whole:
            return self.raised(base.args[0], self.scaled(base.args[1], exponent))
        if self.exact and whole and base.op in ("mul", "div", "neg"):
            return self.distributed(self.view(base), exponent)
        return None

    def distributed(self, view: Product, exponent: float) -> Product | None:
        """Return a power of a product with a constant as a product of powers: (3*u)^2 is 9*u^2."""
        if view.above == view.below == 1.0 and not any(is_constant(b) for b, _ in (*view.upper, *view.lower)):
            return None
        size = self.graph.number(abs(exponent))
        above, below = [self.fold("pow", [self.graph.number(n), size]) for n in (view.above, view.below)]
        if above.op != "number" or below.op != "number":
            return None
        number = Product(view.negative and exponent % 2 == 1, above.value, below.value)
        parts = [(number, exponent < 0)]
        for powers, inverse in ((view.upper, False), (view.lower, True)):
            for base, e in powers:
                raised = times(e, exponent) if isinstance(e, float) else self.scaled(e, exponent)
                parts.append((self.raised(base, raised), inverse))
        return self.merge(parts)

    def scaled(self, exponent: Node, factor: float) -> float | Node:
        return exponent_of(self.multiply([exponent, self.graph.number(factor)]))

    def raised(self, base: Node, exponent: float | Node) -> Product:
        """Return base^exponent as a product."""
        if isinstance(exponent, float) and exponent == 1.0:
            return self.view(base)
        return self.view(self.power(base, exponent if isinstance(exponent, Node) else self.graph.number(exponent)))

    def write(self, product: Product) -> Node:
        """Return the node of a product: -(number * (upper/lower))."""
        node = self.write_positive(product)
        if product.negative:
            node = self.graph.number(-node.value) if node.op == "number" else self.graph.make("neg", node)
        if node.op != "number":
            self.views.setdefault(node.index, product)
        return node

    def write_positive(self, p: Product) -> Node:
        graph = self.graph
        if p.above == 0.0:
            return graph.number(0.0)
        upper, lower = self.write_powers(p.upper), self.write_powers(p.lower)
        if upper is None and lower is None:
            return self.quotient(p.above, p.below)
        if lower is None and p.below == 1.0:
            assert upper is not None
            return upper if p.above == 1.0 else graph.make("mul", graph.number(p.above), upper)
        if p.below == 1.0 and p.above != 1.0:
            assert lower is not None
            if upper is None:
                return graph.make("div", graph.number(p.above), lower)
            return graph.make("mul", graph.number(p.above), graph.make("div", upper, lower))
        if lower is None:
            down = graph.number(p.below)
        else:
            down = lower if p.below == 1.0 else graph.make("mul", graph.number(p.below), lower)
        up = upper or self.one
        if p.above != 1.0:
            number = graph.number(p.above)
            # Deriv writes 2 * 1/x^2.
            up = number if self.exact and upper is None else graph.make("mul", number, up)
        return graph.make("div", up, down)

    def write_powers(self, powers: list[Power]) -> Node | None:
        if not powers:
            return None
        if len(powers) == 1:
            return self.write_power(powers[0])
        return self.graph.make("mul", *[self.write_power(p) for p in sorted(powers, key=self.factor_order)])

    def write_power(self, power: Power) -> Node:
        base, exponent = power
        if isinstance(exponent, float):
            if exponent == 1.0:
                return base
            exponent = self.graph.number(exponent)
        return self.graph.make("pow", base, exponent)

    # -- powers and calls -----------------------------------------------------------------------------------

    def power(self, base: Node, exponent: Node) -> Node:
        """Return base^exponent; a power that is not a factor keeps a negative exponent."""
        known = exponent_of(exponent)
        if isinstance(known, float):
            e = known
            if e == 0.0:
                return self.one
            if e == 1.0:
                return base
            if base.op == "number":
                folded = self.fold("pow", [base, self.graph.number(e)])
                if folded.op != "pow":
                    return folded
            if e == 0.5:
                return self.call("sqrt", [base])
            if e == -1.0 and base.op == "sqrt":
                return self.divide(self.one, base)
        elif base.op == "number" and base.value == 1.0:
            return base
        rewritten = self.rewritten(base, known)
        return self.write(rewritten) if rewritten is not None else self.graph.make("pow", base, exponent)

    def call(self, op: str, args: list[Node]) -> Node:
        """Return the light form of a call: a function, a comparison, ifelse or a reduction of light arguments."""
        first = args[0]
        if op in REDUCTIONS:
            return first if first.rows == 1 and op not in ("sum", "prod") else self.graph.make(op, *args)
        if all(a.op == "number" for a in args) and op != "ifelse":
            return self.fold(op, args)
        if op == "ifelse" and first.op == "number":
            return args[1] if first.value else args[2]
        if op == "log" and first.op == "exp":
            return first.args[0]
        if op == "log" and first.op == "add" and first.args[-1].op != "neg":
            ones = [a for a in first.args if a.op == "number" and a.value == 1.0]
            if ones:
                rest = [a for a in first.args if a is not ones[0]]
                return self.graph.make("log1p", rest[0] if len(rest) == 1 else self.graph.make("add", *rest))
        if op == "sqrt" and first.op == "pow" and first.args[1].op == "number" and first.args[1].value == 2.0:
            return self.call("abs", [first.args[0]])
        if op == "abs" and first.op == "neg":
            first = first.args[0]
            return self.graph.make("abs", first)
        return self.graph.make(op, *args)

    def fold(self, op: str, args: list[Node]) -> Node:
        """Return the value of a call whose arguments are numbers, or the call itself if its value is not finite."""
        if op in FUNCTIONS or op == "pow":
            value = value_of(op, [a.value for a in args])
            if math.isfinite(value):
                if not is_exact(op, args, value):
                    self.rounded = True
                    if self.exact:
                        return self.kept(op, args)
                return self.graph.number(value or 0.0)
        return self.graph.make(op, *args)

    def kept(self, op: str, args: list[Node]) -> Node:
        """Return a call of numbers whose value is no number of the exact form: 2^(-3) is 1/8, log(2) stays."""
        if op == "pow" and args[1].value < 0.0 and args[1].value.is_integer():
            positive = self.fold("pow", [args[0], self.graph.number(-args[1].value)])
            if positive.op == "number":
                return self.divide(self.one, positive)
        return self.graph.make(op, *args)

    # -- numbers --------------------------------------------------------------------------------------------

    def quotient(self, above: float, below: float) -> Node:
        """Return above/below, of positive numbers."""
        graph = self.graph
        value = above / below
        if below != 1.0 and not value.is_integer():
            self.rounded = True
        elif math.isfinite(value) and value:
            return graph.number(value)
        if self.exact or not math.isfinite(value) or not value:
            return graph.make("div", graph.number(above), graph.number(below))
        return graph.number(value)

    def reduced(self, above: float, below: float) -> tuple[float, float]:
        """Return a quotient of numbers in lowest terms: 2/4 becomes 1/2. Deriv keeps 6/4, and so does a form that is not exact."""
        if below == 1.0 or not above or not math.isfinite(above) or not math.isfinite(below):
            return above, below
        if (above / below).is_integer():
            return above / below, 1.0
        if (below / above).is_integer():
            return 1.0, below / above
        if above.is_integer() and below.is_integer():
            common = float(math.gcd(int(above), int(below)))
            if common > 1.0:
                self.rounded = True
                return (above / common, below / common) if self.exact else (above, below)
        elif self.exact:
            # A quotient that is a decimal again: 0.3/1.5 is 0.2.
            value = above / below
            if value and decimal(value) * decimal(below) == decimal(above):
                return value, 1.0
        return above, below
