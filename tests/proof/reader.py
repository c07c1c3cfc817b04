"""An independent reader of certificates: what a file for Coq states, as terms that can be compared with a request.

Only the part of Coq's language that certificates use is read, and everything else is refused: a notation, an axiom or a section could
change what a statement means. Nothing here is shared with the printer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .grammar import ARITIES, Definition, ReadError, Term, Tokens, binders, term

__all__ = ["File", "Statement", "read_file"]

LIBRARIES = re.compile(
    r"(?:From (?:Coq|Coquelicot|Interval) )?Require (?:Import|Export) (?:(?:Reals|Lra|Lia|Psatz|ZArith|Coquelicot|Tactic|Interval\.Tactic|"
    r"Coquelicot\.Coquelicot|Rtrigo_facts)(?:\s+|$))+"
)
CLAIM, KNOWN = ("Theorem",), ("Lemma",)
# Sentences that cannot change what a statement means.
HARMLESS = ("Proof", "Ltac", "Local Ltac", "Open Scope R_scope", "Print Assumptions", "Check")
ENDS = ("Qed", "Defined")
# Names of the libraries that no certificate may give another meaning.
TAKEN = frozenset(
    ("R", "PI", "nat", "Z", "Rlt_dec", "Rle_dec", "Req_EM_T", "Rlt", "Rle", "Rplus", "Rmult", "Ropp", "Rminus", "Rdiv")
)


@dataclass(frozen=True)
class Statement:
    """A theorem: its name, the names for all of which it holds, its hypotheses and its conclusion."""

    name: str
    variables: tuple[str, ...]
    hypotheses: tuple[Term, ...]
    conclusion: Term


@dataclass
class File:
    """A certificate: definitions, the theorems, which are what it claims, and the names of both and of lemmas."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    theorems: dict[str, Statement] = field(default_factory=dict)


def without_comments(text: str) -> str:
    """Return a text without its comments, which nest.

    >>> without_comments("a (* b (* c *) *) d")
    'a   d'
    """
    kept, depth, at = [], 0, 0
    for match in re.finditer(r"\(\*|\*\)", text):
        if match.group() == "(*":
            if not depth:
                kept.append(text[at : match.start()])
            depth += 1
        else:
            depth -= 1
            if depth < 0:
                raise ReadError("a comment ends that never began")
            at = match.end() if not depth else at
    if depth:
        raise ReadError("a comment does not end")
    return " ".join([*kept, text[at:]])


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text: they end in a dot before a blank or the end."""
    for part in re.split(r"\.(?=\s|$)", without_comments(text)):
        if part.strip():
            yield " ".join(part.split())


def read_file(text: str) -> File:
    """Return what a certificate states.

    Raises:
        ReadError: It has a sentence that could change the meaning of a statement, or one that is beyond this reader.

    >>> read_file("Open Scope R_scope. Theorem t : forall x : R, 0 < x -> is_derive (fun x : R => ln x) x (/ x). Proof. Qed.").theorems["t"].conclusion
    ('is_derive', ('fun', 'x', ('ln', 'x')), 'x', ('inv', 'x'))
    """
    if not text.isascii():
        raise ReadError("a certificate has ASCII characters only")
    # Coq reads strings in comments: a quote there would hide where the comment ends.
    text = re.sub(r'Set Warnings "-[a-z,-]+"\.(?=\s)', "", text)
    if '"' in text:
        raise ReadError("a certificate has no strings")
    if "Open Scope R_scope." not in text:
        raise ReadError("numbers are not real numbers")
    found = File()
    proving = False
    for sentence in sentences(text):
        word = sentence.split(" ", 1)[0]
        if proving:
            if sentence in ENDS:
                proving = False
            elif re.search(
                r"(?<![\w'])(admit|give_up|Admitted|Abort|Axiom|Unset|Theorem|Lemma|Definition|Notation)(?![\w'])",
                sentence,
            ):
                raise ReadError(f"in a proof: {sentence[:80]}")
        elif word in CLAIM or word in KNOWN:
            rest = sentence.split(" ", 1)[1]
            name = re.split(r"[\s:({]", rest, maxsplit=1)[0]
            if name in found.names or name in ARITIES or name in TAKEN:
                raise ReadError(f"a second meaning of {name}")
            found.names.add(name)
            if word in CLAIM:
                # What lemmas state is between them and the proofs that use them.
                found.theorems[name] = read_statement(rest, found)
            proving = True
        elif word == "Definition":
            made = read_definition(sentence.split(" ", 1)[1], found)
            if made.name in found.names or made.name in ARITIES or made.name in TAKEN:
                raise ReadError(f"a second meaning of {made.name}")
            found.names.add(made.name)
            if made.body:
                found.definitions[made.name] = made
        elif not (LIBRARIES.fullmatch(sentence) or sentence.startswith(HARMLESS)):
            raise ReadError(f"beyond a certificate: {sentence[:80]}")
    if proving:
        raise ReadError("a proof does not end")
    return found


def read_definition(text: str, file: File) -> Definition:
    """Read NAME (x y : R) : R := term."""
    tokens = Tokens(text, file.definitions)
    name = tokens.name()
    parameters: list[str] = []
    while tokens.peek() == "(":
        tokens.take()
        parameters += binders(tokens, ")")
        tokens.take(")")
    if tokens.peek() == ":":
        tokens.take()
        if tokens.peek() == "Prop":
            # What proofs are about; a theorem that uses it cannot be read.
            return Definition(name, tuple(parameters), "")
        tokens.take("R")
    tokens.take(":=")
    body = term(tokens)
    tokens.end()
    return Definition(name, tuple(parameters), body)


def read_statement(text: str, file: File) -> Statement:
    """Read NAME : forall x y : R, hypothesis -> ... -> conclusion."""
    tokens = Tokens(text, file.definitions)
    name = tokens.name()
    tokens.take(":")
    variables: tuple[str, ...] = ()
    if tokens.peek() == "forall":
        tokens.take()
        variables = binders(tokens, ",")
        tokens.take(",")
    if len(set(variables)) < len(variables):
        raise ReadError(f"{name}: two variables of one name")
    whole = term(tokens)
    tokens.end()
    hypotheses: list[Term] = []
    while isinstance(whole, tuple) and whole[0] == "->":
        hypotheses.append(whole[1])
        whole = whole[2]
    return Statement(name, variables, tuple(hypotheses), whole)
