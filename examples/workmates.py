"""Workmates who use drugs draw adults into use: a network of one's own, laid by a function, and counted for a rule."""

import numpy as np

from policysim import Scenario, compare
from policysim.rules import Adult, Friends, Occupation, begin, helper


def workmates(people, luck):
    """Who works in a neighbourhood is put in a row by chance, and knows the three on either side."""
    rows = np.flatnonzero(people["occupation"] == Occupation.WORKING)
    order = rows[np.lexsort((luck(rows), people["neighbourhood"][rows]))]
    first, second = np.concatenate([(order[:-k], order[k:]) for k in (1, 2, 3)], axis=1)
    near = people["neighbourhood"][first] == people["neighbourhood"][second]
    return first[near], second[near]


class Worker(Adult):
    workmates_using = Friends(lambda mate: mate.using > 0, network=workmates)

    @helper
    def begin(self, ratio, here, world, luck):
        """As in the model, and a tenth more often with each workmate who uses a drug."""
        begin(self, ratio * (1 + 0.1 * self.workmates_using), here, world, luck)


if __name__ == "__main__":
    asked = Scenario(place="authority:coventry", regimes=["status-quo"], people=10_000, years=2, replicates=3)
    found = compare(asked, people_classes=[Worker]).summary.dropna(subset="difference").set_index("outcome")
    print(found.loc[["first_use"], ["difference", "difference_low", "difference_high"]])
