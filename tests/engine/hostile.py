"""Names that would be code, or something else, where they are printed as they are."""

from hypothesis import strategies as st
from secantd.language import Function, read

# What ends a name, a string or a comment somewhere, begins a command, or has two Unicode forms.
ALPHABET = "`\\'\"#%$&{}()[]^_~/*-+=<>!?:;,.@| ab1xe\u00a0µμσé\u0301ﬁ²½٣中𝒙"
PIECES = [
    '^system("touch /")#', "__import__('os').system('id')", "\\input", "\\end{align*}", "*/", "=#", "]]", "x[1]", "u$a",
    "if", "lambda", "TRUE", "pi", "e", "gamma", "Gamma", "exp", "...", "..1", "_", ".1", "np", "NaN", "int", "x_1", "x1",
]  # fmt: skip
NAMES = st.one_of(
    st.text(ALPHABET, min_size=1, max_size=8),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=2).map("".join),
)
LISTS = st.lists(NAMES, min_size=2, max_size=4, unique=True)


def quoted(name: str) -> str:
    """Return a name in backticks."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def formula(names: list[str]) -> str:
    """Return a function of all the names, each used in its own place."""
    terms = [f"{k + 2} * {quoted(n)}^{k + 2}" for k, n in enumerate(names)]
    parameters = ", ".join(map(quoted, names))
    return f"function({parameters}) exp(pi * {quoted(names[0])}) * gamma({quoted(names[-1])}) + {' + '.join(terms)}"


def function(names: list[str]) -> Function:
    """Return the function of `formula`."""
    return read(formula(names))
