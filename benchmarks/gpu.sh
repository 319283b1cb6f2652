#!/bin/sh
# On a machine with an NVIDIA card: are the lives on it the same to the bit, and how fast are they? Under eight minutes.
#
#   sh benchmarks/gpu.sh                        # 1, 8 and 42 million people; the last needs 64 GB of memory on the host
#   sh benchmarks/gpu.sh --sizes 1000000        # a smaller one
#
# It sets up .venv as `make` does and adds NVIDIA's Python package for its driver. Exit code 1: a life differs; 2: no card.
set -eu
cd "$(dirname "$0")/.."
make --silent .venv
.venv/bin/python -c "import cuda.bindings.driver" 2>/dev/null ||
  .venv/bin/python -m pip install -qq --disable-pip-version-check "cuda-bindings>=12.9"
exec .venv/bin/python -m policysim.benchmarks.on_card --threads "$(nproc)" "$@"
