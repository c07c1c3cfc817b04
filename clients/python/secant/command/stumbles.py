"""What is typed for something else: other names of verbs, options of other programs, points among the variables."""

from collections.abc import Iterable, Sequence

import click

__all__ = ["ALIASES", "no_such_option", "no_such_verb", "refuse_points"]

# The names of the clients' methods, which are also verbs.
ALIASES = {"differentiate": "diff", "evaluate": "eval", "gradient": "grad"}

# Verbs that other programs have, and what is meant.
MEANT = {
    "d": "diff",
    "deriv": "diff",
    "derivative": "diff",
    "derive": "diff",
    "draw": "plot",
    "graph": "plot",
    "maximize": "descend --ascend",
    "minimise": "descend",
    "minimize": "descend",
    "optim": "descend",
    "optimize": "descend",
    "optimise": "descend",
    "prove": "check",
    "test": "check",
    "value": "eval",
}

# Options that other programs have, and what to write.
INSTEAD = {
    **dict.fromkeys(
        ("--wrt", "--by", "--var", "--vars", "--variable", "--variables"),
        "name the variables after F: secant diff F x",
    ),
    **dict.fromkeys(
        ("--format", "--latex", "--python", "--r", "--to"), "the notation of the answer is --notation latex"
    ),
    **dict.fromkeys(("--lr", "--learning-rate", "--eta"), "the learning rate is --rate"),
    **dict.fromkeys(("--steps", "--iterations", "--maxiter", "--epochs"), "the most steps are --max-steps"),
    **dict.fromkeys(("--x0", "--init", "--from-point"), "the point to start from is --start x=1"),
    **dict.fromkeys(("--point", "--x"), "a point is --at x=2"),
    **dict.fromkeys(("--out", "--file", "--save"), "a file for the answer is -o FILE, where a verb writes one"),
    **dict.fromkeys(("--csv", "--input"), "a file of points is --points FILE, one of data --data FILE"),
}


def no_such_verb(name: str, verbs: Iterable[str]) -> str:
    """Return the message for a verb that does not exist.

    >>> no_such_verb("minimize", ["diff"]), no_such_verb("dif", ["diff"])
    ("No such verb 'minimize'. Did you mean descend? secant --help lists the verbs.", \
"No such verb 'dif'. Did you mean diff? secant --help lists the verbs.")
    """
    # Imported here, as no command that is right needs it.
    import difflib

    near = MEANT.get(name.lower()) or next(iter(difflib.get_close_matches(name.lower(), list(verbs), 1, 0.6)), "")
    hint = f" Did you mean {near}?" if near else ""
    return f"No such verb {name!r}.{hint} secant --help lists the verbs."


def no_such_option(argument: str, known: Iterable[str], context: click.Context) -> None:
    """Raise click.UsageError with what to write for an option of other programs that a verb does not have."""
    name = argument.partition("=")[0]
    if name in INSTEAD and name not in known:
        raise click.UsageError(f"No such option {name!r}; {INSTEAD[name]}", context)


def refuse_points(variables: Sequence[str], takes_point: bool) -> None:
    """Raise click.UsageError if a point is among the variables."""
    for name in variables:
        if "=" in name and "`" not in name:
            hint = f"a point is --at {name}" if takes_point else "give names only"
            raise click.UsageError(f"{name!r} is not the name of a variable; {hint}")
