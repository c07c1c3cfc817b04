"""The value of a text where its variables are vectors and matrices."""

import numpy as np
from secantd.calculus import evaluate
from secantd.language import Notation, VariableShape, read


def value(text, at, notation=Notation.R):
    f = read(text, notation, shapes={n: VariableShape(np.shape(v)) for n, v in at.items() if np.ndim(v)})
    return evaluate(f, at).values[0]
