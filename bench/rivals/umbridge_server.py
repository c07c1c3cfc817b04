"""A UM-Bridge server of sin(x y) + cos(x) y² with both partials, computed by NumPy. Run: python -m bench.rivals.umbridge_server POINTS"""

import functools
import socket
import sys
from typing import Any

import numpy as np
import umbridge
from aiohttp import web

from bench.rivals.by_hand import wave


class Wave(umbridge.Model):  # type: ignore[misc]
    """The model: two vectors in, three out."""

    def __init__(self, points: int) -> None:
        super().__init__("wave")
        self.points = points

    def get_input_sizes(self, config: Any) -> list[int]:
        """Return the lengths of x and y."""
        return [self.points] * 2

    def get_output_sizes(self, config: Any) -> list[int]:
        """Return the lengths of f and its partials."""
        return [self.points] * 3

    def __call__(self, parameters: list[list[float]], config: Any) -> list[list[float]]:
        """Return the value and the partials."""
        return [column.tolist() for column in wave(*(np.array(p) for p in parameters))]

    def supports_evaluate(self) -> bool:
        """Return that values can be asked for."""
        return True


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    # Not on all interfaces.
    web.run_app = functools.partial(web.run_app, host="127.0.0.1", print=None)
    print(f"listening on http://127.0.0.1:{port}", flush=True)
    umbridge.serve_models([Wave(int(sys.argv[1]))], port)
