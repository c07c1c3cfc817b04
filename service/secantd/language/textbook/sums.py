r"""Sums, products, maxima over an index: \sum_{i=1}^{n}, \sum_{i<j}, \sum_{1 \le i < j \le n}, \max_i."""

from typing import Final

from secantd.language.textbook.base import Steps
from secantd.language.textbook.groups import CLOSES, Groups
from secantd.language.textbook.range import Range
from secantd.language.textbook.trees import Tree
from secantd.language.tokens import Token

__all__ = ["Sums"]

RELATIONS: Final = frozenset({"<", "<=", ">", ">=", "!="})
# What a sum and a product of nothing are.
NEUTRAL: Final = {"sum": 0.0, "prod": 1.0}


class Sums(Groups):
    """The parser's methods for what runs over an index."""

    def total(self) -> Steps:
        token = self.take()
        found = Range(token.name)
        conditions: list[Tree] = []
        while self.token.kind in ("_", "^", "raised"):
            mark = self.take()
            if mark.kind == "_":
                yield self.lower_bound(found, token, conditions)
            elif mark.kind == "raised":
                raise self.error("write the upper bound behind ^", mark)
            else:
                found.upper = yield self.argument("the upper bound")
        if found.upper is not None and found.lower is None and not conditions:
            raise self.error(f"'{token.text}' has an upper bound only", token, f"write {token.text}_{{i=1}}^{{n}}")
        self.relate(found, token, conditions)
        letter = found.letter
        found.nested = letter is not None and letter.value in self.bound
        every = [found, *found.more]
        for each in found.more:
            each.lower, each.upper, each.nested = found.lower, found.upper, found.nested
        self.bound += [each.index for each in every]
        self.ranges.update({each.index: each for each in every})
        self.indices.update(each.index for each in every if each.index)
        body = yield self.product(joined=token.name == "prod")
        del self.bound[-len(every) :]
        tree: Tree = body
        self.begin_with_first(found, body)
        if conditions:
            condition = conditions[0]
            for another in conditions[1:]:
                condition = Tree("operator", condition.start, another.end, "&", (condition, another))
            nothing = Tree("number", token.start, token.end, NEUTRAL[token.name])
            tree = Tree("call", token.start, body.end, "ifelse", (condition, body, nothing))
        for each in reversed(every):
            tree = Tree("total", token.start, body.end, each, (tree,))
        return tree

    def relate(self, found: Range, token: Token, conditions: list[Tree]) -> None:
        """Make bounds that are an index of a sum over data around this one conditions: j = i + 1, ..., n is j > i."""
        outer, more = shifted(found.lower)
        if outer in self.bound and more in (0, 1) and found.letter is not None and found.letter.value not in self.bound:
            conditions.append(relation(found, token, ">" if more else ">=", outer))
            found.lower = None
            found.above = outer if more else ""
        outer, more = shifted(found.upper)
        around = self.ranges.get(outer)
        if outer in self.bound and more in (0, -1) and around is not None and around.over_data:
            if found.lower is None or found.lower.value != 1.0:
                raise self.error(
                    "a sum over data begins with 1", token, "write the bounds 1 and n, or numbers for both"
                )
            conditions.append(relation(found, token, "<" if more else "<=", outer))
            found.lower = found.upper = None
            found.below = outer if more else ""
        if conditions and found.op not in NEUTRAL:
            raise self.error(
                f"the index of '{token.text}' has a condition", token, rf"write {token.text}_i over all terms"
            )

    def begin_with_first(self, found: Range, body: Tree) -> None:
        """Let a sum run over all terms where those that are left out are sums without terms: i < n with j > i within."""
        inner = body.value
        if body.kind != "total" or not isinstance(inner, Range) or inner.op != found.op or not found.index:
            return
        name, more = shifted(found.upper)
        if inner.above == found.index and name and more == -1 and found.letter is not None:
            found.upper = found.letter
        lower = found.lower
        if inner.below == found.index and lower is not None and lower.kind == "number" and lower.value == 2.0:
            lower.value = 1.0

    def lower_bound(self, found: Range, token: Token, conditions: list[Tree]) -> Steps:
        opening = self.token
        grouped = opening.kind in ("{", "(")
        self.at += grouped
        index = self.token
        if grouped and (index.kind == "number" or (index.kind != "end" and self.tokens[self.at + 1].kind in RELATIONS)):
            yield self.chain(found, token, conditions)
            self.expect(CLOSES[opening.kind], f"'{CLOSES[opening.kind]}'", opening)
            return Tree("name", index.start, index.end, found.index)
        if index.kind != "name":
            raise self.unexpected("expected the index of the sum", f"write {token.text}_{{i=1}}^{{n}}")
        self.at += 1
        found.index = index.name
        while grouped and self.token.kind == ",":
            self.at += 1
            if self.token.kind != "name":
                raise self.unexpected("expected another index of the sum", f"write {token.text}_{{i,j=1}}^{{n}}")
            found.more.append(Range(token.name, self.take().name))
        if grouped:
            if self.token.kind == "=":
                self.at += 1
                found.lower = yield self.sum()
                if [t.kind for t in self.tokens[self.at : self.at + 3]] == [",", "dots", ","]:
                    self.at += 3
                    found.upper = yield self.sum()
            self.expect(CLOSES[opening.kind], f"'{CLOSES[opening.kind]}'", opening)
        elif not self.latex and self.token.kind == "=":
            self.at += 1
            found.lower = yield self.argument("the lower bound")
        return Tree("name", index.start, index.end, index.name)

    def chain(self, found: Range, token: Token, conditions: list[Tree]) -> Steps:
        r"""Read i < j, i \ne j, or 1 \le i < j \le n."""
        first = self.token
        operands, signs = [(yield self.sum())], []
        while self.token.kind in RELATIONS:
            signs.append(self.take().kind)
            operands.append((yield self.sum()))
        hint = rf"write {token.text}_{{i<j}}, {token.text}_{{1 \le i < j \le n}} or {token.text}_{{i=1}}^{{n}}"
        if operands[0].kind == "number":
            if len(operands) < 3 or signs[0] != "<=" or signs[-1] != "<=":
                raise self.error("the bounds of the sum are not read", first, hint)
            found.lower, found.upper = operands[0], operands[-1]
            operands, signs = operands[1:-1], signs[1:-1]
        if any(o.kind != "name" for o in operands):
            raise self.error("the index of the sum is not read", first, hint)
        names = [str(o.value) for o in operands]
        new = [name for name in dict.fromkeys(names) if name not in self.bound]
        if not new:
            raise self.error("the sum has no index of its own", first, hint)
        found.index = new[0]
        found.more = [Range(token.name, name) for name in new[1:]]
        for one, sign, other in zip(operands, signs, operands[1:], strict=False):
            conditions.append(Tree("operator", one.start, other.end, sign, (one, other)))
        return Tree("name", first.start, first.end, found.index)


def relation(found: Range, token: Token, sign: str, other: str) -> Tree:
    parts = tuple(Tree("name", token.start, token.end, name) for name in (found.index, other))
    return Tree("operator", token.start, token.end, sign, parts)


def shifted(tree: Tree | None) -> tuple[str, int]:
    """Return the name and the number of a bound such as n, n - 1 or i + 1; "" for another bound.

    >>> name, one = Tree("name", 0, 1, "n"), Tree("number", 2, 3, 1.0)
    >>> shifted(name), shifted(Tree("add", 0, 3, None, (name, Tree("minus", 1, 3, None, (one,))))), shifted(one)
    (('n', 0), ('n', -1), ('', 0))
    """
    if tree is None:
        return "", 0
    if tree.kind == "name":
        return str(tree.value), 0
    if tree.kind != "add" or len(tree.parts) != 2 or tree.parts[0].kind != "name":
        return "", 0
    more = tree.parts[1]
    sign = -1 if more.kind == "minus" else 1
    number = more.parts[0] if more.kind == "minus" else more
    if number.kind != "number" or not isinstance(number.value, float) or not number.value.is_integer():
        return "", 0
    return str(tree.parts[0].value), sign * int(number.value)
