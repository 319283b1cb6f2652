"""What a regime is called inside a sentence about two lives."""

import pytest

from policysim.experiments.lives.saying import regime_in_words


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("status-quo", "the status quo"),
        ("multi-component", "multi-component"),
        ("harm-reduction", "harm reduction"),
        ("status-quo-by-my-rules", "the status quo by my rules"),
        ("multi-component-by-own-rules", "multi-component by own rules"),
        ("north-east-pilot", "north-east-pilot"),
    ],
)
def test_a_regime_is_called_by_its_name(label: str, said: str) -> None:
    assert regime_in_words(label) == said
