#!/bin/sh
# A guess: the same NumPy gives the same numbers for the same array on any two processors of one kind. Operations on
# doubles are rounded as IEEE 754 says, whatever the width of the vectors.
#
# What happens: NumPy chooses among its own loops when it is loaded, by what the processor knows. With AVX-512 np.exp
# differs in the last bit for about one number in twenty from np.exp without it, and from math.exp; and np.argsort puts
# ties into one order with AVX-512, another with AVX2, a third with neither. The script has one machine play the others
# by NPY_DISABLE_CPU_FEATURES, which changes nothing else.
#
# Why it matters: a model with a fixed seed, locked versions and one thread gives one result on a laptop and another on
# the cluster. A last bit tips a draw, and "the first hundred by need" are other people where many have the same need.
# What helps: kind="stable"; exp and log that are made of + - * / alone.
set -eu
unset PYTHONPATH NPY_DISABLE_CPU_FEATURES NPY_ENABLE_CPU_FEATURES || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
python="$folder/venv/bin/python"
"$python" -m pip install -qq --disable-pip-version-check numpy==2.4.6

cat >"$folder/answers.py" <<'PYTHON'
import hashlib
import math
import sys

import numpy as np

need = (np.arange(10_000) * 7919) % 10  # ten levels of need, a thousand people each
values = np.linspace(-5, 5, 100_000)
powers = np.exp(values)
other = sum(a != math.exp(b) for a, b in zip(powers.tolist(), values.tolist()))


def short(numbers):
    return hashlib.sha256(np.ascontiguousarray(numbers).tobytes()).hexdigest()[:8]


print(f"{sys.argv[1]:24} exp {short(powers)} ({other} of 100000 unlike math.exp)", end="  ")
print(f"argsort {short(np.argsort(need))} first {np.argsort(need)[:3]}  stable {short(np.argsort(need, kind='stable'))}")
PYTHON

found=$("$python" -c "import numpy; print(*numpy.show_config(mode='dicts')['SIMD Extensions'].get('found', []))")
"$python" -c "import numpy, sys; print('NumPy', numpy.__version__, 'on Python', sys.version.split()[0])"
echo "this processor has: ${found:-nothing that can be switched off}"
case " $found " in
*" X86_V3 "*) ;;
*)
    echo "Nothing is shown here: it takes an x86-64 processor with AVX2, better with AVX-512."
    exit 0
    ;;
esac
wide=$(echo "$found" | tr ' ' '\n' | grep -v '^X86_V3$' | tr '\n' ' ')
{
    "$python" "$folder/answers.py" "as it is"
    if [ -n "$wide" ]; then
        NPY_DISABLE_CPU_FEATURES="$wide" "$python" "$folder/answers.py" "without AVX-512"
    fi
    NPY_DISABLE_CPU_FEATURES="$found" "$python" "$folder/answers.py" "without AVX2 either"
} | tee "$folder/said"
orders=$(sed 's/.*argsort \([0-9a-f]*\).*/\1/' "$folder/said" | sort -u | wc -l)
if [ "$orders" -lt 2 ]; then
    echo "The behaviour has changed: ties are in one order whatever the processor knows."
    exit 1
fi
