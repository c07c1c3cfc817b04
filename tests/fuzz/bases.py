"""A right request for each rpc and for each of its choices, in protobuf's text format: what the grid changes."""

from google.protobuf import text_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor, OneofDescriptor
from google.protobuf.message import Message
from secantd.transport.messages.contract import SERVICE

__all__ = ["BASES", "bases"]

XSINX = 'expression { text: "x^2*sin(x)" }'
PLANE = 'expression { text: "x^2*y + sin(y)" }'
FIELD = 'expression { text: "c(x*y, x + y)" }'
DATA = """expression { text: "sum((u - x - y*v)^2)" data { name: "u" values: [1, 2, 3.5] } data { name: "v" values: [0, 1, 2] } }"""
BOWL = 'expression { text: "(x - 1)^2 + 2*y^2" }'
X = 'variables: "x"'
XY = 'variables: ["x", "y"]'
AT = 'at { variable: "x" value: 1.5 }'
THERE = 'at { variable: "x" value: 1 } at { variable: "y" value: 2 }'
START = 'start { variable: "x" value: 3 } start { variable: "y" value: 2 }'
COLUMNS = 'columns { name: "x" values: [1, 2] } columns { name: "y" values: [3, 4] }'
RANGE = 'ranges { variable: "x" lower: -2 upper: 2 }'
RANGES = f'{RANGE} ranges {{ variable: "y" lower: -2 upper: 2 }}'
SMALL = "width: 200 height: 160"
BY_HAND = r"""expression { notation: NOTATION_TEXTBOOK text: "f(x) = sin² x + ∑_{k=0}^3 x^k" }"""
LATEX = r"""expression { notation: NOTATION_LATEX text: "\\sum_{i=1}^{n} \\sum_{j=1}^{m} a_{ij} x_i y_j" }"""
PYTHON = r"""expression { notation: NOTATION_PYTHON text: "def f(x, y=1):\n    if x > 0:\n        return x**2*y\n    return F.relu(x)" }"""
R = r"""expression { notation: NOTATION_R text: "function(par, x) { i <- 0; while (i < 3) { if (x < 0) break; i <- i + 1 }; par[[1]]*x^i }" }"""
WALK = f"{BOWL} {START} max_steps: 40 tolerance: 1e-5"

