"""What the contract promises is kept: every field of every reply is set by some call, and every error names a field."""

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import secantd
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from secant.v1 import calculus_service_pb2, expression_pb2
from secantd.settings import Limits, limit_table

SERVICE = calculus_service_pb2.DESCRIPTOR.services_by_name["CalculusService"]
# Drawing waits for a core on a busy machine, and a worker first imports matplotlib.
AMPLE_TIME = {"timeout": 30}


def message(kind: Descriptor, fields: dict) -> Message:
    return json_format.ParseDict(fields, kind._concrete_class())


def call(calculus, name: str, fields: dict | list) -> list[Message]:
    """Return the replies of a call; a list of fields is a stream."""
    kind = SERVICE.methods_by_name[name].input_type
    requests = iter([message(kind, f) for f in fields]) if isinstance(fields, list) else message(kind, fields)
    reply = getattr(calculus, name)(requests, **AMPLE_TIME)
    return list(reply) if isinstance(reply, Iterator) else [reply]


def text(formula: str, **data: list[float]) -> dict:
    return {"text": formula, "data": [{"name": n, "values": v} for n, v in data.items()]}


def at(**point: float) -> list[dict]:
    return [{"variable": name, "value": value} for name, value in point.items()]


BOTH = ["NOTATION_R", "NOTATION_LATEX"]
# Calls that together set every field.
CALLS = [
    ("Differentiate", {"expression": text("sin(x)/x"), "at": at(x=0), "notations": BOTH}),
    ("Differentiate", {"expression": text("function(x, z) sin(x)"), "at": at(x=1, z=0), "variables": ["z"]}),
    ("Gradient", {"expression": text("sin(x)/x"), "at": at(x=0)}),
    ("Jacobian", {"expression": text("c(sin(x)/x, x)"), "at": at(x=0)}),
    ("Hessian", {"expression": text("sin(x)/x"), "at": at(x=0)}),
    ("Taylor", {"expression": text("sin(x)/x"), "at": at(x=0), "order": 2}),
    ("Tangent", {"expression": text("sin(x)/x"), "at": at(x=0)}),
    ("Evaluate", {"expression": text("abs(x) + sin(x)/x"), "points": [{"name": "x", "values": [1.0, 0.0]}], "order": 1}),
    ("EvaluateStream", [
        {"setup": {"expression": text("abs(x) + sin(x)/x"), "order": 1}},
        {"points": {"columns": [{"name": "x", "values": [1.0, 0.0]}]}},
    ]),
    ("Gradient", {"expression": text("function(x, y, z) x^2*y"), "variables": ["x", "y", "z"], "at": at(x=1, y=2, z=0),
                  "direction": at(x=1, y=1, z=0)}),
    ("Gradient", {"expression": text("sum(x^2)"), "at": [{"variable": "x", "values": [1, 2]}]}),
    ("Jacobian", {"expression": text("c(x*y, x + y)"), "inner": [
        {"variable": "x", "expression": text("s*t")}, {"variable": "y", "expression": text("function(s, t, z) s + t")}],
        "variables": ["s", "t", "z"]}),
    ("Jacobian", {"expression": text("c(x*y, x + y)"), "at": at(x=1, y=2)}),
    ("Hessian", {"expression": text("function(x, y, z) x^2*y"), "variables": ["x", "y", "z"], "at": at(x=1, y=2, z=0)}),
    ("Taylor", {"expression": text("x^2"), "at": at(x=1), "order": 3, "points": [{"name": "x", "values": [1.0]}]}),
    ("Taylor", {"expression": text("sqrt^2"), "at": at(sqrt=1), "order": 2}),
    ("Tangent", {"expression": text("x^2"), "at": at(x=1)}),
    ("Tangent", {"expression": text("abs(x)"), "at": at(x=0)}),
    ("Approximate", {"expression": text("exp(x)"), "at": at(x=1), "sweep": True}),
    ("Approximate", {"expression": text("function(x, z) x"), "at": at(x=1, z=1), "variables": ["x", "z"]}),
    ("Extrema", {"expression": text("x^3 - 3*x"), "box": [{"variable": "x", "lower": -3, "upper": 3}]}),
    ("Extrema", {"expression": text("pmax(x - 2, 0)"), "box": [{"variable": "x", "lower": -3, "upper": 1}]}),
    ("Check", {"expression": text("x^2"), "claimed": text("3*x"), "variables": ["x"]}),
    ("Check", {"expression": text("function(x, z) x^2"), "claimed": text("c(2*x, 0)"), "variables": ["x", "z"]}),
    ("Check", {"expression": text("det(A)"), "claimed": text("t(A)"), "variables": ["A"]}),
    ("Check", {"expression": text("x^2"), "claimed": text("3*x"), "certificate": True}),
    ("Check", {"expression": text("log(x)"), "claimed": text("1/x"), "certificate": True}),
    ("Differentiate", {"expression": text("log(x)"), "certificate": True}),
    ("Gradient", {"expression": text("log(x)"), "certificate": True}),
    ("Evaluate", {"expression": text("exp(x)"), "points": [{"name": "x", "values": [1.0]}], "order": 1, "enclosures": True}),
    ("Explain", {"expression": text("sin(x^2)"), "variables": ["x"]}),
    ("Explain", {"expression": text("function(x, z) sin(x^2)"), "variables": ["z"]}),
    ("Explain", {"expression": text("sin(x^2)"), "formats": ["EXPLANATION_FORMAT_HTML"], "language": "ko"}),
    ("Export", {"expression": text("x^2"), "notations": ["NOTATION_C"]}),
    ("Export", {"expression": text("function(x, z) x^2"), "variables": ["x", "z"]}),
    ("Export", {"expression": text("a*x"), "notations": ["NOTATION_SQL"], "columns": ["x"], "table": "t", "keep": ["id"]}),
    ("Evaluate", {"expression": text("x^2"), "points": [{"name": "x", "values": [1.0, 2.0]}], "order": 1}),
    ("Evaluate", {"expression": text("log(det(A))"), "points": [{"name": "A", "values": [2, 1, 0, 3], "shape": [2, 2]}],
                  "order": 1}),
    ("EvaluateStream", [
        {"setup": {"expression": text("x^2"), "order": 1}},
        {"points": {"columns": [{"name": "x", "values": [1.0]}]}},
        {"points": {"columns": [{"name": "x", "values": [2.0]}]}},
    ]),
    ("Descend", {"expression": text("x^2 + x"), "start": at(x=1), "fixedRate": {"rate": 0.9}}),
    ("Descend", {"expression": text("x + y^2"), "start": at(x=2, y=1), "lbfgs": {},
                 "bounds": [{"variable": "x", "lower": 0, "upper": 1}]}),
    ("Descend", {"expression": text("abs(x)"), "start": at(x=1)}),
    ("Descend", {"expression": text("1 + (x - 1)^2/2"), "start": at(x=0), "standardErrors": True,
                 "starts": [{"name": "x", "values": [-1.0]}]}),
    ("Plot", {"expression": text("sin(100000*x)"), "curve": {}}),
    ("Describe", {}),
]  # fmt: skip


