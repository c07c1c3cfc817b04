"""The signature of a client's method, made of that of the function that describes its rpc."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_args

__all__ = ["signed"]

M = TypeVar("M", bound=Callable[..., Any])


def signed(build: Callable[..., Any], method: M, blocks: str | None = None) -> M:
    """Give `method` the name, the docstring and the parameters of `build`, with `self` before them.

    Type checkers see the signature through ParamSpec; this is for `help` and for notebooks.

    Args:
        build: What describes the rpc.
        method: What carries it out.
        blocks: The name of the second parameter of `method`, where `build` does not have it.
    """
    returns = inspect.signature(method).return_annotation
    functools.update_wrapper(method, build)
    signature = inspect.signature(build)
    parameters = [
        inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY),
        *signature.parameters.values(),
    ]
    if blocks is not None:
        parameters[1:2] = [
            parameters[1].replace(kind=inspect.Parameter.POSITIONAL_ONLY),
            inspect.Parameter(blocks, inspect.Parameter.POSITIONAL_ONLY),
        ]
    results = get_args(signature.return_annotation)
    if results and get_args(results[0]):  # one of two ways to make the call
        results = get_args(results[0])
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=parameters, return_annotation=results[0] if results else returns
    )
    return method
