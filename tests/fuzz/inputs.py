"""Inputs nobody would think of: texts from the language's own pieces, requests from bytes and from messages."""

import math
import random
import re

from formulas import formula
from hard import DOUBLES
from messages import any_request
from secant.v1 import check_pb2, derivative_pb2, evaluate_pb2, expression_pb2
from secantd.calculus.derivative import light_derivative
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.render import r_text

__all__ = ["PIECES", "SEEDS", "claim", "request", "text"]

# Of all requests: each takes as long as hundreds of others.
CLAIMS = 0.01

# What the language is made of, and what it is not.
PIECES = (
    "x y z a b x1 x[1] x[[2]] .x _x π 𝒙 é 0 1 2 3.5 1e5 1e400 1e-400 0x1F 1L 2i .5 5. 1_000 NaN Inf NA pi e E "
    "+ - * / ^ ** % %% %/% %*% // < > <= >= == != ! & && | || ~ ? : ; , . = <- -> <<- := @ $ # \\ ` ' \" "
    "( ) [ ] { } (( )) sin( cos( exp( log( sqrt( abs( tan( sum( prod( c( max( min( dnorm( plogis( gamma( sign( "
    "atan2( pow( I( ifelse( function(x) function(x, lambda x: if else for while in return( def repeat break next "
    "True False TRUE FALSE NULL None import __import__ system( eval( quote( f <- ^-1 ^2 ^x ^0.5 *x +1 -x /x"
).split(" ")
SPACES = ("", "", "", " ", "\n", "\t", "\r\n", "\u00a0", "\u202e", "\x00", "\ufeff")

SEEDS = (
    "x^2 + 2*y^2",
    "exp(-x^2/2)/sqrt(2*pi)",
    "function(x, y) x^2 + y",
    "lambda x, y: x**2 + y",
    "~ sin(x)*cos(y)",
    "f <- function(t) t^2\nf(a)*a",
    "a <- x*x\nb <- a + 1\nlog(b)/a",
    "{ s <- 0; for (i in 1:3) s <- s + x^i; s }",
    "if (x > 0) x else -x",
    "x if x > 0 else -x",
    "ifelse(x < 1, x^2, 2*x - 1)",
    "sum(dnorm(u, x + y*v, exp(z), log = TRUE))",
    "c(x*y, x + y)",
    "1 / (1 + exp(-(x - y)))",
    "x[1]^2 + x[2]",
)


def text(chance: random.Random) -> str:
    """Return a text: pieces in a row, a right one, or one with some of it changed."""
    kind = chance.random()
    if kind < 0.2:
        return "".join(chance.choice(PIECES) + chance.choice(SPACES) for _ in range(chance.randrange(1, 25)))
    made = list(formula(chance, 3) if kind < 0.6 else chance.choice(SEEDS))
    for _ in range(chance.choice((0, 0, 0, 0, 0, 1, 1, 2, 3, 5))):
        at, what = chance.randrange(len(made) + 1), chance.random()
        if what < 0.5:
            made.insert(at, chance.choice(PIECES))
        elif what < 0.7:
            del made[at : at + chance.randrange(1, 4)]
        elif what < 0.85:
            made[at:at] = made[chance.randrange(len(made) + 1) :][: chance.randrange(20)]
        else:
            made.insert(at, chr(chance.choice((0, 9, 127, 0x2029, 0x202E, 0xFFFD, 0x1D4D0, chance.randrange(0xD800)))))
    return "".join(made)


