"""Answers of the fault server, and the command `secant` as a process and inside this one."""

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import pytest
from secant.command import main
from secant.v1 import derivative_pb2, expression_pb2


def formula(text, value=None, **renderings):
    message = expression_pb2.Formula(text=text, value=value)
    for notation, rendering in renderings.items():
        message.renderings.add(notation=f"NOTATION_{notation.upper()}", text=rendering)
    return message


def echo(request, context):
    return derivative_pb2.DifferentiateResponse(derivative=formula(request.expression.text))


def secant(*args, **options):
    command = [sys.executable, "-c", "from secant.command import main; main()", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def inside(*args):
    """Run the command in this process, which takes a tenth of the time of a new one; the same attributes come back."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["secant", *args]),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        main()
    return subprocess.CompletedProcess(args, end.value.code, out.getvalue(), err.getvalue())
