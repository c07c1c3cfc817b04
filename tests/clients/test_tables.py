"""Tables of other libraries as points and as data."""

import datetime

import numpy as np
import pyarrow as pa
import pytest
import secant

pandas = pytest.importorskip("pandas")
COLUMNS = {"x": [1.0, 3.0, 5.0], "y": [2, 4, 6], "name": ["a", "b", "c"], "z": [0, 0, 0]}


@pytest.fixture(scope="module", autouse=True)
def used(real):
    secant.use(real)
    yield real
    secant.use(None)


def polars(columns):
    return pytest.importorskip("polars").DataFrame(columns)


KINDS = [
    pytest.param(lambda c: {name: v for name, v in c.items() if name != "z"}, id="dict"),
    pytest.param(pandas.DataFrame, id="pandas"),
    pytest.param(polars, id="polars"),
    pytest.param(pa.table, id="arrow"),
    pytest.param(pa.RecordBatch.from_pydict, id="batch"),
]


@pytest.mark.parametrize("table", KINDS)
def test_a_table_is_points_and_columns_that_are_not_used_are_left_out(table):
    found = secant.evaluate("x*y", table(COLUMNS), order=1)
    assert (found.value.tolist(), found.gradient[0].tolist()) == ([2, 12, 30], [2, 1])
    blocks = [table(COLUMNS), table(COLUMNS)]
    assert [block.value.tolist() for block in secant.evaluate_stream("x + y", blocks)] == [[3, 7, 11]] * 2


@pytest.mark.parametrize("table", KINDS)
def test_a_table_is_data(table):
    data = table(COLUMNS)
    assert float(secant.differentiate("sum((y - a*x)^2)", "a", at={"a": 1.0}, data=data)) == -18.0
    outcome = secant.descend(secant.Expression("sum((y - a*x - b)^2)", data=data), {"a": 0.0, "b": 0.0}).result()
    assert outcome.point == pytest.approx({"a": 1.0, "b": 1.0}, abs=1e-4)
    assert float(secant.differentiate("sum(dat$y)*a", "a", at={"a": 1.0}, data={"dat": data})) == 12.0


@pytest.mark.parametrize("table", KINDS)
@pytest.mark.parametrize("values", [["a", "b"], ["1", "2"], [datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)]])
def test_a_column_of_text_or_dates_is_refused_with_its_name_if_it_is_used(table, values):
    with pytest.raises(TypeError, match="column 'x' has text or dates, and the formula uses it\nconvert it to numbers"):
        secant.evaluate("x + y", table({"x": values, "y": [1, 2]}))


def test_missing_values_are_nan():
    for table in (
        pandas.DataFrame({"x": pandas.array([1, None], dtype="Int64")}),
        pandas.DataFrame({"x": [1.0, None]}),
        polars({"x": [1, None]}),
        pa.table({"x": [1, None]}),
    ):
        np.testing.assert_array_equal(secant.evaluate("x^2", table).value, [1, np.nan])


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([1, 2], "points must map variable names to vectors, for example"),
        (2.0, "or be a data frame; got float"),
        (None, "got NoneType"),
        (pandas.DataFrame([[1, 2]], columns=["x", "x"]), "the data frame has two columns 'x'\nrename one of them"),
    ],
)
def test_what_is_no_table_is_refused(points, message):
    with pytest.raises(TypeError, match=message):
        secant.evaluate("x^2", points)


def test_one_table_in_the_place_of_blocks_is_refused():
    with pytest.raises(TypeError, match="got str\nblocks of points are a list of such"):
        next(secant.evaluate_stream("x", pandas.DataFrame({"x": [1]})))
