"""Textbook notation and LaTeX: what people write by hand, read strictly.

Text becomes tokens (`plain`, `latex`), words become names (`names`), a parser without recursion makes trees (`parser`),
and `emit` turns these into the same instructions that the parser of R and Python notation makes. A text that means one of
two things is refused with both: nothing is guessed.
"""

from secantd.language.textbook.definitions import read_textbook

__all__ = ["read_textbook"]
