#!/bin/sh
# A guess: two processes that compile one function under @njit(cache=True) at once, each for its own types of arguments, at
# worst both keep their code and one of the two is compiled again later. Writing is by rename, which is atomic.
#
# What happens: each file is written atomically, but the index is read, changed and written with nothing held between. Both
# find no code kept, both take the first free name for their own, and then the index of the one that wrote it last vouches
# for machine code of the one that wrote *that* last. A third process, alone and much later, loads for real numbers
# the code made for whole ones: it counts a hit in the cache, says nothing, and gives 0.5 for a quarter of 2.5. Where types are
# further apart the call fails instead ("can't unbox array"), in a program that never had a fault.
#
# Why it matters: workers of a sweep start together on an empty cache, and one gets 10 as a parameter where another gets 2.5.
# On a folder shared by many machines the moment between reading and writing is long. What is left there is wrong until the
# source is edited.
#
# Pauses around the reading of the index and the writing of code stand in for a slow shared disk.
set -eu
unset NUMBA_CACHE_DIR PYTHONPATH PYTHONDONTWRITEBYTECODE || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6
cd "$folder"

cat > model.py <<'END'
from numba import njit


@njit(cache=True)
def quarter(count):
    return count / 4
END
cat > worker.py <<'END'
import json
import sys
import time

from model import quarter
from numba.core.caching import IndexDataCacheFile

value, after_reading, before_writing = (json.loads(text) for text in sys.argv[1:])
read, write = IndexDataCacheFile._load_index, IndexDataCacheFile._save_data


def slow_read(self):
    found = read(self)
    time.sleep(after_reading)
    return found


def slow_write(self, *what):
    time.sleep(before_writing)
    return write(self, *what)


IndexDataCacheFile._load_index, IndexDataCacheFile._save_data = slow_read, slow_write
print(f"a worker that compiles it for {value}: {quarter(value)}")
END
cat > later.py <<'END'
import sys

import numba
from model import quarter

answer = quarter(2.5)
hits = sum(quarter.stats.cache_hits.values())
print(f"later, numba {numba.__version__}: quarter(2.5) is {answer}, from the cache: {bool(hits)}")
if hits != 1 or answer != 0.5:
    sys.exit("this has changed: it is compiled again, or loaded rightly")
END

# Both have read an index without an entry before either writes; the one for 2.5 writes the index last, the one for 10 its code.
# The index is read twice by each: to look for code that is kept, and to add to it.
venv/bin/python worker.py 10 4 9 &
venv/bin/python worker.py 2.5 6 1 &
wait
ls __pycache__
venv/bin/python later.py
