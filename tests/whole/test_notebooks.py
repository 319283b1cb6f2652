"""Notebooks of the docs run from top to bottom, quickly, and show what they say; their files hold no results of another day."""

import os
import time
from pathlib import Path

import nbclient
import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_sound_and_kept_without_outputs(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and not any(cell.outputs or cell.execution_count for cell in code)
    assert all(len(line) <= 130 for cell in notebook.cells for line in cell.source.splitlines())
    assert notebook.cells[0].source.startswith("# ")


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, by a kernel of this Python; what it takes is told where it is more than half a minute."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    notebook = read(path)
    began = time.monotonic()
    client = nbclient.NotebookClient(
        notebook, timeout=280, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    client.execute()
    took = time.monotonic() - began
    if os.environ.get("POLICYSIM_KEEP_NOTEBOOKS"):
        nbformat.write(notebook, Path(os.environ["POLICYSIM_KEEP_NOTEBOOKS"]) / path.name)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.get("name") == "stderr" and "compiled" not in output.text]
    assert "<progress" not in str(shown), "the bar goes when all is done"
    pages = [output.data.get("text/html", "") for output in shown if "data" in output]
    assert any("<table" in page or "data:image/svg+xml" in page for page in pages)
    print(f"{path.name} took {took:.0f} seconds")
