"""What a comparison says so far, in words that a room reads rightly: a difference, and how sure one can be of it."""

from dataclasses import dataclass

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.estimates import Estimate
from policysim.experiments.analysis.numbers import number, span
from policysim.experiments.analysis.unknowns import Spread
from policysim.experiments.analysis.wording import Difference, difference, level_or_few, plural
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.viz.app.running.found import Found

IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
REACHES = "Thin line with ends: how far what nobody knows reaches; it may lie beside the mean, made of the best known numbers."
"""How the interval over draws is read, wherever one is drawn."""


@dataclass(frozen=True)
class Answer:
    """One regime's difference from the status quo in one outcome, over the years shown."""

    regime: Regime
    found: Difference
    spread: Spread
    years: int

    @property
    def outcome(self) -> Outcome:
        """Of what."""
        return self.found.outcome

    @property
    def headline(self) -> str:
        """`about 30 fewer`, `no clear difference`."""
        if self.found.is_none:
            return "no difference"
        if self.found.is_noise:
            return "no clear difference"
        return f"about {self.found.amount}" + (
            "" if self.found.gap.has_interval else self._alike(", one run so far", ", the same in all {} runs")
        )

    @property
    def sentence(self) -> str:
        """The whole of it: over which time, between which limits, and how far what nobody knows widens them."""
        when = over_years(self.years)
        noun = self.outcome.noun
        if self.found.is_none:
            return f"No difference in {noun} {when}."
        if not self.found.gap.has_interval:
            told = self._alike(" in the one run so far; more are on their way", ", the same in all {} runs")
            return f"About {self.found.amount} {noun} {when}{told}."
        if self.found.is_noise:
            chance = (
                f"No clear difference in {noun} {when}: {_range(self.found.gap.low, self.found.gap.high, self.outcome)}"
            )
        else:
            least, most = sorted((abs(self.found.gap.low), abs(self.found.gap.high)))
            limits = f"{number(least, self.outcome.money)} and {number(most, self.outcome.money)}"
            chance = f"About {self.found.amount} {noun} {when}, between {limits}"
        return f"{chance}{self._widened()}."

    def _alike(self, one: str, several: str) -> str:
        """Why there is no interval: there is one run, or all gave the same."""
        return one if self.found.gap.seeds == 1 else several.format(self.found.gap.seeds)

    def _widened(self) -> str:
        """What the drawn numbers add."""
        if not self.spread.draws:
            return ""
        low, high = self.spread.gap_low, self.spread.gap_high
        least, most = self.found.gap.low, self.found.gap.high
        if least <= low and high <= most:
            return "; what nobody knows does not widen that"
        does = "widens" if low <= least and most <= high else "moves"
        return f"; what nobody knows {does} that to {_range(low, high, self.outcome)}"


def over_years(years: int) -> str:
    """`in ten years`, `in one year`."""
    words = IN_WORDS[years] if years < len(IN_WORDS) else str(years)
    return f"in {words} {'year' if years == 1 else 'years'}"


def _side(value: float, outcome: Outcome) -> str:
    """`20 fewer`, `3 more`."""
    return Difference(outcome, Estimate(value, value, value), 0).amount


def _range(low: float, high: float, outcome: Outcome) -> str:
    """`0 to 70` of the same direction, or both sides by name."""
    if low * high >= 0:
        least, most = sorted((abs(low), abs(high)))
        return f"{span(least, most, outcome.money)} {Difference(outcome, Estimate(low + high, low, high), 0).direction}"
    return f"anything from {_side(low, outcome)} to {_side(high, outcome)}"


def answers(found: Found, outcome: Outcome, years: int) -> list[Answer]:
    """Each regime's difference over the first years, in the scenario's order; none before a year is through."""
    if not found.seeds(years):
        return []
    table, spreads = found.totals(outcome, years), found.spreads(outcome, years)
    regimes = [regime for regime in found.scenario.regimes if regime.id != STATUS_QUO]
    return [Answer(one, difference(table, one.id, outcome), spreads[one.id], years) for one in regimes]


def usual(found: Found, outcome: Outcome, years: int) -> str:
    """The status quo over the first years: `1,610 deaths in ten years`."""
    value = float(found.totals(outcome, years).at[STATUS_QUO, "mean"])
    if outcome.stock:
        return f"{level_or_few(value, outcome)} {outcome.unit} at a time"
    unit = "" if outcome.money else f" {outcome.unit}"
    return f"{level_or_few(value, outcome)}{unit} {over_years(years)}"


def how_sure(found: Found, years: int) -> str:
    """From how many runs the limits come."""
    seeds, draws = found.seeds(years), found.draws(years)
    told = f"{plural(seeds, 'run')} of {found.scenario.people or 0:,} simulated people{' each' if seeds > 1 else ''}"
    return told + (f", {plural(draws, 'draw')} of what nobody knows" if draws else "")
