"""Sections that reports of comparisons and of sweeps share: what each regime does, and what is assumed."""

from policysim.scenarios.scenario import Scenario
from policysim.viz.blocks import Block, Fold, Heading, Text
from policysim.viz.report import tables


def regimes(scenario: Scenario) -> list[Block]:
    """Each regime in words, its levers folded."""
    blocks: list[Block] = [Text("Levers reach their full extent over the first 26 weeks unless said otherwise.")]
    for regime in tables.regimes_described(scenario):
        blocks += [Heading(regime.name), Text(regime.lead)]
        if regime.levers.rows:
            whole = [Text(regime.summary)] if regime.summary != regime.lead else []
            blocks.append(Fold(f"Levers of {regime.name}", [*whole, regime.levers.of_kind("words small levers")]))
        else:
            blocks.append(Text("No lever is moved: everything stays as it is today."))
    return blocks


def assumed() -> list[Block]:
    """The numbers that rest on no published figure."""
    blocks: list[Block] = [
        Text(
            "Every number of the model is in a registry with its value, range, source and quality. Those below rest on no "
            "published figure: they are assumed, or fitted so that the status quo lands on published counts. Results may "
            "depend on them."
        )
    ]
    for table in (tables.parameters_of("fitted"), tables.parameters_of("assumed")):
        if table.rows:
            blocks.append(Fold(table.caption, [table.of_kind("words small parameters")]))
    return blocks
