"""Helper functions in exported code: the stable forms of functions that a language lacks.

Functions that need a loop of unknown length (J, Y, quantiles of the gamma and beta distributions) have no stable form; C has code
of its own for Bessel functions, and `quantiles` that of C, JavaScript, Julia and Stan.
"""

import re
from functools import cache

from secantd.functions import FUNCTIONS, INNER
from secantd.language.expansion import stable_form
from secantd.program.tape import Tape, record

__all__ = ["DEFINITIONS", "definition", "identifier"]

# The parameters of each, by the name of the row.
DEFINITIONS = {name: row.parameters for name, row in {**FUNCTIONS, **INNER}.items() if row.stable}


@cache
def definition(op: str) -> Tape:
    """Return the tape of a definition; its slots begin with its parameters.

    Args:
        op: The name of a row that has a stable form; another name fails.

    >>> definition("factorial").variables
    ('x',)
    """
    form = stable_form(op)
    assert form is not None
    return record(form.outputs, DEFINITIONS[op], {}, literal=True)


def identifier(op: str) -> str:
    """Return the name of a helper.

    Args:
        op: The name of an operation on a tape.

    >>> identifier("pnorm.upper.log"), identifier("mills")
    ('pnorm_upper_log', 'mills')
    """
    return re.sub(r"\W", "_", op)
