"""Mesa without what a run of a model never comes to: import `mesa` from here.

Mesa loads pandas, networkx and SciPy for parts of its own: half of the time and of the memory of a process that runs a
model. They are put off until something asks for them, as a collector for its table does.
"""

from policysim.engine.loading import put_off, without_looking_for_garbage

__all__ = ["mesa"]

SELDOM_USED = ("pandas", "networkx", "mesa.experimental.continuous_space")
"""The last asks for SciPy."""

with put_off(*SELDOM_USED), without_looking_for_garbage():
    import mesa
