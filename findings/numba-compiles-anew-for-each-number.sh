#!/bin/sh
# A guess: a function under @njit is compiled once for each combination of types. A compiled caller that calls it with a
# float and 1, with a float and 2, and so on to 40, calls it with a float and an integer: one combination.
#
# What happens: where the number stands in the call, its type is Literal[int](1), Literal[int](2), ...: each is a type of
# its own, so the function is compiled 40 times, from the beginning. Nothing says so, and results are the same. The same
# calls with int64(1), int64(2), ... compile it once, in a fraction of the processor time.
#
# Why it matters: models name their states, substances and kinds of event by small constants, and hand them to helpers:
# hazard(person, 3). Every constant then costs a compilation of the helper and of what was put into it, on every machine and
# after every edit, and it looks as if Numba were slow with that rule.
set -eu
unset PYTHONPATH NUMBA_DISABLE_JIT || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6
cat > "$folder/show.py" <<'EOF'
import sys
import time

import numba

CALLS = 40
print("numba", numba.__version__, "on Python", sys.version.split()[0])


def hazard(age, kind):
    return age * kind + (age - kind) * (age + kind) - age // (kind + 1.5)


def compiled(write):
    """How often `hazard` was compiled for a caller with these numbers in its calls, how long all took, what it gave."""
    inner = numba.njit(hazard)
    lines = "".join(f"    total += inner(age, {write(kind)})\n" for kind in range(1, CALLS + 1))
    names = {"inner": inner, "int64": numba.int64}
    exec(f"def caller(age):\n    total = 0.0\n{lines}    return total\n", names)
    begun = time.process_time()
    result = numba.njit(names["caller"])(2.0)
    return len(inner.signatures), time.process_time() - begun, result, inner.signatures[0]


compiled(str)  # what Numba loads when it is first used
plain, long, one, first = compiled(str)
handed, short, other, _ = compiled("int64({})".format)
print(f"{CALLS} calls with plain numbers:    hazard compiled {plain} times, the first for {first}")
print(f"{CALLS} calls with int64(number):    hazard compiled {handed} time, in {short / long:.2f} of the time; same result: {one == other}")
if (plain, handed, one) != (CALLS, 1, other):
    sys.exit("The behaviour has changed.")
EOF
"$folder/venv/bin/python" "$folder/show.py"