def request(chance: random.Random) -> tuple[str, bytes]:
    """Return a method and the bytes of a request: right but for its text, or wrong here and there."""
    kind = chance.random()
    if kind < CLAIMS:
        return "Check", claim(chance)
    name, raw = any_method(chance) if kind < 0.4 else usual(chance)
    bytes_of_it = bytearray(raw)
    if chance.random() < 0.1:
        while bytes_of_it and chance.random() < 0.5:
            at = chance.randrange(len(bytes_of_it))
            bytes_of_it[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
    return name, bytes(bytes_of_it)


def claim(chance: random.Random) -> bytes:
    """Return a request of Check: a random function, and a claim that is right, nearly right or random."""
    function = formula(chance, chance.choice((1, 2, 2, 3)))
    variable = chance.choice(re.findall(r"\b[xyz]\b", function) or ["x"])
    claimed = formula(chance, 2)
    if chance.random() < 0.7:
        try:
            parsed = read(function, Notation.R)
            claimed = r_text(light_derivative(parsed, parsed.outputs[0], [variable]), 500, cut=True)
        except CalculusError:
            pass
        if chance.random() < 0.6:
            claimed = changed(chance, claimed)
    made = check_pb2.CheckRequest(variables=[variable], seconds=chance.choice((0.02, 0.1, 0.3)))
    made.expression.text, made.claimed.text = function, claimed
    if chance.random() < 0.6:
        for name in sorted(set(re.findall(r"\b[xyz]\b", function + claimed))):
            made.at.add(variable=name, value=chance.choice(DOUBLES) if chance.random() < 0.6 else chance.uniform(-3, 3))
    # R takes a third of a second to start.
    made.witnesses.extend(w for w in ("exact", "ball", "sympy", "numeric") if chance.random() < 0.8)
    return made.SerializeToString()


def changed(chance: random.Random, right: str) -> str:
    """Return a formula with one of its numbers, or the whole, multiplied by or added to a hard number."""
    hard = repr(abs(chance.choice([v for v in DOUBLES if abs(v) < math.inf])))
    numbers = list(re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", right))
    if numbers and chance.random() < 0.5:
        place = chance.choice(numbers)
        return f"{right[: place.start()]}{hard}{right[place.end() :]}"
    return f"{hard}{chance.choice(('*', ' + ', '^'))}({right})"


def any_method(chance: random.Random) -> tuple[str, bytes]:
    """Return a method of all that there are."""
    chosen = text(chance)
    there = [name for name in ("x", "y", "z", "a") if re.search(rf"\b{name}\b", chosen)]
    return any_request(chance, [chosen, text(chance), formula(chance, 2)], there or ["x"])


def usual(chance: random.Random) -> tuple[str, bytes]:
    """Return one of the methods called most, with fields that mostly go together."""
    wrong = chance.random() < 0.2
    numbers = (chance.choice(DOUBLES), chance.choice((0.0, 1.0, -1.5)), chance.uniform(-10, 10))
    chosen = text(chance)
    expression = expression_pb2.Expression(text=chosen, notation=chance.choice((0, 0, 0, 1, 2)))
    if re.search(r"\bu\b", chosen):
        expression.data.add(name="u", values=[chance.choice(numbers) for _ in range(1 + wrong)])
        expression.data.add(name="v", values=[1.0, 2.0])
    there = [name for name in ("x", "y", "z", "a") if re.search(rf"\b{name}\b", chosen)]
    variables = chance.sample(there, chance.randrange(len(there) + 1))
    at = [expression_pb2.Coordinate(variable=name, value=chance.choice(numbers)) for name in there]
    if chance.random() < 0.5:
        at = []
    if wrong and chance.random() < 0.3:
        expression.notation = chance.choice((3, 99))  # type: ignore[assignment]
    if wrong and chance.random() < 0.3:
        variables.append(chance.choice(("", "x", "é", chance.choice(PIECES))))
    kind = chance.randrange(3)
    message: derivative_pb2.DifferentiateRequest | derivative_pb2.GradientRequest | evaluate_pb2.EvaluateRequest
    if kind == 0:
        variables += chance.choices(there, k=chance.randrange(3)) if there else []
        name, message = "Differentiate", derivative_pb2.DifferentiateRequest(at=at, variables=variables)
        message.notations.extend(chance.sample((0, 1, 2, 3), chance.randrange(4)))
    elif kind == 1:
        name, message = "Gradient", derivative_pb2.GradientRequest(at=at, variables=variables)
        message.values_only = bool(at) and chance.random() < 0.3
        if chance.random() < 0.1:
            message.direction.extend(at)
    else:
        order = 99 if wrong and chance.random() < 0.3 else chance.randrange(2)
        name, message = "Evaluate", evaluate_pb2.EvaluateRequest(order=order, variables=variables)
        for each in there:
            message.points.add(name=each, values=[chance.choice(numbers) for _ in range(3)])
    message.expression.CopyFrom(expression)
    return name, message.SerializeToString()
