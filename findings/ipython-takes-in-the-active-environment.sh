#!/bin/sh
# A guess: a program that is started with the Python of its own environment uses the libraries of that environment,
# whichever other environment the shell has active.
#
# What happens: as soon as anything in the program makes an IPython shell, as dashboards on Solara and ipykernel do for
# every page, IPython looks at VIRTUAL_ENV and puts the site-packages of that other environment in front of sys.path. What
# was imported before stays; what is imported from then on is the other environment's, in its version. The one warning
# that it gives advises installing IPython there, where nobody wants to work.
#
# Why it matters: a model behind a page imports some of its libraries only when a run begins. It then computes with
# versions that no lock file names, and differs from the same model on the command line.
set -eu
unset PYTHONPATH VIRTUAL_ENV || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/own"
python3 -m venv "$folder/other"
"$folder/own/bin/python" -m pip install -qq --disable-pip-version-check ipython==9.8.0 networkx==3.5
"$folder/other/bin/python" -m pip install -qq --disable-pip-version-check networkx==3.4.2

cat > "$folder/page.py" <<'EOF'
import sys
import warnings

import IPython
from IPython.core.interactiveshell import InteractiveShell

print("IPython", IPython.__version__, "on Python", sys.version.split()[0])
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    InteractiveShell.instance()
print("told:", [str(one.message) for one in told] or "nothing")
import networkx

print("networkx imported after that:", networkx.__version__)
EOF
cd "$folder"
echo "no other environment active:"
own=$(IPYTHONDIR="$folder" "$folder/own/bin/python" page.py)
echo "$own"
echo "another one active in the shell:"
other=$(IPYTHONDIR="$folder" VIRTUAL_ENV="$folder/other" "$folder/own/bin/python" page.py 2>&1)
echo "$other"
case "$own" in *"after that: 3.5") ;; *) echo "The behaviour has changed."; exit 1 ;; esac
case "$other" in *"after that: 3.4.2") ;; *) echo "The behaviour has changed."; exit 1 ;; esac
