"""The page of the founding documents: whole, up to date, and nothing in it that the table of effects shows inert."""

from pathlib import Path

import pandas as pd
import pytest

from policysim.evidence.documents import documents
from policysim.levers.catalogue import LEVERS
from policysim.viz.sources_page import page, systems

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def effects() -> pd.DataFrame:
    return pd.read_csv(DOCS / "effects.csv")


def test_the_page_is_up_to_date(effects):
    assert (DOCS / "sources.md").read_text(encoding="utf-8") == page(effects), "`make docs` writes it"


@pytest.mark.parametrize("document", documents())
def test_each_lever_stands_under_every_document_that_it_cites(document):
    named = {lever for system in systems() if system.document == document for lever in system.levers}
    assert named == {id for id, lever in LEVERS.items() if document in lever.sources}


def test_every_system_is_answered():
    assert len(systems()) > 50
    assert all(system.levers or system.mechanism for system in systems())
    assert "planned" not in " ".join(f"{system.says} {system.mechanism}" for system in systems())


def test_nothing_is_said_to_answer_that_was_not_delivered(effects):
    """In the longest run that each was looked at over its figure of delivery moved; how far beyond noise, the page says."""
    shown = effects[effects["role"].str.startswith("delivery")]
    assert set(shown["lever"]) == set(LEVERS)
    last = shown.loc[shown.groupby("lever")["years"].idxmax()]
    still = last[last["difference"] == 0]
    assert still["lever"].tolist() == [], "`policysim effects` shows it inert"
