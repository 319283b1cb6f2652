"""Scenarios that between them visit every branch of every rule and institution; run by test_engine_equality.py.

Each is lived twice, by Python under coverage and compiled with checked indices, and the two are compared. Prints JSON.
"""

import json
import sys
import tempfile
from pathlib import Path

import coverage

AGENTS = Path(__file__).resolve().parents[2] / "policysim" / "agents"
WRITES_DOCS = (
    AGENTS.parent / "reference" / "transitions.py"
)  # declares no behaviour; tests/test_transitions.py holds it to the rules


def main() -> None:
    measured = coverage.Coverage(data_file=None, branch=True, source=["policysim.agents"], omit=[str(WRITES_DOCS)])
    measured.start()
    from branch_scenarios import scenarios

    differing = {}
    for name, scenario in scenarios().items():
        by_python = scenario("python")
        measured.stop()
        from small_worlds import disagreements

        differing[name] = disagreements(by_python, scenario("compiled"))
        measured.start()
    measured.stop()
    with tempfile.TemporaryDirectory() as folder:
        measured.json_report(outfile=f"{folder}/coverage.json")
        files = json.loads(Path(folder, "coverage.json").read_text(encoding="utf-8"))["files"]
    missing = {
        Path(name).name: {"lines": found["missing_lines"], "branches": found["missing_branches"]}
        for name, found in files.items()
        if found["missing_lines"] or found["missing_branches"]
    }
    measured_files = sorted(Path(name).name for name in files)
    json.dump({"measured": measured_files, "missing": missing, "differing": differing}, sys.stdout)


if __name__ == "__main__":
    main()
