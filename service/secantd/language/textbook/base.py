"""The base of the parser of textbook notation: its tokens, errors, and generators instead of recursion.

The methods that read a piece of the grammar are generators: `tree = yield self.product()` reads a product. `run` keeps
them on a stack of its own, so that a text may be nested as deeply as it is long.
"""

from collections.abc import Collection, Generator, Sequence
from typing import Any, TypeAlias

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.interrupt import EVERY, checkpoint
from secantd.language.textbook.names import two_readings
from secantd.language.textbook.range import Range
from secantd.language.textbook.trees import Tree
from secantd.language.tokens import Token

__all__ = ["BEGINS", "Base", "Steps"]

Steps: TypeAlias = Generator[Any, Any, Any]

# What a factor may begin with.
BEGINS = frozenset({
    "number", "name", "pi", "function", "(", "[", "{", "open", "frac", "sqrt", "binom", "total", "infinity", "upright",
    "text", "style", "accent", "begin", "fraction", "partial", "nabla", "|", "‖",
})  # fmt: skip


class Base:
    """The state of reading one formula.

    Args:
        text: The text.
        tokens: The tokens of the formula, with an "end" token last.
        latex: Whether it is LaTeX.
        known: The names that the request gives.
        variables: Names that are variables because they stand without a bracket somewhere.
        functions: The functions that the text defines.
        depth: How many brackets may be open at once.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        *,
        latex: bool,
        known: Collection[str],
        variables: Collection[str],
        functions: Collection[str],
        depth: int,
    ) -> None:
        self.text = text
        self.tokens = list(tokens)
        self.latex = latex
        self.known = known
        self.variables = variables
        self.functions = functions
        self.limit = depth
        self.at = 0
        # The open brackets: their kinds, and for bars whether another factor followed a closing bar before.
        self.open: list[Token] = []
        self.after_bars: set[int] = set()
        # The indices of the sums around a place, and names with subscripts.
        self.bound: list[str] = []
        self.indices: set[str] = set()
        self.ranges: dict[str, Range] = {}
        self.subscripted: list[tuple[str, Tree]] = []
        self.notices: dict[str, None] = {}
        # A bracket that was read behind a letter, and is the next factor.
        self.stash: Tree | None = None

    # -- without recursion ----------------------------------------------------------------------------------------

    def run(self, first: Steps) -> Tree:
        """Return the value of a generator that yields other generators for their values."""
        stack, value, turn = [first], None, 0
        while True:
            turn += 1
            if not turn % EVERY:
                checkpoint()
            if len(stack) > 8 * self.limit:
                raise self.too_deep()
            try:
                following = stack[-1].send(value)
            except StopIteration as end:
                stack.pop()
                value = end.value
                if not stack:
                    assert isinstance(value, Tree)
                    return value
            else:
                stack.append(following)
                value = None

    def too_deep(self) -> CalculusError:
        headline = "the text is nested too deeply"
        return limit_exceeded("depth", headline, self.limit, "give parts of it names", "expression.text")

    # -- tokens and errors ----------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def before(self) -> Token:
        return self.tokens[self.at - 1]

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def error(self, headline: str, token: Token, hint: str = "") -> CalculusError:
        span = (token.start, max(token.end, token.start + 1))
        return CalculusError(Reason.SYNTAX_ERROR, headline, hint, text=self.text, span=span, field="expression.text")

    def found(self, token: Token) -> str:
        words = {"end": "the end of the formula", "newline": "the end of the line"}
        return words.get(token.kind) or f"'{token.text if len(token.text) <= 40 else token.text[:37] + '...'}'"

    def unexpected(self, expected: str, hint: str = "") -> CalculusError:
        return self.error(f"{expected}, found {self.found(self.token)}", self.token, hint)

    def expect(self, kind: str, shown: str, opening: Token) -> Token:
        if self.token.kind != kind:
            raise self.unexpected(f"expected {shown} for '{opening.text}'")
        return self.take()

    def slice(self, *trees: Tree) -> str:
        """Return the text from the first tree to the last."""
        return self.text[trees[0].start : trees[-1].end]

    def readings(self, start: int, end: int, first: str, second: str, hint: str) -> CalculusError:
        return two_readings(self.text, start, end, first, second, hint)

    def enter(self, token: Token) -> None:
        """Open a bracket."""
        self.open.append(token)
        if len(self.open) > self.limit:
            raise self.too_deep()

    def leave(self) -> None:
        self.after_bars.discard(len(self.open))
        self.open.pop()

    # -- names ----------------------------------------------------------------------------------------------------

    def is_variable(self, name: str) -> bool:
        return name in self.known or name in self.variables or name in self.bound

    def begins_factor(self) -> bool:
        """Return whether a factor may begin here, behind a complete one: a bar closes what a bar has opened."""
        if self.stash is not None:
            return True
        kind = self.token.kind
        if kind == "|" or kind == "‖":
            return not (self.open and self.open[-1].kind == kind)
        return kind in BEGINS

    # -- the grammar, from the loosest operators to the tightest -----------------------------------------------------

    def logic(self) -> Steps:
        raise AssertionError("Parser overrides it")

    def sum(self) -> Steps:
        raise AssertionError("Parser overrides it")

    def product(self, *, joined: bool = False) -> Steps:
        raise AssertionError("Parser overrides it")

    def factor(self) -> Steps:
        raise AssertionError("Parser overrides it")

    def primary(self) -> Steps:
        raise AssertionError("Operands overrides it")

    def exponent(self) -> Steps:
        raise AssertionError("Parser overrides it")

    def superscript(self, token: Token) -> Tree:
        raise AssertionError("Parser overrides it")
