"""What `policysim rules diff` prints: how often edited rules act, what moves, whose lives, and some of these lives."""

import textwrap
from typing import TYPE_CHECKING

from policysim.cli import terminal

if TYPE_CHECKING:
    from policysim.experiments.analysis.moved_most import MovedMost
    from policysim.experiments.designs.rules_diff import RulesDiff

NAMES = {
    "people": "people", "ever": "whose lives differ at all", "gravely": "gravely, at some time",
    "gravely_at_end": "gravely, at the end",
}  # fmt: skip


def print_json(found: "RulesDiff") -> None:
    """Everything, as plain values: `rows` are the outcomes."""
    scenario = found.scenario
    about = {
        "place": scenario.place, "regimes": [regime.id for regime in scenario.regimes], "years": scenario.years,
        "seeds": list(scenario.seeds), "one_in": scenario.scale,
    }  # fmt: skip
    terminal.print_json(
        found.rows,
        moved_most=found.moved_most.json,
        rules=found.rules,
        touched=found.touched,
        lives=found.lives,
        about=about,
    )


def print_diff(found: "RulesDiff") -> None:
    """All of it for a person to read."""
    from policysim.experiments.analysis.wording import plural, scale_of, seeds_of, years_of

    scenario, lines = found.scenario, min(terminal.width(otherwise=terminal.READABLE), terminal.READABLE)
    opening = (
        f"{found.edited.summary} {scenario.where.name}, {years_of(scenario)} after "
        f"{plural(scenario.burn_in_years, 'year')} of burn-in, {seeds_of(scenario)}; {scale_of(scenario)}, counts scaled up."
    )
    print(textwrap.fill(opening, lines) + "\n")
    _print_rules(found, lines)
    _print_moved(found)
    print_moved_most(found.moved_most, "What else moved most, paired by seed", lines)
    _print_touched(found, lines)
    _print_lives(found, lines)


def _print_rules(found: "RulesDiff", lines: int) -> None:
    if not found.rules:
        print("It changes no rule.\n")
        return
    rows = [
        {
            "rule": row["rule"], "of": row["classes"], "stock rule wrote": _of("stock", row),
            "edited rule wrote": _of("edited", row),
            "otherwise than the stock rule": f"{row['wrote_otherwise']:,} of {row['edited_lived']:,}",
        }
        for row in found.rules
    ]  # fmt: skip
    terminal.print_rows(rows, tuple(rows[0]), "In how many people-weeks the edited rules wrote something")
    note = (
        "Counted in a sample of people-weeks in which somebody lived by the rule, the same people in both arms as far as they "
        "are there. Otherwise: from the same state and with the same luck the stock rule would have left another life."
    )
    if any(not row["stock_lived"] and row["edited_wrote"] and not row["wrote_otherwise"] for row in found.rules):
        note += " What a rule of a new name writes into fields of your own alone makes no other life."
    if _lives_differ(found) and not any(row["wrote_otherwise"] for row in found.rules):
        note += (
            " In this sample it never would have, and lives differ all the same: what the edit does is too rare for it."
        )
    print(textwrap.fill(note, lines) + "\n")


def _of(arm: str, row: terminal.Row) -> str:
    lived, wrote = row[f"{arm}_lived"], row[f"{arm}_wrote"]
    return f"{wrote:,} of {lived:,} ({1000 * wrote / lived:.3g} in 1,000)" if lived else "it is new"


def _print_moved(found: "RulesDiff") -> None:
    from policysim.experiments.designs.rules_diff import HEADS

    rows = [dict(zip(HEADS, row, strict=True)) for row in found.moved_told]
    terminal.print_rows(rows, HEADS, "What moves, paired by seed")


def print_moved_most(most: "MovedMost", title: str, lines: int) -> None:
    """The outcomes that were picked by size, and what is to be known of that."""
    from policysim.experiments.analysis.moved_most import HEADS

    if most.tables:
        terminal.print_rows([dict(zip(HEADS, row, strict=True)) for row in most.cells], HEADS, title)
    print(textwrap.fill(most.caution, lines) + "\n")


def _lives_differ(found: "RulesDiff") -> bool:
    return any(row["ever"] is None or row["ever"] for row in found.touched)


def _print_touched(found: "RulesDiff", lines: int) -> None:
    if not _lives_differ(found):
        print("No life differs between the two arms, in anything.\n")
        return
    rows = [
        {"": row["group"]} | {head: _many(row[name], row["people"]) for name, head in NAMES.items()}
        for row in found.touched
    ]
    terminal.print_rows(rows, ("", *NAMES.values()), "Whose lives differ between the two arms")
    note = (
        "Everyone who is there at some time, by age and role as the arms part or as they come. Gravely: alive or not, in prison, "
        "in treatment, dependent, convicted, home or work. Counts under five are not told, nor what would tell one."
    )
    print(textwrap.fill(note, lines) + "\n")


def _many(count: float | None, people: float | None) -> str:
    if count is None:
        return "not told"
    return f"{count:,.0f}" + (f" ({count / people:.2%})" if people and count != people else "")


def _print_lives(found: "RulesDiff", lines: int) -> None:
    from policysim.experiments.designs.rules_diff import NOBODY
    from policysim.experiments.lives.timeline import NOTE

    if not found.lives:
        print(NOBODY)
        return
    print(f"Lives that came to differ, of seed {found.scenario.seed}\n")
    for told in found.lives_told:
        print(
            "\n".join(textwrap.fill(one, lines, subsequent_indent="  ", break_on_hyphens=False) for one in told) + "\n"
        )
    print(textwrap.fill(NOTE, lines))
