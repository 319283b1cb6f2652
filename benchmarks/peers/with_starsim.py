"""The contagion in Starsim: a disease, a network and demographics, put together in a Sim."""

from typing import Any

import numpy as np
import starsim as ss

from policysim.benchmarks.peers.contagion import CATCH, DIE, STOP, World


class Using(ss.Infection):
    """Caught along ties, and given up with the same chance every week; one can be drawn in again."""

    def __init__(self, world: World):
        super().__init__()
        self.define_pars(beta=CATCH, stops=ss.bernoulli(p=STOP))
        self.world = world

    def init_post(self) -> None:
        super().init_post()
        self.set_prognoses(ss.uids(self.world.using))

    def set_prognoses(self, uids: Any, sources: Any = None) -> None:
        super().set_prognoses(uids, sources)
        self.infected[uids] = True

    def step(self) -> None:
        users = self.infected.uids
        super().step()
        stopped = self.pars.stops.filter(users)
        self.infected[stopped] = False
        self.susceptible[stopped] = True

    def step_die(self, uids: Any) -> None:
        self.infected[uids] = False
        self.susceptible[uids] = False


class Friends(ss.Network):
    """Ties begin when the later of the two enters; Starsim ends them when one dies."""

    def __init__(self, world: World):
        super().__init__()
        self.world = world
        self.ties_by = np.searchsorted(world.second, world.entered)

    def add_pairs(self) -> None:
        self.tie(0, int(self.ties_by[0]))

    def step(self) -> None:
        self.tie(int(self.ties_by[max(self.ti - 1, 0)]), int(self.ties_by[self.ti]))

    def tie(self, begin: int, end: int) -> None:
        p1, p2 = self.world.first[begin:end], self.world.second[begin:end]
        alive = self.sim.people.alive[ss.uids(p1)]
        self.append(p1=p1[alive], p2=p2[alive], beta=np.ones(np.count_nonzero(alive)))


class Newcomers(ss.Demographics):
    """So many enter each week as the world says."""

    def __init__(self, world: World):
        super().__init__()
        self.entering = np.diff(world.entered, prepend=world.entered[0])

    def step(self) -> None:
        self.sim.people.grow(int(self.entering[self.ti]))


class WithStarsim:
    """A Sim of these, and what it found."""

    def __init__(self, world: World):
        self.sim = ss.Sim(
            n_agents=world.start, rand_seed=world.seed, verbose=0, dt=ss.week, dur=ss.weeks(world.weeks - 1),
            diseases=Using(world), networks=Friends(world),
            demographics=[Newcomers(world), ss.Deaths(death_rate=ss.peryear(1000 * DIE * 52))],
        )  # fmt: skip
        self.sim.init()

    def run(self) -> list[int]:
        self.sim.run()
        return [int(number) for number in self.sim.results.using.n_infected]


build = WithStarsim
