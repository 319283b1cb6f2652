"""The rules of the model whose marks for rest were tried: written by `make rest`, after tests/engine/test_rest.py has passed."""

import json
import sys

from policysim.agents.people.resting import RESTING
from policysim.agents.roles import ROLES
from policysim.engine.resting import bounds_of, key_of_rule, sum_of
from policysim.engine.rules import rules_of


def sums() -> dict[str, str]:
    """By rule the sum of its text as it stands, of every rule that is marked."""
    rules = {function for role in ROLES for function in rules_of(role).values()}
    marked = [function for function in rules if function.is_passing or bounds_of(function)]  # type: ignore[attr-defined]
    return {key_of_rule(function): sum_of(function, RESTING.foreseen) for function in sorted(marked, key=key_of_rule)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(sums(), indent=1) + "\n")