# Streams of messages are lists of texts.
BASES: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "Differentiate": (f"{XSINX} {X} {AT} notations: [1, 3] form: 1 naming: 3", f"{DATA} {X} {THERE}",
                      f"{BY_HAND} {X} {AT}", f'{LATEX} variables: "x" notations: [1, 3]', f"{R} {X}"),
    "Gradient": (f'{PLANE} {XY} {THERE} notations: 2 naming: 1 direction {{ variable: "x" value: 1 }} direction {{ variable: "y" value: 1 }}',
                 f"{DATA} {XY} {THERE} values_only: true", f"{PYTHON} {XY} {THERE}"),
    "Jacobian": (f"{FIELD} {XY} {THERE} notations: 1 naming: 2",
                 f'{FIELD} at {{ variable: "t" value: 1 }} inner {{ variable: "x" expression {{ text: "t^2" }} }} '
                 'inner { variable: "y" expression { text: "sin(t)" } }'),
    "Hessian": (f"{PLANE} {XY} {THERE} notations: 1 naming: 3", f"{DATA} {XY} {THERE}"),
    "Taylor": (f"{XSINX} {AT} order: 4 points {{ name: \"x\" values: [1, 2] }}", f"{PLANE} {THERE} order: 2 notations: 3"),
    "Tangent": (f"{XSINX} {AT} notations: 1", f'expression {{ text: "x*y" }} {THERE}'),
    "Approximate": (f"{XSINX} {AT} scheme: 3 step: 1e-5 sweep: true {X}", f"{PLANE} {THERE} scheme: 5"),
    "Evaluate": (f'{PLANE} points {{ name: "x" values: [1, 2] }} points {{ name: "y" values: [3, 4] }} order: 2 {XY}',),
    "EvaluateStream": ((f"setup {{ {PLANE} order: 1 {XY} }}", f"points {{ {COLUMNS} }}", f"points {{ {COLUMNS} }}"),),
    "Descend": (f"{WALK} trace_every: 1", f'{WALK} lbfgs {{ memory: 5 }} bounds {{ variable: "x" lower: -1 upper: 2 }} '
                'starts { name: "x" values: [1, 2] } starts { name: "y" values: [0, 1] } standard_errors: true',
                f"{DATA} {START} max_steps: 40 newton {{}} standard_errors: true"),
    "Check": (f'{XSINX} {X} claimed {{ text: "2*x*sin(x) + x^2*cos(x)" }} {AT} witnesses: ["exact", "numeric", "sympy"] seconds: 0.2',
              f'{XSINX} {X} claimed {{ text: "2*x*cos(x)" }} seconds: 0.2',
              f'{PLANE} {XY} claimed {{ text: "c(2*x*y, x^2 + cos(y))" }} {THERE} seconds: 0.2',
              f'{PLANE} {XY} claimed {{ text: "sin(y) + y*x^2" }} {THERE} order: 0 assumptions: ["x > 0", "y != 3"] seconds: 0.2',
              f'{XSINX} {X} claimed {{ text: "2*sin(x) + 4*x*cos(x) - x^2*sin(x)" }} order: 2 seconds: 0.2'),
    "Explain": (f"{XSINX} {X} notations: 1", f"{XSINX} {X} formats: [1, 2, 3, 4] language: 'ko'", f"{XSINX} formats: 3 gradient: true"),
    "Export": (f'{DATA} {XY} notations: [1, 2, 3, 4, 5, 6] order: 2 name: "loglik"', f"{PLANE} notations: 1 order: 1",
        f'{PLANE} notations: 8 order: 2 table: "s.t" dialect: 1 columns: ["x"] keep: ["id"] plain_sums: true'),
    "Extrema": ('expression { text: "x^3 - 3*x" } box { variable: "x" lower: -3 upper: 3 } notations: 1',
                f'{BOWL} box {{ variable: "x" lower: -3 upper: 3 }} box {{ variable: "y" lower: -3 upper: 3 }}'),
    "Plot": (f"{XSINX} {RANGE} curve {{ tangents_at: 1 arrows: 1 }} {SMALL}", f"{XSINX} {RANGE} secant {{ at: 1 steps: [1, 0.5] }} {SMALL}",
             f"{XSINX} {RANGE} taylor {{ at: 1 orders: [1, 3] }} {SMALL}",
             f'{PLANE} {RANGES} surface {{ arrows: 1 {THERE} slice_variable: "x" }} {SMALL}',
             f"{PLANE} {RANGES} contour {{ arrows: 2 levels: 5 }} {SMALL}",
             f"{BOWL} {RANGES} descent {{ request {{ {START} fixed_rate {{ rate: 0.1 }} max_steps: 20 }} }} {SMALL}",
             f"{XSINX} {RANGE} secant {{ at: 1 steps: [1, 0.5] }} {SMALL} animate: true theme: 2",
             f"{XSINX} error {{ at: 1 schemes: [1, 3] }} {SMALL}", f"{FIELD} area {{ {THERE} }} {SMALL}"),
    "Describe": ("",),
}  # fmt: skip


def bases(name: str) -> list[list[Message]]:
    """Return the right requests of an rpc, each a list of its messages: one for each member of a oneof, too."""
    kind = SERVICE.methods_by_name[name].input_type._concrete_class
    found = [
        [text_format.Parse(t, kind()) for t in ([text] if isinstance(text, str) else text)] for text in BASES[name]
    ]
    there = {field.name for base in found for message in base for field, _ in message.ListFields()}
    for oneof in choices(kind.DESCRIPTOR):
        for member in oneof.fields:
            if member.name not in there:
                text = f"{BASES[name][0]} {member.name} {{ {numbers(member)} }}"
                found.append([text_format.Parse(text, kind())])
    return found


def choices(kind: Descriptor) -> list[OneofDescriptor]:
    """Return the oneofs that the contract writes; a field that is `optional` has one of its own, of one member."""
    return [oneof for oneof in kind.oneofs if len(oneof.fields) > 1]


def numbers(member: FieldDescriptor) -> str:
    """Return small numbers for the numbers in a message, such as the parameters of a method of descent."""
    kinds = {FieldDescriptor.CPPTYPE_DOUBLE: "0.1", FieldDescriptor.CPPTYPE_INT32: "3"}
    return " ".join(f"{f.name}: {kinds[f.cpp_type]}" for f in member.message_type.fields if f.cpp_type in kinds)
