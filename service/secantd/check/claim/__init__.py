"""Claims: is this derivative right?"""

from secantd.check.claim.answers import Failure, Judgement, Verdict, Witness
from secantd.check.claim.judge import judge

__all__ = ["Failure", "Judgement", "Verdict", "Witness", "judge"]
