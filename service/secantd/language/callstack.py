"""The interpreter's call stack: one frame for each piece of code that is running."""

from secantd.expression import Node
from secantd.language.instructions import Instructions
from secantd.language.values import Environment, Promise, Value

__all__ = ["BranchResult", "Exit", "Frame"]


class Exit:
    """A place where code ends early if a condition holds: its first exit whose condition holds is what happens.

    `kind` is "return" or "stop" (from a function), "next" (a turn of a loop) or "break" (a loop). `value` is what is
    returned, or the message of stop(); `values` are the variables where the code ended.
    """

    __slots__ = ("condition", "kind", "value", "values")

    def __init__(self, condition: Node, kind: str, value: Value, values: dict[str, Value | Promise]) -> None:
        self.condition = condition
        self.kind = kind
        self.value = value
        self.values = values


class Frame:
    """A piece of code that is running.

    `kind` is "call", "branch", "block" (a branch whose condition is known), "loop", "while" or "promise". `pending` are the
    conditional exits so far.
    """

    __slots__ = (
        "at", "before", "body", "code", "condition", "environment", "first", "head", "height", "items", "kind", "name",
        "otherwise", "pending", "since", "start", "turns",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        code: Instructions,
        environment: Environment,
        pending: list[Exit],
        at: int = 0,
        name: str = "",
        condition: Node | None = None,
        before: dict[str, Value | Promise] | None = None,
        height: int = 0,
    ) -> None:
        self.kind = kind
        self.code = code
        self.environment = environment
        self.pending = pending
        self.at = at
        self.name = name
        # A branch: its condition, the code of the other side, and the result of the first side.
        self.condition = condition
        self.otherwise: Instructions | None = None
        self.before = before
        self.first: BranchResult | None = None
        # A loop: the remaining items, last first.
        self.items: list[Value] = []
        # The values on the stack when it began.
        self.height = height
        # A loop: how many exits were pending when it began, and when its turn began.
        self.start = self.since = len(pending)
        # A while loop: the code of its condition and of its body, and its turns whose condition was not known.
        self.head: Instructions | None = None
        self.body: Instructions | None = None
        self.turns = 0


class BranchResult:
    """The result of one side of a branch: its value, how it ended ("" at its end), its exits and its variables."""

    __slots__ = ("ended", "pending", "value", "values")

    def __init__(self, value: Value, ended: str, pending: list[Exit], values: dict[str, Value | Promise]) -> None:
        self.value = value
        self.ended = ended
        self.pending = pending
        self.values = values
