"""Differentiate, Gradient and Hessian."""

from typing import Any

from secantd.answers import requests
from secantd.answers.components import located
from secantd.answers.functions import FunctionCache, parts_of
from secantd.calculus.derivative import differentiate as derivative_of
from secantd.calculus.derivative import gradient_answer
from secantd.calculus.hessian import hessian as hessian_of
from secantd.calculus.results import Derivative, Gradient, Hessian

__all__ = ["differentiate", "gradient", "hessian"]


def differentiate(request: Any, functions: FunctionCache) -> Derivative:
    """Return the derivative that a request asks for.

    Args:
        request: The fields of DifferentiateRequest.
        functions: The cache of parsed functions, with the limits that apply.

    Raises:
        CalculusError: The request is invalid.
    """
    limits = functions.limits
    form, naming = requests.form(request.form), requests.naming(request.naming)
    names = requests.variables(request.variables, limits, distinct=False)
    point = requests.point(request.at, "at", nameless=True)
    with functions.read_at(request.expression, point, names) as (function, at):
        written = requests.notations(request.notations, function)
        found = derivative_of(function, names, at, written, form, naming=naming, limits=limits)
        if request.certificate:
            # Proofs are not on the path of other requests.
            from secantd.answers.proofs import with_derivative_proof

            found = with_derivative_proof(found, function, at or {}, limits)
        return found


def gradient(request: Any, functions: FunctionCache) -> Gradient:
    """Return the gradient that a request asks for; the arguments and errors are those of `differentiate`."""
    limits = functions.limits
    form, naming = requests.form(request.form), requests.naming(request.naming)
    names = requests.variables(request.variables, limits)
    point = requests.point(request.at, "at", nameless=True)
    towards = requests.point(request.direction, "direction", nameless=True)
    with functions.read_at(request.expression, point, names) as (function, at):
        written = requests.notations(request.notations, function)
        direction = parts_of(function, request.expression, towards, "direction")
        with located("direction", towards, direction):
            found = gradient_answer(
                function, names, at, written, form, request.values_only, direction, naming=naming, limits=limits
            )
        if request.certificate:
            from secantd.answers.proofs import with_gradient_proof

            found = with_gradient_proof(found, function, at or {}, limits)
        return found


def hessian(request: Any, functions: FunctionCache) -> Hessian:
    """Return the Hessian that a request asks for; the arguments and errors are those of `differentiate`."""
    limits = functions.limits
    form, naming = requests.form(request.form), requests.naming(request.naming)
    names = requests.variables(request.variables, limits)
    point = requests.point(request.at, "at", nameless=True)
    with functions.read_at(request.expression, point, names) as (function, at):
        written = requests.notations(request.notations, function)
        return hessian_of(function, names, at, written, form, request.values_only, naming=naming, limits=limits)
