#!/bin/sh
# A guess: Ctrl-C in a loop that calls a compiled function stops the loop: KeyboardInterrupt is raised where Python was, or
# as soon as the compiled function returns. A state of an IntEnum handed to the function is a number like any other.
#
# What happens: for an argument that Numba has no quick way to look at, such as a member of an IntEnum, it makes a type in
# Python at every call and throws it away again. A weak reference then calls a function of Numba's (_on_type_disposal), and
# what is raised inside such a callback Python prints as "Exception ignored" and forgets. One Ctrl-C in some dozens that come
# during the loop is lost for good, the loop goes on; with int(state) none is. (A system's own request to end, TERM, that a
# program answers by raising is lost in the same way.)
#
# Why it matters: models name their states by enumerations and call a compiled step a million times. Whoever stops a long
# run, or a scheduler that asks for an end and kills a minute later, now and then stops nothing, and results that would have
# been written on the way out are not. Hand numbers to compiled functions, or note the signal and ask for it between steps.
set -eu
unset PYTHONPATH NUMBA_DISABLE_JIT || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6
cat > "$folder/show.py" <<'EOF'
import signal
import sys
from enum import IntEnum

import numba

TIMES = 2000
print("numba", numba.__version__, "on Python", sys.version.split()[0])


class State(IntEnum):
    WELL = 0
    ILL = 1


@numba.njit
def step(state):
    return state + 1


came = False


def asked_to_stop(number, frame):
    global came
    came = True
    raise KeyboardInterrupt


def lost(argument):
    """Of so many interrupts, each raised within a loop of calls, how many never came out of it."""
    global came
    step(argument)
    found = 0
    for k in range(TIMES):
        came = False
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.0005 + 0.00001 * (k % 37))  # stands for Ctrl-C at any moment
            while not came:
                step(argument)
            found += 1  # it was raised, and the loop was not stopped by it
        except KeyboardInterrupt:
            pass
    return found


signal.signal(signal.SIGALRM, asked_to_stop)
number, member = lost(int(State.ILL)), lost(State.ILL)
print(f"of {TIMES} interrupts in a loop of calls with a number:             {number} lost")
print(f"of {TIMES} interrupts in a loop of calls with an IntEnum's member:  {'some' if member else 'none'} lost")
print(f"({member} this time)", file=sys.stderr)
if number or not member:
    sys.exit("The behaviour has changed.")
EOF
"$folder/venv/bin/python" "$folder/show.py" 2> "$folder/ignored"
echo "Python said of the first of them:"
grep -m 1 "Exception ignored in" "$folder/ignored" | sed 's/ at 0x[0-9a-f]*//'
