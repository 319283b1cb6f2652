"""The handout of a round: what stands in it, and that it is a PDF."""

import tomllib

import pytest

from policysim.scenarios.scenario import Scenario
from policysim.viz.app.choices import Choices
from policysim.viz.app.session import Session
from policysim.viz.app.workshop.handout import handout, report
from policysim.viz.app.workshop.rounds import Rounds
from policysim.viz.blocks import Chart, Code, Table, walk


class Known:
    """Comparisons of which there is one, already finished."""

    def __init__(self, comparison):
        self.comparison = comparison

    def watch(self, scenario):
        return self.comparison

    def leave(self, left):
        pass


@pytest.fixture
def session(compared):
    known = Known(compared)
    made = Session(lambda: known)
    made.run()
    made.look(1)
    return made


def test_a_handout_holds_predictions_results_limits_and_how_to_run_it_again(session):
    now = Rounds().begin(Choices(place="dorset", regimes=("harm-reduction",)), {}, "harm-reduction")
    now.add([(-20.0, 0.0, 10.0), (-10.0, None, None)])
    blocks = [block for section in report(session, now).sections for block in walk(section.blocks)]
    assert not [block for block in blocks if isinstance(block, Chart)]
    assert "−20%" not in str([block for block in blocks if isinstance(block, Table)])
    now.change(opened=True)
    made = report(session, now)
    blocks = [block for section in made.sections for block in walk(section.blocks)]
    assert len([block for block in blocks if isinstance(block, Chart)]) == 3
    assert "−20%" in str([block for block in blocks if isinstance(block, Table)])
    written = tomllib.loads([block.text for block in blocks if isinstance(block, Code)][-1])
    assert written["regimes"] == ["status-quo", "harm-reduction"]
    assert Scenario.model_validate(written) == session.comparison.value.scenario
    assert "0300 123 6600" in str(made.help_lines)
    assert made.note.startswith("This handout")
    paper = handout(session, now)
    assert paper.startswith(b"%PDF")
    assert paper == handout(session, now)
