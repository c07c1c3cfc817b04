"""A whole file of exported code with arrays."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from secantd.errors import limit_exceeded
from secantd.export import c as scalar_c
from secantd.export import javascript as scalar_javascript
from secantd.export import julia as scalar_julia
from secantd.export import python as scalar_python
from secantd.export import r as scalar_r
from secantd.export import stan as scalar_stan
from secantd.export.arrays import c, javascript, julia, python, r, stan
from secantd.export.arrays.derive import ArrayDerived
from secantd.export.arrays.file import ArrayFile, Part
from secantd.export.arrays.latex import latex_source
from secantd.export.arrays.plan import plan_of
from secantd.export.arrays.rolled import RolledWriter
from secantd.export.arrays.sizes import Sizes
from secantd.export.arrays.vectors import VectorWriter
from secantd.export.headers import header
from secantd.export.helpers import helped, helper_names
from secantd.export.language import Language
from secantd.export.statements import Budget
from secantd.language import Notation
from secantd.render.names import spelled, unused
from secantd.settings import Limits

__all__ = ["ARRAY_LANGUAGES", "array_source"]


class Writing(NamedTuple):
    """How a language is written: its description, what writes a plan, what arranges a file, its own variables, and whether a
    function returns nothing but its derivatives."""

    language: Language
    writer: type[VectorWriter] | type[RolledWriter]
    source_code: Callable[[ArrayFile], str]
    own: tuple[str, ...] = ()
    single: bool = False


def with_helpers(language: Language, helpers: Mapping[str, str]) -> Language:
    return replace(language, helpers={**language.helpers, **helpers})


# The indices of loops.
INDICES = ("i", "j", "k")

ARRAY_LANGUAGES = {
    Notation.C: Writing(
        with_helpers(scalar_c.C, c.HELPERS),
        c.CWriter,
        c.source_code,
        (*INDICES, "room", "next", "size", "value"),
    ),
    Notation.R: Writing(with_helpers(scalar_r.R, r.HELPERS), r.RWriter, r.source_code, ("value",)),
    Notation.JAVASCRIPT: Writing(
        with_helpers(scalar_javascript.JAVASCRIPT, javascript.HELPERS),
        javascript.JavaScriptWriter,
        javascript.source_code,
        INDICES,
    ),
    Notation.JULIA: Writing(
        with_helpers(scalar_julia.JULIA, julia.HELPERS), julia.JuliaWriter, julia.source_code, INDICES
    ),
    Notation.STAN: Writing(
        with_helpers(scalar_stan.STAN, stan.HELPERS),
        stan.StanWriter,
        stan.source_code,
        (*INDICES, "gradient", "hessian"),
        single=True,
    ),
    Notation.PYTHON: Writing(
        with_helpers(scalar_python.PYTHON, python.HELPERS), python.PythonWriter, python.source_code
    ),
}


def array_source(
    derived: ArrayDerived,
    notation: Notation,
    text: str,
    name: str,
    order: int,
    digits: int | None,
    notices: Sequence[str],
    limits: Limits,
) -> str:
    """Return a file.

    Args:
        derived: f and its derivatives.
        notation: The language.
        text: The text of the function, for a comment.
        name: The name of the function.
        order: 0, 1 or 2.
        digits: To how many digits the derivatives agreed with differences; None: they were not compared.
        notices: Remarks for the caller.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE: the language lacks an operation, or cannot be written; LIMIT_EXCEEDED.
    """
    if notation is Notation.LATEX:
        return latex_source(derived, text, name, order, limits)
    language, writer, source_code, own, single = ARRAY_LANGUAGES[notation]
    taken = {name, f"{name}_gradient", f"{name}_hessian", *(f"{name}_{h}" for h in helper_names(language))}
    words = spelled([a.name for a in derived.arguments], language.identifiers, taken)
    used = [*words.values(), *taken]
    names = {word: unused(word, used) for word in own}
    orders = [order] if notation is Notation.R else range(order + 1)
    first = (0, 1, 1 + derived.partials) if single else (0, 0, 0)
    plans = {k: plan_of(derived.graph, derived.outputs(k)[first[k] :], fused=language.rolled) for k in orders}
    taken_names = [*used, *names.values()]
    sizes = Sizes(list(plans.values()), derived.arguments, language.identifiers, taken_names, derived.graph.least)
    temporary = unused("t", [*used, *names.values(), *sizes.names.values()])
    budget = Budget(limits.output_length)
    targets = target_names(derived, language, [*used, *names.values(), *sizes.names.values()], words)
    parts = []
    for k, plan in plans.items():
        made: RolledWriter | VectorWriter
        if issubclass(writer, RolledWriter):
            made = writer(plan, sizes, words, language, names, temporary, budget, targets)
        else:
            made = writer(plan, sizes, words, language, temporary, budget)
        parts.append(Part(k, plan, made, made.written()))
    file = ArrayFile(
        name=name,
        arguments=derived.arguments,
        partials=derived.partials,
        words=words,
        sizes=sizes,
        places=tuple(sorted(derived.hessian)),
        parts=tuple(parts),
        targets=targets,
        helpers=(),
        names=names,
    )
    helpers = helped(language, source_code(file).split("\n"), budget)
    file = replace(file, helpers=tuple(helpers.values()))
    comment = header(language, text, order, words, facts(derived, words, sizes, order, digits), notices)
    # A helper's name begins with that of the function; Python's operator @ has a space behind it.
    written = comment + "\n" + re.sub(r"@(?=\w)", f"{name}_", source_code(file))
    if len(written) > limits.output_length:
        headline, hint = "the code is too long to write", "request a lower order or fewer variables"
        raise limit_exceeded("output_length", headline, limits.output_length, hint)
    return written


def target_names(
    derived: ArrayDerived, language: Language, taken: Sequence[str], words: Mapping[str, str]
) -> tuple[str, ...]:
    """Return a name for each output: f, gradient_x, hessian_x_y."""
    by = [words[a.name] for a in derived.by]
    found = ["value", *(f"gradient_{w}" for w in by)]
    found += [f"hessian_{by[i]}_{by[j]}" for i, j in sorted(derived.hessian)]
    return tuple(spelled(found, language.identifiers, taken).values())


def facts(derived: ArrayDerived, words: Mapping[str, str], sizes: Sizes, order: int, digits: int | None) -> list[str]:
    """Return sentences about the arguments and the check of the derivatives."""
    lines = ["Arguments:"]
    for a in derived.arguments:
        sides = tuple(d if isinstance(d, int) else sizes.bare(d) for d in a.shape)
        kind = (
            "a number"
            if not sides
            else f"a vector of length {sides[0]}"
            if len(sides) == 1
            else (f"a {'symmetric ' if a.symmetric else ''}matrix of {sides[0]} x {sides[1]}")
        )
        lines.append(f"    {words[a.name]}: {kind}{', data' if a.data else ''}")
    if order and digits is not None:
        what = "gradient and Hessian" if order == 2 else "gradient"
        lines.append(f"The {what} agreed with finite differences to {digits} digits at a point of random numbers,")
        lines.append("evaluated by the service; the code below was not run.")
    return lines
