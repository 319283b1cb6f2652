#!/bin/sh
# A guess: what Numba keeps on disk (cache=True) is compiled anew once anything that it was made of is edited; and where it
# was not, touching the file, as a checkout or a new installation does, sees to it.
#
# What happens: a number or a function of another module is compiled in, and of all that only the file of the cached function
# itself is asked, by a hash of its bytes. After an edit of the rate in rates.py the next process goes on with the old one,
# without a word; touching the model's own file changes nothing, since its bytes are the same. Only an edit of that file, or
# emptying __pycache__, brings the new rate. A caller in a third file, cached too, keeps the old function within it as well.
#
# Why it matters: models keep numbers in one module and compiled steps in another. Whoever changes a rate, or pulls a newer
# version over a used checkout, gets results of the old number under the name of the new one, on this machine and no other.
# Stamp the cache with every file that a function takes anything from, or hand numbers over as arguments.
set -eu
unset PYTHONPATH NUMBA_DISABLE_JIT NUMBA_CACHE_DIR || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6
cd "$folder"
cat > rates.py <<'EOF'
import numba

RATE = 2


@numba.njit
def grown(people):
    return people * RATE
EOF
cat > model.py <<'EOF'
import numba
from rates import RATE, grown


@numba.njit(cache=True)
def step(people):
    return people * RATE


@numba.njit(cache=True)
def step_of_another_file(people):
    return grown(people)
EOF
cat > show.py <<'EOF'
import model
import numba
import rates

print(numba.__version__, "rate", rates.RATE, "steps", model.step(10), model.step_of_another_file(10), flush=True)
EOF
ask() { "$folder/venv/bin/python" show.py; }
fail() { echo "CHANGED: $1"; exit 1; }

first=$(ask)
echo "as written:          $first"
sed 's/RATE = 2/RATE = 3/' rates.py > edited && mv edited rates.py
second=$(ask)
echo "rate edited:         $second"
sleep 1
touch model.py
third=$(ask)
echo "model.py touched:    $third"
echo "# edited" >> model.py
fourth=$(ask)
echo "model.py edited:     $fourth"

case "$first" in *"rate 2 steps 20 20") ;; *) fail "the first run" ;; esac
case "$second" in *"rate 3 steps 20 20") ;; *) fail "an edit of another file is heard of" ;; esac
case "$third" in *"rate 3 steps 20 20") ;; *) fail "touching the file is enough" ;; esac
case "$fourth" in *"rate 3 steps 30 30") ;; *) fail "an edit of the file itself is not heard of" ;; esac
echo "As described: the old rate is used until the file of the compiled function itself is edited."
