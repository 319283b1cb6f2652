"""Published figures, by the id of their row."""

import pytest

from policysim.evidence.figures import published


def test_published_figures_are_read_as_numbers():
    assert published()["B2.01"].value == 7.5 and published()["B2.01"].high == 9.9
    assert published()["A7.06"].value == pytest.approx(0.088)  # per cent become shares
    assert "C.18" not in published()  # a finding in words
