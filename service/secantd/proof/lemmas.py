"""The preamble of certificates: definitions and lemmas in Coq, of which a certificate contains those that it uses."""

import re
from collections.abc import Mapping
from typing import Final

from secantd.proof.rules import RULES
from secantd.proof.values import VALUES

__all__ = ["HEAD", "LEMMAS", "by_name", "preamble"]

HEAD: Final = """From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.
"""
# How a lemma, a definition or a tactic begins in Coq and in Lean.
BEGIN: Final = "Lemma |Definition |Ltac |theorem |noncomputable def |macro "


def by_name(text: str) -> dict[str, str]:
    r"""Return the lemmas, definitions and tactics of a text by name.

    >>> by_name("Lemma a : True. Proof. trivial. Qed.\n\nLtac b := trivial.")["b"]
    'Ltac b := trivial.\n'
    """
    blocks = [block.strip() for block in re.split(rf"\n(?={BEGIN})", text)]
    return {match[1]: f"{block}\n" for block in blocks if (match := re.match(rf"(?:{BEGIN})\"?(\w+)", block))}


LEMMAS: Final = by_name(RULES) | by_name(VALUES)


def preamble(text: str, lemmas: Mapping[str, str] = LEMMAS) -> str:
    """Return the lemmas that a text uses, with those that they use, in the order of the list.

    Args:
        text: The text.
        lemmas: The list, by name.

    >>> preamble("exact (d_neg _ _ _ H).").count("Lemma")
    1
    """
    needed: set[str] = set()
    stack = [text]
    while stack:
        found = {word for word in re.findall(r"[A-Za-z_]\w*", stack.pop()) if word in lemmas} - needed
        needed |= found
        stack += [lemmas[name] for name in found]
    return "".join([lemma for name, lemma in lemmas.items() if name in needed])
