"""The section of one differentiation of a scalar expression, rule by rule."""

from collections.abc import Callable
from typing import Final

from secantd.calculus import forward
from secantd.calculus.derivative import light_form
from secantd.calculus.polynomial import terms_of, to_node
from secantd.expression import Node, algebra, reachable, symbols
from secantd.interrupt import paced
from secantd.language import Function
from secantd.pages.document import Block, Line, Section
from secantd.pages.rules import elementary, rule_of, titles_of
from secantd.pages.sentences import Words
from secantd.pages.written import Pen, Written

__all__ = ["MOST_BLOCKS", "Derived", "section"]

# More steps than this nobody reads; the server's limit of steps is for replies without a page.
MOST_BLOCKS: Final = 60
# Functions with places where there is no derivative.
KINKS: Final = frozenset({"abs", "sign", "floor", "ceiling", "trunc", "round", "pmax", "pmin", "%%", "%/%", "ifelse"})
# A numerator with more terms is not multiplied out.
MOST_TERMS, HIGHEST_DEGREE = 6, 10


class Derived:
    """Makes the blocks of one differentiation.

    Args:
        function: The function, whose lock the caller holds.
        output: The expression.
        answer: Its derivative in the light form.
        variable: The variable.
        pen: Writes its formulas.
        words: The language.
        first: The number of the first step.
        left: How many blocks may be made.
        done: The numbers of the steps that the page has already, by the index of their expression and the variable.
    """

    def __init__(
        self,
        function: Function,
        output: Node,
        answer: Node,
        variable: str,
        pen: Pen,
        words: Words,
        first: int,
        left: int,
        done: dict[tuple[int, str], int],
    ) -> None:
        self.function, self.output, self.answer = function, output, answer
        self.pen, self.words = pen, words
        self.graph = function.graph
        self.variable = pen.name(variable)
        self.partial = len(symbols([output])) > 1
        self.number, self.left = first, left
        self.raw: dict[int, Node] = {}
        self.done, self.by = done, variable
        nodes = reachable([output])
        zero = self.graph.number(0.0)
        light_form(function)
        for node in paced(nodes):
            if node.op == "symbol" and node.name == variable:
                self.raw[node.index] = self.graph.number(1.0)
            elif any(a.index in self.raw for a in node.args):
                inner = [self.raw.get(a.index, zero) for a in node.args]
                self.raw[node.index] = forward.of_node(self.graph, node, inner)
        # A derivative of 0, of floor(x) for example, is that of a constant.
        self.moving = {i for i, d in self.raw.items() if not algebra.is_number(d, 0.0)}
        steps = [n for n in nodes if n.index in self.moving and (n is output or not elementary(n, self.moving))]
        self.kinks = any(n.op in KINKS and (n.index in self.raw or n.args[0].index in self.raw) for n in nodes)
        # Those of the page's earlier sections are not repeated.
        self.steps = sum(n is output or (n.index, variable) not in done for n in steps)

    def d(self, node: Node) -> Written:
        """Return d/dx [node]."""
        return self.pen.d(self.variable, self.pen.expression(node), partial=self.partial)

    def result(self, node: Node) -> Written:
        """Return the derivative of a node, simplified."""
        if node is self.output:
            return self.pen.derivative(self.answer, whole=True)
        if node.index not in self.moving:
            return Written("0", "0")
        return self.pen.derivative(self.pen.simplified(self.raw[node.index]))

    def block(self, node: Node) -> Block:
        """Return the derivation of a node, with those of its parts."""
        number = self.number
        self.number += 1
        self.left -= 1
        self.done[node.index, self.by] = number
        if node.index not in self.moving or node.op == "symbol":
            key = "variable" if node.index in self.moving else "constant"
            return Block(number, self.words.rule(key), None, (), (Line(self.result(node), "", self.d(node)),))
        rule = rule_of(self.pen, self.graph, node, self.moving, self.words)
        before: list[Line] = []
        if rule.first is not None:
            before.append(Line(self.pen.product([rule.first, self.d(rule.inner[0])])))
        if rule.line is not None:
            before.append(Line(rule.line(self.d)))
        inner, reasons = [], []
        for part in rule.inner:
            if elementary(part, self.moving):
                reasons += titles_of(part, self.moving, self.words)
                continue
            if (part.index, self.by) not in self.done and self.left > 0:
                inner.append(self.block(part))
            if (part.index, self.by) in self.done:
                reasons.append(self.words.sentence("step", n=self.done[part.index, self.by]))
        after: list[Line] = []
        if rule.line is not None and rule.inner:
            after.append(Line(rule.line(self.result), ", ".join(dict.fromkeys(reasons))))
        after += self.simplified(node, after or before, rule.line)
        if not inner:
            before, after = before + after, []
        if before and before[0].left is None:
            before[0] = Line(before[0].right, before[0].reason, self.d(node))
        if after:
            after[0] = Line(after[0].right, after[0].reason, self.d(node))
        return Block(number, rule.title, rule.rule, rule.parts, tuple(before), tuple(inner), tuple(after))

    def simplified(
        self, node: Node, lines: list[Line], line: Callable[[Callable[[Node], Written]], Written] | None
    ) -> list[Line]:
        """Return the lines that lead from the parts that are put together to the result."""
        result = self.result(node)
        # 2 · x and 2 x are one line.
        if lines and lines[-1].right.latex.replace(r"\cdot ", "") == result.latex.replace(r"\cdot ", ""):
            lines[-1] = Line(result, lines[-1].reason, lines[-1].left)
            return []
        found = []
        numerator = self.numerator(node)
        if numerator is not None and numerator.latex not in (result.latex, lines[-1].right.latex if lines else ""):
            found.append(Line(numerator, self.words.sentence("combine")))
        reason = self.words.sentence("simplify") if lines else self.words.function(node.op, node.op)
        found.append(Line(result, reason))
        return found

    def numerator(self, node: Node) -> Written | None:
        """Return (u'v - u v')/v² with its numerator multiplied out, None where that is no short polynomial."""
        if node.op != "div" or not all(a.index in self.moving for a in node.args):
            return None
        u, v = node.args
        graph = self.graph
        above = graph.make(
            "add",
            graph.make("mul", self.raw[u.index], v),
            graph.make("neg", graph.make("mul", u, self.raw[v.index])),
        )
        names = list(symbols([above]))
        terms = terms_of(above, names) if len(reachable([above])) < 200 else None
        if not terms or len(terms) > MOST_TERMS or max(map(sum, terms)) > HIGHEST_DEGREE:
            return None
        square = self.pen.power(self.pen.expression(v), Written("2", "2"))
        return self.pen.fraction(self.pen.expression(to_node(graph, names, terms)), square)


def section(made: Derived, title: str, given: Written) -> Section:
    """Return the section of one differentiation."""
    return Section(title, given, (made.block(made.output),), made.result(made.output))
