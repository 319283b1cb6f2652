"""The page as it is served, with comparisons that are tiny: `python tests/worlds/tiny_served.py HOST [TOKEN]`."""

import sys
from functools import partial

TINY_PEOPLE = 1_000


def main(host: str, token: str = "") -> None:
    """Every choice of the form is there; behind each stand few people, and the first comparison is of a small place."""
    from policysim.viz.app import choices, session
    from policysim.viz.app.server import serve

    choices.DRAWS = 2
    for name, detail in choices.DETAILS.items():
        choices.DETAILS[name] = choices.Detail(detail.name, TINY_PEOPLE, 3, detail.purpose)
    regimes = ("diversion", "harm-reduction", "multi-component")
    session.Choices = partial(choices.Choices, place="dorset", years=5, regimes=regimes)  # type: ignore[misc,assignment]
    serve(0, host=host, token=token)


if __name__ == "__main__":
    main(*sys.argv[1:])
