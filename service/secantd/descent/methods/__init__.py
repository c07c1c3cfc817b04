"""The table of descent methods. A new method is a file in this folder and a row in METHODS."""

from inspect import cleandoc
from typing import NamedTuple

from secantd.descent.methods.adagrad import AdaGrad
from secantd.descent.methods.adam import Adam
from secantd.descent.methods.adamax import Adamax
from secantd.descent.methods.amsgrad import AmsGrad
from secantd.descent.methods.bfgs import Bfgs
from secantd.descent.methods.conjugategradient import ConjugateGradient
from secantd.descent.methods.fixedrate import FixedRate
from secantd.descent.methods.lbfgs import Lbfgs
from secantd.descent.methods.linesearch import LineSearch
from secantd.descent.methods.method import Method, Paced, Searching, Setting
from secantd.descent.methods.momentum import Momentum
from secantd.descent.methods.nesterov import Nesterov
from secantd.descent.methods.newton import Newton
from secantd.descent.methods.rmsprop import RmsProp

__all__ = [
    "METHODS",
    "AdaGrad",
    "Adam",
    "Adamax",
    "AmsGrad",
    "Bfgs",
    "ConjugateGradient",
    "Described",
    "FixedRate",
    "Lbfgs",
    "LineSearch",
    "Method",
    "Momentum",
    "Nesterov",
    "Newton",
    "Paced",
    "RmsProp",
    "Searching",
    "described",
    "name_of",
]  # fmt: skip

# Methods by the names, in the order, of the fields of the oneof `method` in `descend.proto`.
METHODS: dict[str, type[Method]] = {
    "fixed_rate": FixedRate,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RmsProp,
    "adam": Adam,
    "line_search": LineSearch,
    "conjugate_gradient": ConjugateGradient,
    "newton": Newton,
    "bfgs": Bfgs,
    "lbfgs": Lbfgs,
    "adamax": Adamax,
    "amsgrad": AmsGrad,
}


def name_of(method: Method) -> str:
    """Return the name of a method in the contract.

    >>> name_of(Adam())
    'adam'
    """
    return next(name for name, kind in METHODS.items() if kind is type(method))


class Described(NamedTuple):
    """A method as Describe lists it: `DescentMethod` of the contract."""

    name: str
    summary: str
    settings: tuple[Setting, ...]
    bounded: bool


def described() -> tuple[Described, ...]:
    """Return all methods with their settings.

    >>> [method.name for method in described() if method.bounded]
    ['lbfgs']
    """
    return tuple(
        # Without docstrings (python -OO) there are no summaries.
        Described(name, cleandoc(kind.__doc__ or "").rstrip("."), kind.settings(), kind.bounded)
        for name, kind in METHODS.items()
    )
