"""Claims about derivatives, as several tests judge them."""

import numpy as np
from secantd.check.judge import judge
from secantd.language import read
from secantd.settings import Limits

OURS = ["exact", "numeric"]
# A busy machine is no reason for another answer.
AMPLE_TIME = Limits(check_seconds=60.0, algebra_seconds=60.0)


def judged(text, claimed, *variables, at=None, asked=OURS, data=None, limits=None):
    data = {name: np.array(values, float) for name, values in (data or {}).items()}
    return judge(read(text, data=data), read(claimed, data=data), variables, at, asked, limits=limits)


def opinions(found):
    return {w.name: w.verdict.name for w in found.witnesses}
