"""The description of a server: version, functions, limits, descent methods."""

from collections.abc import Mapping
from dataclasses import dataclass

from secant.results._record import record
from secant.results._shown import Shown
from secant.v1 import describe_pb2 as pb

__all__ = ["DataSet", "DescentMethod", "DescentSetting", "Description", "KnownFunction", "Limit", "description"]


@dataclass(frozen=True, slots=True)
class KnownFunction(Shown):
    """One function of the language.

    Attributes:
        name: Its name in R, or its usual name if R does not have it.
        aliases: Other names that are accepted.
        parameters: The parameters in order, R's flags last; with its default if it has one: "base = exp(1)".
        summary: What the function computes.
        derivatives: The derivative with respect to each parameter that is not a flag, in R notation, where `f` is the
            function's own value; "" if not known. Empty for a function that is replaced by others: sum, hypot, c.
        unknown: Why a derivative is not known; else "".
        source: The source of the formulas.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[str, ...]
    summary: str
    derivatives: tuple[str, ...]
    unknown: str
    source: str

    @property
    def signature(self) -> str:
        """The function with all its parameters, such as "exp(x)".

        >>> KnownFunction("exp", (), ("x",), "exponential", ("f",), "", "A&S 4.2").signature
        'exp(x)'
        """
        return f"{self.name}({', '.join(self.parameters)})"

    def matches(self, word: str) -> bool:
        """Return whether `word` occurs in the name, an alias or the summary, in upper or lower case.

        >>> KnownFunction("exp", ("np.exp",), ("x",), "exponential", ("f",), "", "A&S 4.2").matches("NP")
        True
        """
        return any(word.lower() in text.lower() for text in (self.name, *self.aliases, self.summary))


@dataclass(frozen=True, slots=True)
class Limit(Shown):
    """One limit of the server.

    Attributes:
        value: The limit, in `unit`.
        unit: "code points", "bytes", "seconds", …
        reason: The purpose of the limit.
    """

    value: float
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class DescentSetting(Shown):
    """One setting of a descent method.

    Attributes:
        meaning: The meaning, with the unit.
        range: The allowed values: "above 0".
        default_value: The value if it is not given.
    """

    meaning: str
    range: str
    default_value: float


@dataclass(frozen=True, slots=True)
class DescentMethod(Shown):
    """One method of `descend`.

    Attributes:
        summary: The rule, in one line.
        settings: The settings by name.
        bounded: Whether it supports bounds on variables.
    """

    summary: str
    settings: Mapping[str, DescentSetting]
    bounded: bool


@dataclass(frozen=True, slots=True)
class DataSet(Shown):
    """One data set of the server.

    Attributes:
        columns: The names of its columns.
        rows: The number of its rows.
    """

    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Description(Shown):
    """The version, the abilities and the limits of a server.

    Attributes:
        version: The version of the server.
        functions: The functions of the language, by name.
        notations: The notations that the server knows: "r", "python", …
        limits: The limits in force, by name.
        witnesses: The methods that `check` can use on this server.
        back_ends: The libraries that compute numbers.
        methods: The rpcs that the server has.
        constants: The named constants of the language.
        descent_methods: The methods of `descend`, by name.
        data_sets: The data sets that `data_set` may name, by name.
        engine: What adds the rows of data sets: "" for the server itself, or "dask".
    """

    version: str
    functions: Mapping[str, KnownFunction]
    notations: tuple[str, ...]
    limits: Mapping[str, Limit]
    witnesses: tuple[str, ...]
    back_ends: tuple[str, ...]
    methods: tuple[str, ...]
    constants: tuple[str, ...]
    descent_methods: Mapping[str, DescentMethod]
    data_sets: Mapping[str, DataSet]
    engine: str


def description(reply: pb.DescribeResponse) -> Description:
    """Return the reply as a Description."""
    return record(
        Description,
        reply,
        functions={function.name: record(KnownFunction, function) for function in reply.functions},
        limits={limit.name: record(Limit, limit) for limit in reply.limits},
        descent_methods={
            method.name: record(
                DescentMethod, method, settings={s.name: record(DescentSetting, s) for s in method.settings}
            )
            for method in reply.descent_methods
        },
        data_sets={data_set.name: record(DataSet, data_set) for data_set in reply.data_sets},
    )
