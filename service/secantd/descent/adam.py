"""Adam: running means of the gradient and of its square, corrected for their start at 0.

Kingma, Ba, ICLR 2015, algorithm 1, in the order of operations of its §2.
"""

from secantd.program.loop import Update

__all__ = ["UPDATE"]

UPDATE = Update(
    once=("power1 = power1 * beta1", "power2 = power2 * beta2"),
    lines=(
        "{u} = beta1 * {u} + (1.0 - beta1) * {g}",
        "{w} = beta2 * {w} + (1.0 - beta2) * {g} * {g}",
        "{x} = {x} - rate * ({u} / (1.0 - power1)) / (sqrt({w} / (1.0 - power2)) + 1e-8)",
    ),
    memory=("u", "w"),
    parameters=("rate", "beta1", "beta2"),
    # β₁ᵗ and β₂ᵗ
    counters=(("power1", 1.0), ("power2", 1.0)),
)