def seen(message: Message, found: set[str]) -> None:
    """Add the fields that are set in a message, and in the messages in it."""
    todo = [message]
    while todo:
        one = todo.pop()
        for field, value in one.ListFields():
            found.add(field.full_name)
            if field.message_type is not None:
                todo += value if field.is_repeated else [value]


# Of servers with data sets, which tests/dask/test_dask_server.py starts.
OF_DATA_SETS = {
    *(f"secant.v1.DataSet.{name}" for name in ("name", "columns", "rows")),
    *(f"secant.v1.DescribeResponse.{name}" for name in ("data_sets", "engine")),
}


def promised() -> set[str]:
    """Return every field of every message that a reply may hold."""
    todo, kinds = [m.output_type for m in SERVICE.methods], {}
    while todo:
        kind = todo.pop()
        if kind.full_name not in kinds:
            kinds[kind.full_name] = kind
            todo += [f.message_type for f in kind.fields if f.message_type is not None]
    return {f.full_name for kind in kinds.values() for f in kind.fields}


def test_every_field_of_every_reply_is_set_by_some_call(calculus):
    found: set[str] = set()
    for name, fields in CALLS:
        try:
            replies = call(calculus, name, fields)
        except Exception as error:
            raise AssertionError(f"{name} {fields}") from error
        for reply in replies:
            seen(reply, found)
    assert promised() - found == OF_DATA_SETS


