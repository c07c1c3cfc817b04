"""A request of each method, for the forms of the reference."""

from collections.abc import Mapping
from typing import Any

__all__ = ["EXAMPLES"]

BOWL = {"text": "x^2 + 2*y^2"}
POINT = [{"variable": "x", "value": 2}, {"variable": "y", "value": 1}]
COLUMNS = [{"name": "x", "values": [1, 2]}, {"name": "y", "values": [3, 4]}]

# A list for methods whose requests are a stream.
EXAMPLES: Mapping[str, Any] = {
    "Differentiate": {"expression": {"text": "exp(-x^2)"}, "at": [{"variable": "x", "value": 1}]},
    "Gradient": {"expression": BOWL, "at": POINT},
    "Jacobian": {"expression": {"text": "c(x*y, x + y)"}, "at": POINT},
    "Hessian": {"expression": BOWL, "at": POINT},
    "Taylor": {"expression": {"text": "exp(x)"}, "at": [{"variable": "x", "value": 0}], "order": 3},
    "Tangent": {"expression": {"text": "x^2"}, "at": [{"variable": "x", "value": 3}]},
    "Approximate": {"expression": {"text": "x^2"}, "at": [{"variable": "x", "value": 3}], "step": 0.5},
    "Evaluate": {"expression": BOWL, "points": COLUMNS, "order": 1},
    "EvaluateStream": [{"setup": {"expression": BOWL}}, {"points": {"columns": COLUMNS}}],
    "Descend": {"expression": BOWL, "start": POINT, "fixedRate": {"rate": 0.1}, "maxSteps": 100},
    "Check": {"expression": {"text": "x^2"}, "claimed": {"text": "3*x"}},
    "Explain": {"expression": {"text": "x^2 * sin(x)"}},
    "Export": {"expression": {"text": "x^2"}, "notations": ["NOTATION_C"]},
    "Plot": {"expression": {"text": "x^3 - x"}, "curve": {"tangentsAt": [0.5]}},
    "Extrema": {"expression": {"text": "x^3 - 3*x"}, "box": [{"variable": "x", "lower": -2, "upper": 2}]},
    "Describe": {},
}
