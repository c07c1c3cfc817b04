"""An operator-precedence parser with an explicit stack: tokens to instructions in postfix order.

The problem. R and Python notation are read by one grammar: infix operators with precedence and associativity, calls,
indices, blocks, conditions, loops and function literals. A client's text may be nested as deeply as it is long, so
that neither recursive descent nor Pratt's parser will do: both need a Python call for each level.

The method is operator precedence (Floyd 1963), organized as in Dijkstra's shunting-yard algorithm (1961), with the
binding powers of Pratt (1973). The parser alternates between two states: where an operand may begin (`operand`), and
behind a complete operand (`operator`). `entries` is a stack of everything that is open: operators that lack their right
operand, brackets, and constructs that lack their body.

- A binary operator has a left and a right binding power (`grammar.BINARY`). When it is read, all entries on top of the
  stack whose power is at least its left power are finished (`reduce`): their instructions are emitted. Then the
  operator is pushed with its right power. A right power above the left one makes an operator associate to the left;
  a power has 120 and 111, associates to the right, and binds closer than a sign (110) before it: -x^2 is -(x^2).
- A prefix operator is pushed without reducing, so that it may follow any operator: 2^-x.
- Sums and products are one entry each, which counts its operands. The instruction `add n` keeps the order of the text,
  and so its IEEE value.
- Brackets, defaults and the text as a whole enclose: `reduce` stops at them. A closing bracket reduces to the
  innermost one, which it has to match.
- The body of `function`, `if` or `for` is emitted into a list of its own, which becomes the operand of one
  instruction when the construct is finished.

Complexity. An entry is pushed and popped once, so time and space are proportional to the length of the text. A comma, a
line end and the ':' of a lambda also look for the innermost entry that encloses, at most `depth` steps.

Guarantees. The instructions compute the operations of the text in its order; nothing is simplified or reordered. More
open entries than `depth` raise LIMIT_EXCEEDED. An error has the position of the token at which reading stopped.

Sources: R. W. Floyd, Syntactic Analysis and Operator Precedence, J. ACM 10 (1963) 316-333. E. W. Dijkstra, Algol 60
Translation, Mathematisch Centrum MR 34/61 (1961). V. R. Pratt, Top Down Operator Precedence, POPL (1973) 41-51. The
precedence itself: R's help page ?Syntax; The Python Language Reference, 6.17.
"""

from typing import Final

from secantd.errors import limit_exceeded
from secantd.interrupt import EVERY, checkpoint
from secantd.language.brackets import Brackets
from secantd.language.definitions import ENDS, STATEMENTS, WHOLE
from secantd.language.grammar import (
    ASSIGN,
    BINARY,
    COMPARISON,
    CONDITIONAL,
    KEYWORDS,
    PREFIX,
    PRODUCT,
    QUOTED,
    REST,
    SUM,
    TERNARY,
    Entry,
)
from secantd.language.instructions import Arguments, Instructions
from secantd.language.notation import Notation
from secantd.language.reader import OPERAND
from secantd.language.tokens import Token
from secantd.settings import Limits

__all__ = ["parse"]

NOTHING: Final = frozenset({"None", "NULL"})
NEW_AXES: Final = frozenset({"None", "np.newaxis", "numpy.newaxis"})


def parse(text: str, notation: Notation | None = None, depth: int = Limits().depth) -> Instructions:
    """Return the instructions of `text`.

    Args:
        text: A formula, a function, a block.
        notation: R or PYTHON; None accepts both.
        depth: How many brackets, signs and constructs may be open at once.

    Raises:
        CalculusError: SYNTAX_ERROR with the position, what was found and what was expected; LIMIT_EXCEEDED.

    >>> [i.op for i in parse("-x^2 + 2*x").instructions]
    ['load', 'number', 'operator', 'operator', 'number', 'load', 'mul', 'add']
    """
    return Parser(text, notation).run(depth)


