#!/bin/sh
# A guess: a function under @njit(cache=True) whose source was edited is compiled anew, or fails; it never runs as it
# was before the edit.
#
# What happens: saving to the cache writes the index, with the stamp of the new source, before the machine code. If the
# second write fails (a full disk, a quota, a process that ends between the two), the index vouches for the old machine
# code. That run says so with an OSError; every later run loads the old code without a word and computes what the source
# no longer says, until the source is edited again or the cache is deleted.
#
# Why it matters: simulations run for days on shared machines where disks fill up and jobs are killed. Freeing space and
# starting again then gives results of a model that is not the one on the screen.
#
# The limit on the size of files stands in for the full disk: the index is smaller, the machine code larger.
set -eu
unset NUMBA_CACHE_DIR PYTHONPATH PYTHONDONTWRITEBYTECODE || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6
cd "$folder"

write() {
  printf 'from numba import njit\n\n\n@njit(cache=True)\ndef grown(x):\n    return x + %s\n' "$1" > grown.py
}
run() {
  venv/bin/python -c 'from grown import grown; print(grown(0))'
}

venv/bin/python -c 'import numba, sys; print("numba", numba.__version__, "on Python", sys.version.split()[0])'
write 1
echo "the source says + 1:                  $(run)"
write 10
echo "it says + 10, the cache is not saved: $( (ulimit -f 4; run 2>&1) | tail -n 1)"
after=$(run)
echo "it says + 10, there is room again:    $after"
[ "$after" = 1 ] || { echo "The behaviour has changed: the old code is no longer run."; exit 1; }
