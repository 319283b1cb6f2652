"""Overdoses again within a year, and how many people had one in it: two outcomes of one's own, compared under two regimes."""

from policysim import Scenario, compare
from policysim.rules import Adult, Counted, DependentUser, Event, Field, OverdoseMark, YoungPerson, rule


class Remembers:
    weeks_since_overdose = Field("i2", "weeks since the last overdose, 52 for none", "weeks", 0, 52, start=52)
    overdosed_again = Event("overdosed again within a year", label="Overdoses again within a year", more_is="worse")
    overdosed_lately = Counted(lambda person: person.weeks_since_overdose < 52, "people who overdosed within a year")

    @rule
    def remember_overdose(self, here, world, luck):
        """Nobody's life changes by it."""
        if not self.overdose_marks and self.weeks_since_overdose == 52:
            return
        if self.overdose_marks & OverdoseMark.OVERDOSED:
            self.overdosed_again = self.weeks_since_overdose < 52
            self.weeks_since_overdose = 0
        elif self.weeks_since_overdose < 52:
            self.weeks_since_overdose += 1


class Young(Remembers, YoungPerson): ...


class Grown(Remembers, Adult): ...


class Dependent(Remembers, DependentUser): ...


if __name__ == "__main__":  # compare() starts worker processes
    arms = {"regimes": ["status-quo", "harm-reduction"], "people_classes": [Young, Grown, Dependent]}
    found = compare(Scenario(place="authority:coventry", people=10_000, years=2, burn_in_years=1, replicates=3, **arms))
    own = found.summary[found.summary["outcome"].isin(["overdosed_again", "overdosed_lately"])]
    print(own[["regime", "outcome", "mean", "difference", "difference_low", "difference_high"]].to_string(index=False))
