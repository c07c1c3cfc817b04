"""The helper functions that code calls: those of the language, and the stable forms of functions that it lacks."""

import re
from collections.abc import Sequence

from secantd.export.definitions import DEFINITIONS, definition, identifier
from secantd.export.language import Language
from secantd.export.statements import Budget, Inputs, statements
from secantd.functions import FUNCTIONS, INNER
from secantd.render.names import spelled, unused

__all__ = ["helped", "helper_names"]

HELPER = re.compile(r"@(\w+)")


def helper_names(language: Language) -> list[str]:
    """Return the names of all helpers that code may call, without the name of the function in front."""
    return [*language.helpers, *map(identifier, DEFINITIONS)]


def helped(language: Language, code: Sequence[str], budget: Budget) -> dict[str, str]:
    """Return the source of the helper functions that code calls, each after those that it calls itself."""
    found: dict[str, str] = {}
    sources: dict[str, str] = {}
    stack = [(name, False) for line in reversed(code) for name in reversed(HELPER.findall(line))]
    while stack:
        name, ready = stack.pop()
        if name in found:
            continue
        if ready:
            found[name] = sources[name]
            continue
        if name not in sources:
            sources[name] = helper(language, name, budget)
            budget.spend(sources[name])
        stack.append((name, True))
        stack += [(n, False) for n in HELPER.findall(sources[name]) if n != name and n not in found]
    return found


ROWS = {**FUNCTIONS, **INNER}
# Lines of a definition that is not understood without its source, and what all quadratures contain.
LONG = 100
QUADRATURE = "integral <- function(g, length)"
OF_IDENTIFIER = {identifier(op): op for op in DEFINITIONS}


def helper(language: Language, name: str, budget: Budget) -> str:
    if name in language.helpers:
        return language.helpers[name]
    tape = definition(OF_IDENTIFIER[name])
    used = unused("t", tape.variables)
    words = spelled(tape.variables, language.identifiers, [used])
    parameters = [words[v] for v in tape.variables]
    code = statements(tape, language, Inputs(tuple(parameters), temporary=used), budget)
    text = language.function(f"@{name}", parameters, code.lines, code.outputs[0])
    if len(code.lines) < LONG:
        return text
    row = ROWS[OF_IDENTIFIER[name]]
    source = ", by Gauss's quadrature: DLMF 3.5(v)" if QUADRATURE in row.stable else f": {row.source}"
    return f"{language.comment}{row.summary.removesuffix('; not in R')}{source}\n{text}"