class Parser(Brackets):
    """The parser of one text; `operand` and `operator` return whether an operand is complete now."""

    def run(self, depth: int) -> Instructions:
        complete = False
        while True:
            if not self.at % EVERY:
                checkpoint()
            if len(self.entries) > depth:
                headline = "the text is nested too deeply"
                raise limit_exceeded(
                    "depth", headline, depth, "assign parts of it to names: a <- ...", "expression.text"
                )
            if not complete:
                complete = self.operand()
            elif self.tokens[self.at].kind == "end":
                self.end()
                break
            else:
                complete = self.operator()
        return self.codes[0]

    # -- where an operand may begin ---------------------------------------------------------------------------

    def operand(self) -> bool:
        token = self.tokens[self.at]
        kind = token.kind
        self.at += 1
        if kind == "number":
            self.number(token)
            return True
        if kind == "name":
            if self.begins_statement() and self.tokens[self.at].kind == "," and self.targets(token):
                return False
            return self.name(token)
        if kind in PREFIX:
            # Python's ~ negates a mask; in R it begins a formula.
            power, name = PREFIX[kind] if kind != "~" or not self.python else (PREFIX["-"][0], "!")
            self.entries.append(Entry("prefix", token, power, name=name))
        elif kind == "@" and self.begins_statement():
            # A decorator
            self.at = self.end_of_statement(self.at)
            self.emit("empty", None, token)
            return True
        elif kind in ("(", "[") and self.begins_statement() and self.targets(token):
            return False
        elif kind == "(" or kind == "{":
            self.open("dict" if kind == "{" and self.begins_dictionary() else kind, token)
        elif kind == "[" or kind == "[[":
            for _ in kind:
                self.open("list", token)
        elif kind == "string":
            if self.key(token) or self.named_by_text(token):
                return False
            self.emit("string", token.content, token)
            return True
        elif kind == "\\":
            self.function(token)
        elif kind != "newline":
            return self.no_operand(token)
        return False

    def no_operand(self, token: Token) -> bool:
        """Handle a token that begins no operand: an empty statement, block or call; else raise an error."""
        top = self.entries[-1]
        if token.kind == ";" and top.kind in ("top", "{", "lines"):
            return False
        if token.kind == "}" and top.kind == "{" and not top.count:
            self.entries.pop()
            self.emit("empty", None, token)
            return True
        if token.kind == ")" and top.kind in ("call", "apply") and self.tokens[self.at - 2].end == top.token.end:
            self.entries.pop()
            self.finish_call(top)
            return True
        if token.kind in (")", "]") and self.attributes and self.before().kind == ",":
            # Python allows a comma after the last element.
            self.entries.pop()
            if top.kind in ("call", "apply"):
                self.finish_call(top)
                return True
            if top.kind in ("list", "tuple"):
                self.finish_list(top, top.count)
                return True
            self.entries.append(top)
        if top.kind == "[" and (
            token.kind == ","
            or (token.kind == "]" and (top.count or top.pending))
            or (token.kind in (":", "::") and self.python)
        ):
            # A[i, ], and Python's x[:n]: the index is left out.
            self.emit("missing", None, token)
            self.at -= 1
            return True
        if token.kind == "end" and all(t.kind in ("newline", "end", ";") for t in self.tokens):
            raise self.error("the text is empty", token, "write a formula such as x^2")
        raise self.unexpected(OPERAND, token, self.instead(token))

    def name(self, token: Token) -> bool:
        text, following = token.text, self.tokens[self.at]
        top = self.entries[-1]
        if text in KEYWORDS:
            return self.keyword(token)
        if text == "lambda" and self.is_lambda():
            self.entries.append(Entry("function", token, pending=":"))
            if following.kind == ":":
                self.at += 1
                self.begin_body()
            else:
                self.parameter()
            return False
        if text in STATEMENTS and self.begins_statement() and self.statement(token):
            return text in WHOLE
        if self.aliases and "." in text:
            token = self.renamed(token)
            text = token.text
        if text == "return" and (following.kind != "(" or self.python):
            # In Python `return (a)/b` returns a/b; R's return(a)/b returns a.
            if following.kind in ENDS:
                self.emit("empty", None, token)
                self.emit("return", None, token)
                return True
            self.entries.append(Entry("prefix", token, ASSIGN, name="return"))
            return False
        if following.kind == "=" and top.kind in ("call", "apply") and top.name is None and self.begins_argument():
            self.at += 1
            top.name = token.name
            return False
        if top.kind == "[" and text in NEW_AXES:
            self.emit("newaxis", None, token)
            return True
        if text == "missing" and following.kind == "(" and self.asks_missing(token):
            return True
        called = following.kind == "("
        if self.attributes and "." in text and text[0] != "." and self.attribute(token, called):
            return not called
        if following.kind == "(":
            self.at += 1
            self.open("call", Token("call", token.name, token.start, following.end))
            if QUOTED.get(text) == 0 and not self.python:
                self.quote_argument(token)
            return False
        if text in NOTHING:
            self.emit("empty", None, token)
            return True
        loaded = REST if text == "..." else token.name
        self.emit("load_quoted" if token.quoted else "load", loaded, token)
        return True

    # -- behind a complete operand ------------------------------------------------------------------------------

    def operator(self) -> bool:
        token = self.tokens[self.at]
        kind = token.text if token.kind == "name" and token.text in KEYWORDS else token.kind
        self.at += 1
        if token.kind == "name" and token.text in ("in", "not", "is") and self.membership(token):
            return False
        if self.python and kind == ":" and (self.walrus(token) or self.annotation(token)):
            return self.tokens[self.at - 1].kind != "="
        called = self.tokens[self.at].kind == "("
        if kind == "name" and self.attributes and token.text[0] == "." and self.attribute(token, called):
            return not called
        if kind == "::" and self.python and self.enclosing().kind == "[":
            self.slice()
            self.emit("missing", None, token)
            self.slice()
            return False
        if (kind == ":" and self.end_of_header(token)) or self.augmented(token):
            return False
        if kind in BINARY:
            if kind == ":" and self.ends_default():
                self.finish_default(token)
            elif kind == ":" and self.python and self.enclosing().kind == "[":
                self.slice()
            else:
                self.binary(token, *BINARY[kind])
            return False
        if self.is_own_operator(kind):
            self.binary(token, *BINARY["%in%"][:2], kind)
            return False
        if kind in (")", "]", "}"):
            return self.close(token)
        if kind == "," or kind == ";" or kind == "newline":
            return self.separator(token)
        if kind == "(":
            return self.apply(token)
        if kind == "[" or kind == "[[":
            # Python's x[[0, 2]] is an index that is a list.
            self.entries.append(Entry("[" if self.python else kind, token))
            if kind == "[[" and self.python:
                self.open("list", token)
            return False
        if kind == "$":
            following = self.tokens[self.at]
            if following.kind not in ("name", "string"):
                raise self.unexpected("expected a name after '$'", following, "write theta$a or theta[1]")
            self.at += 1
            self.emit("member", following.content if following.kind == "string" else following.name, following)
            return True
        if kind == "|>":
            self.pipe(token)
            return False
        if kind in ("<-", "<<-", "="):
            self.assign(token)
            return False
        if kind in ("->", "->>"):
            self.reduce(ASSIGN + 1)
            name = self.expect("name", f"after '{kind}'")
            self.emit("store_outer" if kind == "->>" else "store", name.name, token)
            return True
        if kind == "for":
            self.comprehension(token)
            return False
        if kind == "if":
            self.reduce(TERNARY)
            if self.entries[-1].kind == "comprehension" and not self.entries[-1].pending:
                self.entries[-1].pending, self.entries[-1].start = "if", len(self.instructions)
                return False
            self.entries.append(Entry("ternary", token, TERNARY))
            return False
        if kind == "else" or kind == "elif":
            self.otherwise(token)
            return False
        raise self.no_operator(token)

    def is_own_operator(self, kind: str) -> bool:
        """Whether a token is an operator that the text itself defines: `%+%` <- function(a, b) ..."""
        if kind[0] != "%" or len(kind) < 3 or kind[-1] != "%" or kind in BINARY or self.python:
            return False
        return any(f"{quote}{kind}{quote}" in self.text for quote in "`\"'")

    def binary(self, token: Token, left: int, right: int, name: str) -> None:
        if name == "add" or name == "sub":
            self.reduce(SUM)
            top = self.entries[-1]
            if top.kind != "sum":
                top = Entry("sum", token, SUM, count=1)
                self.entries.append(top)
            elif top.pending:
                self.emit("operator", "minus", top.token)
            top.count += 1
            top.pending, top.token = "neg" if name == "sub" else "", token
        elif name == "mul" or name == "div":
            self.reduce(PRODUCT)
            top = self.entries[-1]
            if top.kind != "product":
                top = Entry("product", token, PRODUCT, count=1)
                self.entries.append(top)
            elif top.pending:
                self.emit("operator", "div", top.token)
                top.count = 1
            if name == "mul":
                top.count += 1
            elif top.count > 1:
                self.emit("mul", top.count, top.token)
            top.pending, top.token = "div" if name == "div" else "", token
        elif right == COMPARISON:
            self.compare(token, name)
        elif name == "pow":
            if self.python and token.kind == "^":
                raise self.error("'^' is not the power operator in Python", token, "write ** for a power")
            self.reduce(left + 1)
            self.entries.append(Entry("binary", token, right, name=name))
        else:
            self.reduce(left)
            self.entries.append(Entry("binary", token, right, name=name))

    def reduce(self, power: int) -> None:
        """Finish every open operator whose binding power is at least `power`."""
        while True:
            top = self.entries[-1]
            if top.power < power or top.encloses:
                return
            if top.power == power and top.kind in ("sum", "product", "comparison", "tuple of values"):
                return
            self.entries.pop()
            self.finish(top)

    def finish(self, top: Entry) -> None:
        kind, token = top.kind, top.token
        if kind == "sum":
            if top.pending:
                self.emit("operator", "minus", token)
            self.emit("add", top.count, token)
        elif kind == "product":
            if top.pending:
                self.emit("operator", "div", token)
            else:
                self.emit("mul", top.count, token)
        elif kind == "binary" and token.kind not in BINARY:
            self.emit("call", (top.name, Arguments((None, None))), token)
        elif kind == "binary":
            self.emit("operator", top.name, token)
        elif kind == "unpack":
            self.finish_unpack(top)
        elif kind == "comparison":
            chain = len(top.names) > 1
            self.emit("chain" if chain else "operator", tuple(top.names) if chain else top.names[0], token)
        elif kind == "tuple of values":
            self.finish_list(top, top.count)
        elif kind == "prefix":
            if top.name == "return":
                self.emit("return", None, token)
            elif top.name == "assert":
                self.finish_assertion(token)
            elif top.name not in ("pos", "~"):
                self.emit("operator", top.name, token)
        elif kind == "assign":
            self.finish_assignment(top)
        elif kind == "ternary":
            raise self.error("this 'if' has no 'else'", token, "write a if condition else b")
        elif kind == "alternative":
            self.emit("call", (CONDITIONAL, Arguments((None, None, None))), token)
        elif kind == "comprehension":
            self.finish_comprehension(top)
        else:
            self.finish_construct(top)
