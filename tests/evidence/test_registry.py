"""The registry as a whole: what nobody measured says so, says why, and is not too much."""

import csv
import re
from importlib.resources import files

import pytest

from policysim.evidence.registry import registry

MOST_ASSUMED = 506 + 29 + 14 + 19 + 11
"""Rows as they stand: 251 before seven families of levers came, and 236 with them (costs of new services, what each does to
those whom it reaches, kinds of care), less two that are no assumptions; then 29 with children's services and the family
court, 14 with levers at school, 19 of homes, work and stigma, 11 with panels, programmes and places of youth justice. Whoever
adds one finds a source, or raises this."""
REASON = re.compile(r"none published: .+; one might come from .+")


def assumed():
    return [parameter for parameter in registry().values() if parameter.quality == "assumed"]


def test_every_assumed_number_says_why_no_figure_exists_and_where_one_might():
    assert [f"{p.id} ({p.place})" for p in assumed() if not REASON.fullmatch(p.source)] == []


def test_no_more_numbers_are_assumed_than_can_be_looked_through():
    assert len(assumed()) <= MOST_ASSUMED


def test_an_assumed_number_has_a_range():
    assert [p.id for p in assumed() if p.low is None or p.high is None or p.low == p.high] == []


def test_every_number_cites_evidence_that_is_there():
    path = files("policysim.configs.evidence").joinpath("evidence.csv")
    known = {row["id"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
    assert {f"{p.id}: {i}" for p in registry().values() for i in p.evidence if i not in known} == set()


@pytest.mark.parametrize("quality", ["verified", "secondary", "derived", "unverified"])
def test_a_sourced_number_names_its_source(quality):
    assert [p.id for p in registry().values() if p.quality == quality and not p.source] == []
