"""An independent reader of certificates: what a file for Coq states, as terms that can be compared with a request.

Only the part of Coq's language that certificates use is read, and everything else is refused: a notation, an axiom or a section could
change what a statement means. Nothing here is shared with the printer: own tokens, own grammar, own arithmetic.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["Definition", "File", "ReadError", "Statement", "Term", "read_file", "substituted"]

# A term: a Fraction, a name, or (operation, term, ...); ("fun", name, body) binds a name.
Term = Fraction | str | tuple  # type: ignore[type-arg]

TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_']*(?:\.[A-Za-z_][A-Za-z0-9_']*)*)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign>->|=>|:=|/\\|\\/|<>|<=|>=|\*\*|%[A-Za-z]+|[-+*/^(){}\[\],:<>=~.;|?@!&\"#]))"
)
LIBRARIES = re.compile(
    r"(?:From (?:Coq|Coquelicot|Interval) )?Require (?:Import|Export) (?:(?:Reals|Lra|Lia|Psatz|ZArith|Coquelicot|Tactic|Interval\.Tactic|"
    r"Coquelicot\.Coquelicot|Rtrigo_facts)(?:\s+|$))+"
)
CLAIM, KNOWN = ("Theorem",), ("Lemma",)
# Sentences that cannot change what a statement means.
HARMLESS = ("Proof", "Ltac", "Local Ltac", "Open Scope R_scope", "Print Assumptions", "Check")
ENDS = ("Qed", "Defined")
# How strongly an operation binds: those of Coq's standard notations for real numbers.
BINDING = {
    "->": 1,
    "\\/": 2,
    "/\\": 3,
    "~": 4,
    "=": 5,
    "<>": 5,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "^": 9,
    "**": 9,
}
RELATIONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
# Names of the libraries that no certificate may give another meaning.
TAKEN = frozenset(
    ("R", "PI", "nat", "Z", "Rlt_dec", "Rle_dec", "Req_EM_T", "Rlt", "Rle", "Rplus", "Rmult", "Ropp", "Rminus", "Rdiv")
)
# Choices, by the relation that they decide.
DECIDED = {"Rlt_dec": "<", "Rle_dec": "<=", "Req_EM_T": "="}
# Names that are applied to arguments: with how many.
ARITIES = {
    "exp": 1, "ln": 1, "sqrt": 1, "sin": 1, "cos": 1, "tan": 1, "asin": 1, "acos": 1, "atan": 1, "sinh": 1, "cosh": 1, "tanh": 1,
    "arcsinh": 1, "Rabs": 1, "Rsqr": 1, "Rinv": 1, "IZR": 1, "INR": 1, "Rmax": 2, "Rmin": 2, "Rpower": 2, "powerRZ": 2, "RInt": 3,
    "is_derive": 3, "sign": 1, "pow": 2, "ex_derive": 2, "locally": 2, "Derive": 2,
}  # fmt: skip


class ReadError(ValueError):
    """A file has something that is not part of a certificate."""


@dataclass(frozen=True)
class Definition:
    """A definition: a name, its parameters and its body."""

    name: str
    parameters: tuple[str, ...]
    body: Term


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


class Tokens:
    """The tokens of a sentence, and the place among them."""

    def __init__(self, text: str, file: File) -> None:
        self.file = file
        self.found: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                if not text[at:].strip():
                    break
                raise ReadError(f"not a token: {text[at : at + 20]!r}")
            self.found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
            at = match.end()
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.found[place][1] if place < len(self.found) else ""

    def kind(self) -> str:
        return self.found[self.at][0] if self.at < len(self.found) else ""

    def take(self, wanted: str = "") -> str:
        got = self.peek()
        if not got or (wanted and got != wanted):
            raise ReadError(
                f"expected {wanted or 'more'}, found {got!r} after {[t for _, t in self.found[max(0, self.at - 6) : self.at]]}"
            )
        self.at += 1
        return got

    def name(self) -> str:
        if self.kind() != "name":
            raise ReadError(f"expected a name, found {self.peek()!r}")
        return self.take()

    def end(self) -> None:
        if self.at < len(self.found):
            raise ReadError(f"more than a statement: {[t for _, t in self.found[self.at : self.at + 8]]}")


def binders(tokens: Tokens, end: str) -> tuple[str, ...]:
    """Read names before `end`: x y : R, or (x y : R) (z : R)."""
    names: list[str] = []
    while tokens.peek() != end:
        if tokens.peek() == "(":
            tokens.take()
            names += binders(tokens, ")")
            tokens.take(")")
        elif tokens.peek() == ":":
            tokens.take()
            kind = [tokens.take()]
            while tokens.peek() not in (end, ""):
                kind.append(tokens.take())
            if kind not in (["R"], ["R", "->", "R"], ["nat"], ["Z"]):
                raise ReadError(f"a variable of the type {' '.join(kind)}")
        else:
            names.append(tokens.name())
    return tuple(names)


def read_definition(text: str, file: File) -> Definition:
    """Read NAME (x y : R) : R := term."""
    tokens = Tokens(text, file)
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
    tokens = Tokens(text, file)
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


def term(tokens: Tokens, least: int = 0) -> Term:
    """Read a term whose operations bind at least as strongly as `least`."""
    left = prefix(tokens)
    while (sign := tokens.peek()) in BINDING and BINDING[sign] >= least:
        tokens.take()
        binding = BINDING[sign]
        # Arrows, conjunctions and powers group to the right, the others to the left; relations do not group.
        right = term(tokens, binding if sign in ("->", "/\\", "\\/", "^") else binding + 1)
        if sign in RELATIONS and tokens.peek() in RELATIONS:
            # a <= b <= c
            second = tokens.take()
            third = term(tokens, binding + 1)
            left = ("/\\", (sign, left, right), (second, right, third))
        else:
            # A real power in Lean's statements, as tests write it.
            left = ("Rpower" if sign == "**" else sign, left, right)
    return left


def prefix(tokens: Tokens) -> Term:
    """Read a sign before a term, a binder, or an application."""
    sign = tokens.peek()
    if sign == "-":
        tokens.take()
        # Coq's unary minus and inverse bind as strongly as level 35: - x ^ 2 is - (x ^ 2), - x * y is (- x) * y.
        return ("neg", term(tokens, BINDING["^"]))
    if sign == "/":
        tokens.take()
        return ("inv", term(tokens, BINDING["^"]))
    if sign == "~":
        tokens.take()
        return ("~", term(tokens, BINDING["~"] + 1))
    if sign in ("fun", "exists", "forall"):
        tokens.take()
        separator = "=>" if sign == "fun" else ","
        names = binders(tokens, separator)
        tokens.take(separator)
        body = term(tokens)
        for name in reversed(names):
            body = (sign, name, body)
        return body
    if sign == "if":
        tokens.take()
        decided = DECIDED.get(tokens.name())
        if decided is None:
            raise ReadError("a choice by something else than a comparison")
        sides = [atom(tokens), atom(tokens)]
        tokens.take("then")
        yes = term(tokens)
        tokens.take("else")
        return ("if", decided, *sides, yes, term(tokens))
    if sign == "let":
        tokens.take()
        name = tokens.name()
        tokens.take(":=")
        value = term(tokens)
        tokens.take("in")
        return substituted(term(tokens), {name: value})
    if tokens.kind() == "name":
        return application(tokens)
    return atom(tokens)


def application(tokens: Tokens) -> Term:
    """Read a name with its arguments."""
    name = tokens.name()
    if name in ("then", "else", "in", "forall", "exists", "Type", "Prop"):
        raise ReadError(f"{name} where a term is expected")
    made = tokens.file.definitions.get(name)
    count = len(made.parameters) if made is not None else ARITIES.get(name, 0)
    arguments = [atom(tokens) for _ in range(count)]
    if made is not None:
        return substituted(made.body, dict(zip(made.parameters, arguments, strict=True)))
    if name in ("IZR", "INR"):
        return arguments[0]
    if name == "pow":
        return ("^", *arguments)
    if name == "Rinv":
        return ("inv", *arguments)
    return (name, *arguments) if count else name


def atom(tokens: Tokens) -> Term:
    """Read a number, a name without arguments, or a term in brackets."""
    if tokens.kind() == "number":
        value: Term = Fraction(tokens.take())
    elif tokens.peek() == "(":
        tokens.take()
        value = term(tokens)
        tokens.take(")")
    else:
        name = tokens.name()
        made = tokens.file.definitions.get(name)
        if name in ARITIES or (made is not None and made.parameters):
            value = ("constant", name)
        else:
            value = made.body if made is not None else name
    if tokens.peek() in ("%Z", "%nat", "%R"):
        tokens.take()
    return value


def substituted(body: Term, values: dict[str, Term]) -> Term:
    """Return a term with names replaced, not below a binder of the same name.

    Raises:
        ReadError: A binder would catch a name of a value.
    """
    if isinstance(body, str):
        return values.get(body, body)
    if not isinstance(body, tuple):
        return body
    if body[0] in ("fun", "exists", "forall"):
        inner = {name: value for name, value in values.items() if name != body[1]}
        if any(body[1] in names(value) for value in inner.values()) and inner:
            raise ReadError(f"{body[1]} would be caught")
        return (body[0], body[1], substituted(body[2], inner))
    return (body[0], *(substituted(part, values) for part in body[1:]))


def names(body: Term) -> set[str]:
    """Return the names in a term."""
    if isinstance(body, str):
        return {body}
    return set().union(*(names(part) for part in body[1:])) if isinstance(body, tuple) else set()
