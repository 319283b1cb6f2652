#!/bin/sh
# A guess: x % y of two real numbers is exact, in a kernel as in Python: what is left of a division of doubles always fits a double,
# and math.fmod in the same kernel gives it.
#
# What happens: numba-cuda writes x % y as a division that is rounded, its floor, a product and a difference. Where the quotient is
# rounded up to a whole number the rest is gone: 1.0 % 0.1 is 0.0999... in Python (0.1 is a little more than a tenth), and 0.0 on a card,
# or 0.0999... after all where its assembler fuses the product with the difference, which the code leaves to it. With a large
# quotient nothing is right: 1e17 % 3.0 is 1.0 and comes out as 0.0 or 4.0. No card is needed to see it: the code for one is read, and its
# four steps are done here.
#
# Why it matters: phases, times of day and periodic boundaries are taken by %, and a simulation that is moved to a card takes other ways
# there, one that a newer driver may change again. Write math.fmod, which is exact, and mind its sign; or count in whole numbers.
set -eu
unset PYTHONPATH NUMBA_DISABLE_JIT NUMBA_ENABLE_CUDASIM || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6 packaging==26.4
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps numba-cuda==0.30.4 cuda-bindings==13.5.0 cuda-core==1.2.2
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps cuda-pathfinder==1.9.1 nvidia-nvvm==13.5.37 nvidia-cuda-nvrtc==13.5.37
cd "$folder"
cat > show.py <<'EOF'
import math
import re
import sys
from fractions import Fraction

import numba_cuda
from numba import cuda, float64


def rest(out, x, y):
    out[0] = x % y


def rest_of_c(out, x, y):
    out[0] = math.fmod(x, y)


def steps(kernel):
    text = cuda.compile_ptx(kernel, (float64[:], float64, float64), cc=(9, 0))[0]
    return re.findall(r"^\s*((?:div|cvt\.rmi|mul|sub|fma)[.\w]*f64)\s", text, re.MULTILINE), len(text.splitlines())


def card(x, y, fused):
    n = float(math.floor(x / y))
    left = float(Fraction(x) - Fraction(n) * Fraction(y)) if fused else x - n * y
    return left + y if left < 0 else left


print("numba-cuda", numba_cuda.__version__)
of_percent, _ = steps(rest)
of_fmod, lines = steps(rest_of_c)
print("x % y becomes", ", ".join(of_percent))
print("math.fmod(x, y) becomes", lines, "lines, without a division of doubles")
told = {}
for x, y in ((1.0, 0.1), (5.0, 0.1), (1e17, 3.0)):
    told[x] = (x % y, card(x, y, False), card(x, y, True))
    print(f"{x} % {y}: Python {told[x][0]!r}, the steps of the card {told[x][1]!r}, fused {told[x][2]!r}")
as_described = (
    of_percent == ["div.rn.f64", "cvt.rmi.f64.f64", "mul.f64", "sub.f64"]
    and not any(step.startswith("div") for step in of_fmod)
    and told[1.0][1] == 0.0 and told[1.0][0] > 0.09 and told[1e17][0] == 1.0 and 1.0 not in told[1e17][1:]
)
if not as_described:
    sys.exit("CHANGED: x % y is made of other steps")
print("As described: x % y of reals is a rounded quotient, floor, product and difference on a card.")
EOF
"$folder/venv/bin/python" -W ignore show.py
