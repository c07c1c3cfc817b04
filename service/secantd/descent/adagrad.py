"""AdaGrad: each coordinate's step is divided by the root of its summed squared gradients.

Duchi, Hazan, Singer, JMLR 12 (2011), with the diagonal matrix of §1.3.
"""

from secantd.program.loop import Update

__all__ = ["SMALL", "UPDATE"]

# Keeps the quotient finite where a partial has always been 0.
SMALL = "1e-10"

UPDATE = Update(
    lines=("{a} = {a} + {g} * {g}", f"{{x}} = {{x}} - rate * {{g}} / (sqrt({{a}}) + {SMALL})"),
    memory=("a",),
)
