"""The light form: a normal form of products and sums.

The problem. A derivative made by the rules has the shape of the rules: sums in sums, products in products, the same factor
above and below the bar. It has to become short enough to read, in an order that does not depend on how f was written,
without changing its value, and fast enough for every answer; SymPy's `simplify` may take seconds.

The method is a walk over the graph in topological order, arguments first, which rewrites each node by its operation:

- A product (`product.py`, `factors.py`) is sign · number/number · Π base^exponent / Π base^exponent. Products within it
  are opened, exponents of equal bases are added, and a power with a negative exponent moves below the bar. Factors are
  sorted: numbers, names, calls, each by their text.
- A sum (`sums.py`) is a list of products. Sums within it are opened, and terms that differ in their number only are merged
  by a hash of the rest. Then the base that most terms share is pulled out, and again from what is inside and from what is
  left, FACTOR_DEPTH times at most. Positive terms are sorted by their text and come first.
- A call of numbers is folded where its value is finite; log(exp(u)) becomes u, sqrt(u^2) abs(u), log(1 + u) log1p(u).
- A reduction of n rows that have become equal is n times the row, or its power.

Guarantees. A light form equals its expression wherever that has a value, in exact arithmetic; it may have a value where the
expression has none (x/x becomes 1). Rules that hold for some arguments only, such as log(a*b) = log(a) + log(b), are left
out. The light form of a light form is itself. It is not canonical: equal light forms prove that two expressions are equal,
different ones prove nothing, and no algorithm decides the question for all of them (Richardson 1968). Products of sums are
not expanded.

Complexity. Every node is rewritten once, since equal expressions are one node. Merging n factors or terms takes O(n log n);
pulling factors out of n terms takes O(n) for each round. A chain of n nested products is merged once (`chains.py`) instead
of n times. The text of a light form may be exponentially longer than the graph; `longest` bounds it.

Sources: J. Moses, Algebraic Simplification: A Guide for the Perplexed, CACM 14 (1971) 527-537. J. S. Cohen, Computer Algebra
and Symbolic Computation: Mathematical Methods (2003), chapter 3. D. Richardson, Some Undecidable Problems Involving
Elementary Functions of a Real Variable, J. Symbolic Logic 33 (1968). Order and factoring follow the printed answers of R's
Deriv, whose source was never read.
"""

from collections.abc import Sequence
from typing import Final

from secantd.algebra.chains import opened, within_products
from secantd.algebra.factors import Factors
from secantd.algebra.sums import write_sum
from secantd.errors import limit_exceeded
from secantd.expression import REDUCTIONS, Graph, Node, reachable
from secantd.interrupt import checkpoint
from secantd.render.writer import TOO_LONG

__all__ = ["Light", "light"]

# The number of new nodes from which on the length of the forms is checked.
LARGE: Final = 200


def light(graph: Graph, node: Node) -> Node:
    """Return the light form of a node, in the same graph.

    Args:
        graph: The graph of `node`.
        node: The expression.

    >>> from secantd.language import read
    >>> from secantd.render import r_text
    >>> f = read("x * exp(x) + exp(x)")
    >>> r_text(light(f.graph, f.outputs[0]))
    '(1 + x) * exp(x)'
    """
    return Light(graph).of(node)


class Light(Factors):
    """The light forms of the nodes of one graph, which are kept.

    Args:
        graph: The graph.
        exact: As for `Factors`.
    """

    def __init__(self, graph: Graph, *, exact: bool = False) -> None:
        super().__init__(graph, exact=exact)
        self.forms: dict[int, Node] = {}
        self.lengths: dict[int, int] = {}

    def of(self, output: Node, longest: int = 0) -> Node:
        """Return the light form of a node.

        Args:
            output: The node.
            longest: The most code points of its text; 0: no limit. A derivative of a thousand nodes can have a light form
                of millions of factors.

        Raises:
            CalculusError: LIMIT_EXCEEDED as soon as the text of a part is certain to be longer than `longest`.
        """
        forms = self.forms
        nodes = reachable([output], forms)
        bounded = longest > 0 and len(nodes) > LARGE
        within = within_products(nodes)
        for node in nodes:
            # A step on a long sum takes milliseconds.
            if node.args:
                checkpoint()
            if node.index not in within:
                form = self.step(node, [forms[a.index] for a in opened(node, within)])
                if bounded and self.least_length(form) > longest:
                    raise limit_exceeded("output_length", TOO_LONG, longest, "request values only")
                forms[node.index] = form
                # The light form of a light form is itself.
                forms.setdefault(form.index, form)
        return forms[output.index]

    def least_length(self, node: Node) -> int:
        """Return a lower bound of the code points in the text of a node: the number of nodes of its tree."""
        lengths = self.lengths
        stack = [node]
        while stack:
            top = stack[-1]
            missing = [a for a in top.args if a.index not in lengths]
            if missing:
                stack += missing
                continue
            stack.pop()
            total = 1
            for a in top.args:
                total += lengths[a.index]
            lengths[top.index] = total
        return lengths[node.index]

    def step(self, node: Node, args: Sequence[Node]) -> Node:
        """Return the light form of a node, given the light forms of its arguments."""
        op = node.op
        if not args:
            return node
        if op == "add":
            return self.add(args)
        if op == "neg":
            return self.negate(args[0])
        if op == "mul":
            return self.multiply(args)
        if op == "div":
            return self.divide(args[0], args[1])
        if op == "pow":
            return self.power(args[0], args[1])
        if op in REDUCTIONS and node.args[0].rows > args[0].rows:
            return self.reduced_constant(op, args[0], node.args[0].rows)
        self.graph.keep_branch(node, args)
        return self.call(op, list(args))

    def reduced_constant(self, op: str, row: Node, count: int) -> Node:
        """Return a reduction of `count` equal rows: a sum over n equal rows is n times the row, as in sum(u/(a*u)) = n/a."""
        if op == "sum":
            return self.multiply([self.graph.number(float(count)), row])
        return self.power(row, self.graph.number(float(count))) if op == "prod" else row

    def add(self, args: Sequence[Node]) -> Node:
        """Return the light form of a sum of light nodes."""
        return write_sum(self, args)
