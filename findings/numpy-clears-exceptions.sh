#!/bin/sh
# A guess: an exception raised in Python code that runs during `array == operand` stops the comparison.
#
# What happens: NumPy asks the operand's class whether it has `__array_ufunc__`. Where the class answers with Python
# code (a `__getattr__` of its metaclass, as enumerations have on Python 3.11), whatever is raised there is cleared: the
# comparison goes on and gives a result.
#
# Why it matters: KeyboardInterrupt is raised wherever Python code happens to run. A simulation that compares arrays of
# states with members of an IntEnum every step now and then swallows a Ctrl-C whole and runs on.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check numpy==2.4.6

"$folder/venv/bin/python" - <<'EOF'
import sys

import numpy as np


class Asked(type):
    asked = 0

    def __getattr__(cls, name):
        if name == "__array_ufunc__":
            Asked.asked += 1
            raise KeyboardInterrupt
        raise AttributeError(name)


class State(int, metaclass=Asked):
    pass


print("NumPy", np.__version__, "on Python", sys.version.split()[0])
try:
    result = np.zeros(2) == State(0)
except KeyboardInterrupt:
    sys.exit("The behaviour has changed: the exception arrives.")
print(f"KeyboardInterrupt raised {Asked.asked} times during the comparison, which gives {result}")
if not Asked.asked:
    sys.exit("The behaviour has changed: the class is not asked.")
EOF
