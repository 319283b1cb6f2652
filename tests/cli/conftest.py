"""The command line, run in this process."""

import sys

import pytest
from command_line import Command, Said

from policysim.cli import door as cli


@pytest.fixture
def policysim(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command line in this process."""

    def call(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["policysim", *(str(argument) for argument in arguments)])
        capfd.readouterr()
        code = cli._run()
        return Said(code, *capfd.readouterr())

    return call
