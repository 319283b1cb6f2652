"""The founding documents that ask for levers or warn of them, by key; what each says is told in docs/sources.md."""

from functools import cache
from importlib.resources import files

from policysim.reading import read_table


@cache
def documents() -> dict[str, str]:
    """The title of every founding document by its key."""
    path = files("policysim.configs.evidence").joinpath("documents.csv")
    return {row["key"]: row["title"] for _, row in read_table(path, ("key", "title"), key=["key"])}
