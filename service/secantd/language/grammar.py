"""The tables of operators, brackets and methods, and the entries of the parser's stack.

R's operators have the precedence of R's help page ?Syntax, Python's that of Python's reference manual.
"""

from typing import Final

from secantd.language.instructions import Instructions, Parameter
from secantd.language.tokens import Token

__all__ = [
    "ALONE",
    "ALTERNATIVE",
    "ASSIGN",
    "BINARY",
    "BRACKETS",
    "COMMA",
    "COMPARISON",
    "COMPREHENSION",
    "CONDITIONAL",
    "KEYWORDS",
    "LOWEST",
    "PIPE",
    "PREFIX",
    "PRODUCT",
    "QUOTED",
    "REST",
    "SPREADS",
    "SUM",
    "TERNARY",
    "Entry",
    "method_of",
    "with_attributes",
]

# Binary operators: left and right binding power (see parser.py), and the name of the instruction.
BINARY: Final[dict[str, tuple[int, int, str]]] = {
    "~": (20, 21, "~"),
    "||": (30, 31, "|"), "|": (30, 31, "|"), "or": (30, 31, "or"),
    "&&": (40, 41, "&"), "&": (40, 41, "&"), "and": (40, 41, "and"),
    "<": (60, 61, "<"), "<=": (60, 61, "<="), ">": (60, 61, ">"), ">=": (60, 61, ">="),
    "==": (60, 61, "=="), "!=": (60, 61, "!="),
    "+": (70, 71, "add"), "-": (70, 71, "sub"),
    "*": (80, 81, "mul"), "/": (80, 81, "div"), "%": (80, 81, "%%"), "//": (80, 81, "%/%"),
    "%%": (90, 91, "%%"), "%/%": (90, 91, "%/%"), "%*%": (90, 91, "%*%"),
    "%o%": (90, 91, "%o%"), "%x%": (90, 91, "%x%"), "%in%": (90, 91, "%in%"), "%||%": (90, 91, "%||%"), "@": (80, 81, "@"),
    ":": (100, 101, ":"),
    # The right operand of a power may begin with a sign: 2^-x.
    "^": (120, 111, "pow"), "**": (120, 111, "pow"),
}  # fmt: skip
PREFIX: Final[dict[str, tuple[int, str]]] = {
    "-": (110, "neg"), "+": (110, "pos"), "!": (50, "!"), "not": (50, "!"), "~": (20, "~"),
}  # fmt: skip
COMPARISON: Final = 61
SUM: Final = 71
PRODUCT: Final = 81
PIPE: Final = 90
TERNARY: Final = 25
ALTERNATIVE: Final = 24
COMMA: Final = 12
ASSIGN: Final = 10
LOWEST: Final = 0

KEYWORDS: Final = frozenset(
    {"if", "elif", "else", "for", "while", "repeat", "function", "next", "break", "and", "or", "not", "in"}
)

# The name of the parameter `...`. No name in backticks contains the end of a line.
REST: Final = "...\n"

# R's functions that evaluate an argument themselves, and how many arguments are before it.
QUOTED: Final = {"local": 0, "with": 1, "within": 1}

# The internal name of the call that a comprehension is.
COMPREHENSION: Final = "for x in"
CONDITIONAL: Final = "a if x else b"

