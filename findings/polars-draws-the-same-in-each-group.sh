#!/bin/sh
# A guess: `sample` or `shuffle` inside `group_by(...).agg(...)` or `.over(...)` draws for each group anew, and a seed only
# makes that repeatable; without a seed there, `polars.set_random_seed` does.
#
# What happens: with `seed=` every group of the same size draws the very same places. One person out of each of a thousand
# couples, the elder of whom stands first, is the elder of every couple, or of none. Without `seed=` groups differ, but
# then `polars.set_random_seed` does not make them repeatable where several threads share many groups, which are drawn for
# in whatever order threads come to them (`.over` nearly never, `agg` now and then). There is no third way inside an expression: a seed has to be a number, not a column.
#
# Why it matters: strata, households and regimes are sampled, bootstrapped and permuted by group. Seeded, all strata are
# resampled alike, so that intervals of differences are too narrow wherever rows are in some order (by age, by deaths, by
# seed); unseeded, nobody can repeat it. To draw one number for each row of the whole table and sort or rank by it
# within groups does both.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check polars==2.1.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'EOF'
import sys

import numpy as np
import polars as pl

print("Polars", pl.__version__, "on Python", sys.version.split()[0], "with", pl.thread_pool_size(), "threads")
COUPLES = 1000
people = pl.DataFrame({
    "couple": np.repeat(np.arange(COUPLES), 2), "elder": np.tile([True, False], COUPLES),
})
kept = []
for seed in range(1, 7):
    drawn = people.group_by("couple", maintain_order=True).agg(pl.col("elder").sample(n=1, seed=seed).first())
    ranked = people.group_by("couple", maintain_order=True).agg(pl.col("elder").shuffle(seed=seed).first())
    over = people.with_columns(pl.col("elder").shuffle(seed=seed).over("couple")).gather_every(2)
    kept.append([int(each["elder"].sum()) for each in (drawn, ranked, over)])
    print(f"seed {seed}: elders among {COUPLES} drawn by sample, shuffle, shuffle over: {kept[-1]}")


def unseeded(way):
    pl.set_random_seed(7)
    return way().to_numpy()


WAYS = {
    "shuffle over": lambda: people.with_columns(pl.col("elder").shuffle().over("couple"))["elder"],
    "shuffle in agg": lambda: people.group_by("couple", maintain_order=True).agg(pl.col("elder").shuffle().first())["elder"],
}
for name, way in WAYS.items():
    draws = [unseeded(way) for _ in range(40)]
    repeats = sum(np.array_equal(draws[0], each) for each in draws[1:])
    print(f"{name}, with set_random_seed(7) alone: of 39 repetitions {repeats} are the same as the first")


def by_rows():
    luck = np.random.default_rng(7).random(people.height)
    found = people.with_columns(luck=luck).sort("couple", "luck").group_by("couple", maintain_order=True).first()
    return found["elder"].to_numpy()


print(f"a number for each row, ranked within couples: {int(by_rows().sum())} elders, the same each time:",
      bool(np.array_equal(by_rows(), by_rows())))
if any(count not in (0, COUPLES) for row in kept for count in row):
    sys.exit("The behaviour has changed: with a seed, groups do not all draw the same place.")
EOF
