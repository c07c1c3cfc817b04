"""Answers of the fault server, and the command `secant` as a process."""

import subprocess
import sys

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