# The attributes and methods of NumPy's arrays, with the functions that the methods are.
ATTRIBUTES: Final = frozenset({"T", "shape", "size", "ndim"})
METHODS: Final = {
    "sum": "np.sum", "mean": "mean", "prod": "np.prod", "max": "np.max", "min": "np.min", "dot": "dot", "cumsum": "cumsum",
    "cumprod": "cumprod", "var": "np.var", "std": "np.std", "trace": "trace", "transpose": "t", "ravel": "ravel",
    "flatten": "flatten", "reshape": "reshape", "diagonal": "diag", "clip": "clip", "argmax": "argmax",
    "argmin": "argmin", "any": "any", "all": "all", "repeat": "np.repeat", "round": "round", "ptp": "ptp", "copy": "copy", "neg": "np.negative",
    "astype": "astype", "tolist": "copy", "item": "copy",
    # Methods that only torch's tensors have; those of `ALONE` have no arguments.
    "exp": "np.exp", "log": "np.log", "log1p": "np.log1p", "expm1": "np.expm1", "sqrt": "np.sqrt", "rsqrt": "rsqrt",
    "abs": "np.abs", "square": "np.square", "pow": "np.power", "sigmoid": "sigmoid", "relu": "relu", "tanh": "np.tanh",
    "sin": "np.sin", "cos": "np.cos", "erf": "erf", "softmax": "softmax", "log_softmax": "log_softmax",
    "logsumexp": "logsumexp", "norm": "torch.norm", "clamp": "clamp", "dim": "np.ndim", "numel": "np.size",
    "size": "torch.size", "median": "torch.median",
}  # fmt: skip
ALONE: Final = frozenset(
    "exp log log1p expm1 sqrt rsqrt abs square sigmoid relu tanh sin cos erf neg dim numel".split()
)
# Functions of torch.nn.functional, which everybody imports as F, that are methods of tensors, too.
FUNCTIONAL: Final = ALONE | {"softmax", "log_softmax"}
# NumPy's methods divide by n, torch's by n - 1.
SPREADS: Final = frozenset({"std", "var"})
# Packages: their names have functions, not methods.
MODULES: Final = frozenset(
    "la LA np numpy math cmath scipy stats special linalg norm jnp jax jsp torch autograd anp cupy functools statistics tf".split()
)

# The closing bracket of each kind of entry; a default or a construct with a body ends with what encloses it.
BRACKETS: Final = {
    "(": ")", "call": ")", "apply": ")", "condition": ")", "header": ")", "condition of a loop": ")",
    "[": "]", "[[": "]", "list": "]", "tuple": ")", "{": "}", "dict": "}",
}  # fmt: skip
# Kinds of entries that no operator outside them can finish: brackets, defaults and the whole text.
ENCLOSING: Final = frozenset({*BRACKETS, "default", "top", "line", "lines"})


class Entry:
    """An entry of the parser's stack: an operator that lacks its right operand, an open bracket, or a construct.

    `count` is the number of operands, indices or statements so far; `pending` is the sign or division that
    applies to the operand being read; `name` is the name of an argument, a parameter or a variable; `start` is the
    number of instructions before what a bracket, or the condition of a comprehension, encloses.
    """

    __slots__ = (
        "code", "condition", "count", "encloses", "kind", "name", "names", "parameters", "pending", "power", "start", "token",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        token: Token,
        power: int = LOWEST,
        count: int = 0,
        pending: str = "",
        name: str | None = None,
        code: Instructions | None = None,
    ) -> None:
        self.kind = kind
        self.token = token
        self.power = power
        self.count = count
        self.pending = pending
        self.name = name
        self.names: list[str | None] = []
        self.parameters: list[Parameter] = []
        self.code = code
        self.start = 0
        # The code of the condition of a `while`.
        self.condition: Instructions | None = None
        self.encloses = kind in ENCLOSING


def method_of(owner: str, name: str, called: bool) -> str:
    """Return the function that owner.name(...) calls, or the attribute owner.name; "" where there is none.

    Args:
        owner: The name before the dot; "" for a value in brackets.
        name: The name behind the dot.
        called: Whether a bracket follows.
    """
    if owner.partition(".")[0] in MODULES or (owner == "F" and name in FUNCTIONAL):
        return ""
    return METHODS.get(name, "") if called else name if name in ATTRIBUTES else ""


def with_attributes(name: str) -> tuple[str, list[str]]:
    """Return the name that attributes follow, and the attributes.

    >>> with_attributes("W.T.T"), with_attributes(".T"), with_attributes("np.T")
    (('W', ['T', 'T']), ('', ['T']), ('np.T', []))
    """
    attributes: list[str] = []
    while "." in name:
        owner, _, last = name.rpartition(".")
        if not method_of(owner, last, called=False):
            break
        attributes.append(last)
        name = owner
    return name, attributes[::-1]
