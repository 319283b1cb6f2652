"""Runs a notebook in an empty folder and writes it with what it showed: `run_notebook.py FROM.ipynb TO.ipynb`."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbclient
import nbformat


def run(source: Path, target: Path) -> None:
    """Nothing is written where a cell fails."""
    notebook = nbformat.read(source, as_version=4)
    with TemporaryDirectory() as folder:
        os.environ |= {"IPYTHONDIR": f"{folder}/ipython", "JUPYTER_PLATFORM_DIRS": "1"}
        empty = Path(folder, "empty")
        empty.mkdir()
        nbclient.NotebookClient(
            notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": empty}}
        ).execute(stderr=subprocess.DEVNULL)  # what the kernel says of its own ways
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)


if __name__ == "__main__":
    run(*map(Path, sys.argv[1:]))
