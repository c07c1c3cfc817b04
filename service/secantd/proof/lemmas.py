"""The preamble of certificates: definitions and lemmas in Coq, of which a certificate contains those that it uses."""

import re
from collections.abc import Collection
from typing import Final

from secantd.proof.rules import RULES
from secantd.proof.values import VALUES

__all__ = ["HEAD", "LEMMAS", "preamble"]

HEAD: Final = """From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.
"""


def _split(text: str) -> dict[str, str]:
    """Return lemmas and definitions by name."""
    found: dict[str, str] = {}
    for block in re.split(r"\n(?=Lemma |Definition |Ltac )", text):
        match = re.match(r"(?:Lemma|Definition|Ltac) (\w+)", block.strip())
        if match:
            found[match[1]] = block.strip() + "\n"
    return found


LEMMAS: Final = _split(RULES) | _split(VALUES)


def _uses(text: str) -> tuple[str, ...]:
    return tuple(w for w in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text)) if w in LEMMAS)


def preamble(text: str, defined: Collection[str] = ()) -> str:
    """Return the lemmas and definitions that a text uses, with those that they use, in the order of the list.

    Args:
        text: The text.
        defined: Names that are left out, because the file already has them.

    >>> preamble("exact (d_neg _ _ _ H).").count("Lemma")
    1
    """
    needed: set[str] = set()
    stack = list(_uses(text))
    while stack:
        name = stack.pop()
        if name not in needed:
            needed.add(name)
            stack += _uses(LEMMAS[name])
    return "".join([LEMMAS[n] for n in LEMMAS if n in needed and n not in defined])
