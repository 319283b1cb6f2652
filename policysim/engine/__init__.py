"""How rules are collected, checked, compiled and run; nothing here knows what a rule means."""

from policysim.engine.loading import put_off

# Numba looks whether SciPy's linear algebra is there, which no rule needs: a sixth of a second. Whoever does gets it later.
with put_off("scipy.linalg.cython_blas"):
    import numba.np.arraymath  # noqa: F401