def test_every_limit_that_is_enforced_is_a_setting_and_described(calculus):
    """Names in `limit_exceeded("name", ...)` and `over("name", ...)` are fields of Limits, and Describe lists them."""
    enforced: dict[str, str] = {}
    for path in Path(secantd.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in LIMITERS:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    enforced[first.value] = path.name
                elif isinstance(first, ast.JoinedStr):
                    assert path.name == "ranges.py", f"{path.name}: a limit whose name is put together"
    assert len(enforced) > 10
    assert set(enforced) <= {name for name, *_ in limit_table(Limits())}, enforced
    (reply,) = call(calculus, "Describe", {})
    assert [limit.name for limit in reply.limits] == [name for name, *_ in limit_table(Limits())]


LIMITERS = ("limit_exceeded", "over")


def missing(path: str, request: Message) -> str:
    """Return the part of a field's path that the request does not have, "" where it has all.

    >>> missing("text", expression_pb2.Expression(text="x")), missing("data[0].name", expression_pb2.Expression())
    ('', 'data[0]')
    """
    here: object = request
    for part in path.split("."):
        name, index = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", part).groups()
        if isinstance(here, Message) and part in here.DESCRIPTOR.oneofs_by_name:
            return ""
        if not isinstance(here, Message) or name not in here.DESCRIPTOR.fields_by_name:
            return part
        here = getattr(here, name)
        if index is not None:
            if not hasattr(here, "__len__") or isinstance(here, str) or int(index) >= len(here):
                return part
            here = here[int(index)]
    return ""


def column(name: str, *values: float) -> dict:
    return {"name": name, "values": list(values)}


def bound(variable: str, lower: float | None = None, upper: float | None = None) -> dict:
    return {"variable": variable} | {k: v for k, v in (("lower", lower), ("upper", upper)) if v is not None}


X2, XY, PAIR, SHAPE = text("x^2"), text("x*y"), text("c(x, y)"), text("psigamma(2, x)")
# Wrong in each way that a field can be wrong: reasons are those of the contract, fields those of the request.
WRONG = [
    *[(name, fields) for name in ("Differentiate", "Gradient", "Hessian", "Explain") for fields in (
        {"expression": text("x +")}, {"expression": PAIR}, {"expression": SHAPE}, {"expression": X2, "variables": [""]},
        {"expression": text("sum(u*x)", u=[1.0]), "variables": ["u"]},
        {"expression": X2, "variables": ["x"], "notations": ["NOTATION_C"]},
    )],
    *[(name, {"expression": XY, "variables": ["x"], "at": point})
      for name in ("Differentiate", "Gradient", "Hessian", "Jacobian") for point in (
        at(x=1), at(x=1, y=1, z=1), [*at(x=1), *at(x=1)], [*at(x=1), {"value": 1}])],
    *[(name, {"expression": XY, "at": point, **more}) for name, more in (
        ("Tangent", {}), ("Taylor", {"order": 2}), ("Approximate", {})) for point in (
        [], at(x=1), [*at(x=1), *at(x=1)], at(x=1, y="NaN"))],
    *[("Evaluate", {"expression": XY, **more}) for more in (
        {}, {"points": [column("x", 1)]}, {"points": [column("x", 1), column("y", 1), column("z", 1)]},
        {"points": [column("x", 1, 2), column("y", 1, 2, 3)]}, {"points": [column("x", 1), column("x", 1)]},
        {"points": [column("x", 1), column("y", 1)], "order": 3})],
    *[("EvaluateStream", messages) for messages in (
        [{"points": {}}], [{"setup": {"expression": text("x +")}}], [{"setup": {"expression": X2, "order": 9}}],
        [{"setup": {"expression": X2}}, {"setup": {}}],
        [{"setup": {"expression": XY}}, {"points": {"columns": [column("x", 1)]}}],
        [{"setup": {"expression": XY}}, {"points": {"columns": [column("x", 1), column("y", 1), column("z", 1)]}}])],
    *[("Descend", {"expression": XY, "start": at(x=1, y=1), **more}) for more in (
        {"expression": PAIR}, {"expression": SHAPE, "start": at(x=1)}, {"start": at(x=1)}, {"start": at(x=1, y=1, z=1)},
        {"tolerance": -1}, {"maxSteps": -1}, {"maxSteps": 10**12}, {"traceEvery": -1}, {"firstNumber": -1},
        {"fixedRate": {"rate": -1}}, {"fixedRate": {"rate": "NaN"}}, {"momentum": {"momentum": 2}},
        {"nesterov": {"rate": 0}}, {"adagrad": {"rate": -1}}, {"rmsprop": {"decay": 1}}, {"adam": {"beta1": -1}},
        {"lineSearch": {"shrink": 1}}, {"lbfgs": {"memory": 0}}, {"bounds": [bound("x", 0, 1)], "bfgs": {}},
        {"bounds": [bound("z", 0)], "lbfgs": {}}, {"bounds": [bound("x", 1, 0)], "lbfgs": {}},
        {"bounds": [bound("x", 0), bound("x", 1)], "lbfgs": {}}, {"starts": [column("x", 1)]},
        {"starts": [column("x", 1), column("y", 1, 2, 3), column("y", 1)]}, {"expression": text("u*x*y", u=[1.0, 2.0])})],
    *[("Jacobian", {"expression": PAIR, "inner": inner}) for inner in (
        [{"variable": "z", "expression": text("t")}], [{"variable": "x", "expression": text("t +")}],
        [{"variable": "x", "expression": text("c(s, t)")}],
        [{"variable": "x", "expression": text("t")}, {"variable": "x", "expression": text("t")}])],
    ("Gradient", {"expression": XY, "valuesOnly": True}), ("Hessian", {"expression": XY, "valuesOnly": True}),
    *[("Gradient", {"expression": XY, "direction": u}) for u in (at(x=1), at(x=0, y=0), at(x=1, y=1, z=1), at(x=1, y="NaN"))],
    *[("Taylor", {"expression": X2, "at": at(x=1), **more}) for more in (
        {"order": -1}, {"order": 10**6}, {"order": 1, "points": [column("z", 1)]}, {"order": 1, "form": 99}, {"expression": text("log(x)"), "at": at(x=0)})],
    *[("Approximate", {"expression": X2, "at": at(x=1), **more}) for more in (
        {"step": 0}, {"step": "NaN"}, {"step": 1e-30}, {"scheme": 99},
        {"variables": ["z"]}, {"expression": XY, "at": at(x=1, y=1), "sweep": True})],
    *[("Extrema", {"expression": XY, "box": box}) for box in (
        [], [bound("x", 0, 1)], [bound("x", 0, 1), bound("y", 0)], [bound("x", 0, 1), bound("y", 1, 0)],
        [bound("x", 0, 1), bound("y", 0, "Infinity")], [bound("x", 0, 1), bound("y", 0, 1), bound("z", 0, 1)],
        [bound("x", 0, 1), bound("x", 0, 1)])],
    *[("Check", {"expression": XY, "variables": ["x"], "claimed": text("y"), **more}) for more in (
        {"claimed": text("1 +")}, {"claimed": text("c(1, 2)")}, {"claimed": {}}, {"witnesses": ["me"]}, {"seconds": -1},
        {"at": at(x=1)}, {"at": at(x=1, y=1, z=1)}, {"expression": PAIR}, {"order": 3}, {"assumptions": ["x"]},
        {"order": 2, "claimed": text("c(1, 2)")},
        {"order": 0, "assumptions": ["x > 0", "x"]})],
    *[("Export", {"expression": XY, **more}) for more in (
        {"expression": PAIR}, {"order": 3}, {"name": "1x"}, {"expression": text("besselJ(x, 1.5)"), "notations": ["NOTATION_STAN"]},
        {"variables": ["x", "x"]}, {"table": "t"}, {"notations": ["NOTATION_SQL"], "columns": ["q"]})],
    ("Explain", {"expression": text("exp(x)"), "byDefinition": True}),
    ("Explain", {"expression": text("exp(x)"), "language": "tlh"}),
    ("Explain", {"expression": text("exp(x)"), "formats": [9]}),
    ("Explain", {"expression": text("t(v) %*% v * x"), "gradient": True}),
    *[("Plot", {"expression": X2, **more}) for more in (
        {"curve": {}, "theme": 9}, {"curve": {}, "animate": True}, {"secant": {"at": 1}, "format": "IMAGE_FORMAT_GIF"},
        {"secant": {"at": 1}, "animate": True, "format": "IMAGE_FORMAT_PNG"},
        {}, {"curve": {}, "width": 3}, {"curve": {}, "width": 10**6}, {"curve": {"tangentsAt": ["NaN"]}},
        {"curve": {"tangentsAt": [1] * 99}}, {"curve": {}, "ranges": [bound("q", 0, 1)]},
        {"curve": {}, "ranges": [bound("x", 1, 0)]}, {"curve": {}, "expression": XY}, {"secant": {"at": 0, "steps": [0]}},
        {"secant": {"at": "NaN"}}, {"taylor": {"at": 0, "orders": [-1]}}, {"taylor": {"at": 0, "orders": [1, 2, 3, 4, 5, 6]}},
        {"error": {"at": "NaN"}}, {"area": {}}, {"descent": {"request": {"start": at(z=1)}}},
        {"descent": {"request": {"start": at(x=1), "fixedRate": {"rate": -1}}}},
        {"descent": {"request": {"start": at(x=1), "lbfgs": {}, "bounds": [bound("x", 3, 2)]}}},
        {"descent": {"request": {"start": at(x=1), "expression": text("x^4")}}})],
    *[("Plot", {"expression": XY, **more}) for more in (
        {"surface": {"at": at(x=1)}}, {"surface": {"sliceVariable": "q"}}, {"contour": {"levels": -1}},
        {"contour": {"levels": 1000}}, {"surface": {"at": at(x=1, y=1, z=1)}})],
    ("Plot", {"expression": PAIR, "area": {"at": at(x=1)}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fields"), [pytest.param(*w, id=f"{w[0]}-{i}") for i, w in enumerate(WRONG)])
def test_an_error_names_a_field_that_the_request_has(calculus, failure, name, fields):
    kind = SERVICE.methods_by_name[name].input_type
    messages = [message(kind, f) for f in (fields if isinstance(fields, list) else [fields])]
    found = failure(getattr(calculus, name), iter(messages) if isinstance(fields, list) else messages[0], **AMPLE_TIME)
    assert found.code in ("INVALID_ARGUMENT", "OUT_OF_RANGE"), found
    assert found.field, found.message
    assert "" in [missing(found.field, m) for m in messages], (found.field, found.message)


def test_infinity_is_a_number_of_the_table():
    """Return the value as protobuf's JSON writes it, as in the table above."""
    kind = expression_pb2.Coordinate.DESCRIPTOR
    assert math.isinf(message(kind, {"value": "Infinity"}).value)
