"""Nonlinear regressions of NIST's Statistical Reference Datasets, from both of their starts.

Data, starts and certified values: https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml. A set typed wrongly
would not give the certified residual sum of squares at the certified parameters: the first test.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from secantd.descent import DescentRequest, Newton, Outcome, descend
from secantd.language import read
from secantd.program import compile


@dataclass(frozen=True)
class Dataset:
    """A model with its data; `squares` is the certified residual sum of squares."""

    model: str
    x: str
    y: str
    starts: tuple[tuple[float, ...], tuple[float, ...]]
    certified: tuple[float, ...]
    deviations: tuple[float, ...]
    squares: float

    @property
    def data(self) -> dict[str, NDArray[np.float64]]:
        return {"x": np.array(self.x.split(), float), "y": np.array(self.y.split(), float)}

    @property
    def loss(self) -> str:
        return f"sum((y - ({self.model}))^2)"


DATASETS = {
    "Misra1a": Dataset(
        "b1*(1 - exp(-b2*x))",
        "77.6 114.9 141.1 190.8 239.9 289.0 332.8 378.4 434.8 477.3 536.8 593.1 689.1 760.0",
        "10.07 14.73 17.94 23.93 29.61 35.18 40.02 44.82 50.76 55.05 61.01 66.40 75.47 81.78",
        ((500, 0.0001), (250, 0.0005)),
        (2.3894212918e02, 5.5015643181e-04),
        (2.7070075241e00, 7.2668688436e-06),
        1.2455138894e-01,
    ),
    "DanWood": Dataset(
        "b1*x^b2",
        "1.309 1.471 1.490 1.565 1.611 1.680",
        "2.138 3.421 3.597 4.340 4.882 5.660",
        ((1, 5), (0.7, 4)),
        (7.6886226176e-01, 3.8604055871e00),
        (1.8281973860e-02, 5.1726610913e-02),
        4.3173084083e-03,
    ),
    "Rat42": Dataset(
        "b1/(1 + exp(b2 - b3*x))",
        "9 14 21 28 42 57 63 70 79",
        "8.93 10.80 18.59 22.33 39.35 56.11 61.73 64.62 67.08",
        ((100, 1, 0.1), (75, 2.5, 0.07)),
        (7.2462237576e01, 2.6180768402e00, 6.7359200066e-02),
        (1.7340283401e00, 8.8295217536e-02, 3.4465663377e-03),
        8.0565229338e00,
    ),
    "MGH09": Dataset(
        "b1*(x^2 + x*b2)/(x^2 + x*b3 + b4)",
        "4 2 1 0.5 0.25 0.167 0.125 0.1 0.0833 0.0714 0.0625",
        "0.1957 0.1947 0.1735 0.16 0.0844 0.0627 0.0456 0.0342 0.0323 0.0235 0.0246",
        ((25, 39, 41.5, 39), (0.25, 0.39, 0.415, 0.39)),
        (1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01),
        (1.1435312227e-02, 1.9633220911e-01, 8.0842031232e-02, 9.0025542308e-02),
        3.0750560385e-04,
    ),
    "MGH10": Dataset(
        "b1*exp(b2/(x + b3))",
        "50 55 60 65 70 75 80 85 90 95 100 105 110 115 120 125",
        "34780 28610 23650 19630 16370 13720 11540 9744 8261 7030 6005 5147 4427 3820 3307 2872",
        ((2, 400000, 25000), (0.02, 4000, 250)),
        (5.6096364710e-03, 6.1813463463e03, 3.4522363462e02),
        (1.5687892471e-04, 2.3309021107e01, 7.8486103508e-01),
        8.7945855171e01,
    ),
    "BoxBOD": Dataset(
        "b1*(1 - exp(-b2*x))",
        "1 2 3 5 7 10",
        "109 149 149 191 213 224",
        ((1, 1), (100, 0.75)),
        (2.1380940889e02, 5.4723748542e-01),
        (1.2354515176e01, 1.0455993237e-01),
        1.1680088766e03,
    ),
    "Eckerle4": Dataset(
        "b1/b2*exp(-0.5*((x - b3)/b2)^2)",
        "400 405 410 415 420 425 430 435 436.5 438 439.5 441 442.5 444 445.5 447 448.5 450 451.5 453 454.5 456"
        " 457.5 459 460.5 462 463.5 465 470 475 480 485 490 495 500",
        "0.0001575 0.0001699 0.0002350 0.0003102 0.0004917 0.0008710 0.0017418 0.0046400 0.0065895 0.0097302"
        " 0.0149002 0.0237310 0.0401683 0.0712559 0.1264458 0.2073413 0.2902366 0.3445623 0.3698049 0.3668534"
        " 0.3106727 0.2078154 0.1164354 0.0616764 0.0337200 0.0194023 0.0117831 0.0074357 0.0022732 0.0008800"
        " 0.0004579 0.0002345 0.0001586 0.0001143 0.0000710",
        ((1, 10, 500), (1.5, 5, 450)),
        (1.5543827178e00, 4.0888321754e00, 4.5154121844e02),
        (1.5408051163e-02, 4.6803020753e-02, 4.6800518816e-02),
        1.4635887487e-03,
    ),
    "Thurber": Dataset(
        "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)",
        "-3.067 -2.981 -2.921 -2.912 -2.840 -2.797 -2.702 -2.699 -2.633 -2.481 -2.363 -2.322 -1.501 -1.460"
        " -1.274 -1.212 -1.100 -1.046 -0.915 -0.714 -0.566 -0.545 -0.400 -0.309 -0.109 -0.103 0.010 0.119 0.377"
        " 0.790 0.963 1.006 1.115 1.572 1.841 2.047 2.200",
        "80.574 84.248 87.264 87.195 89.076 89.608 89.868 90.101 92.405 95.854 100.696 101.060 401.672 390.724"
        " 567.534 635.316 733.054 759.087 894.206 990.785 1090.109 1080.914 1122.643 1178.351 1260.531 1273.514"
        " 1288.339 1327.543 1353.863 1414.509 1425.208 1421.384 1442.962 1464.350 1468.705 1447.894 1457.628",
        ((1000, 1000, 400, 40, 0.7, 0.3, 0.03), (1300, 1500, 500, 75, 1, 0.4, 0.05)),
        (
            1.2881396800e03,
            1.4910792535e03,
            5.8323836877e02,
            7.5416644291e01,
            9.6629502864e-01,
            3.9797285797e-01,
            4.9727297349e-02,
        ),
        (
            4.6647963344e00,
            3.9571156086e01,
            2.8698696102e01,
            5.5675370270e00,
            3.1333340687e-02,
            1.4984928198e-02,
            6.5842344623e-03,
        ),
        5.6427082397e03,
    ),
}


@pytest.mark.parametrize("name", DATASETS)
def test_the_data_give_the_certified_squares_at_the_certified_parameters(name: str) -> None:
    d = DATASETS[name]
    f = read(d.loss, data=d.data)
    names = [f"b{i + 1}" for i in range(len(d.certified))]
    assert compile(f.outputs, names, f.graph.columns).point(d.certified) == pytest.approx([d.squares], rel=1e-9)


def fit(d: Dataset, start: int) -> Outcome:
    names = [f"b{i + 1}" for i in range(len(d.certified))]
    request = DescentRequest(
        read(d.loss, data=d.data),
        tuple(zip(names, map(float, d.starts[start]), strict=True)),
        method=Newton(),
        max_steps=20_000,
        tolerance=1e-12,
        trace_every=20_000,
    )
    *_, last = descend(request)
    assert last.outcome is not None
    return last.outcome


@pytest.mark.parametrize("start", [0, 1], ids=["start 1", "start 2"])
@pytest.mark.parametrize("name", DATASETS)
def test_newton_reaches_the_certified_parameters_to_six_digits(name: str, start: int) -> None:
    d = DATASETS[name]
    outcome = fit(d, start)
    assert outcome.point == pytest.approx(d.certified, rel=1e-6), outcome.message
    assert outcome.value == pytest.approx(d.squares, rel=1e-9)
