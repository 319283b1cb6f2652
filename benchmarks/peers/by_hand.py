"""The contagion in NumPy by hand: two arrays of people, two of ties."""

import numpy as np

from policysim.benchmarks.peers.contagion import CATCH, DIE, STOP, World


class ByHand:
    """Everybody is followed; nothing is kept that the contagion does not need."""

    def __init__(self, world: World):
        self.world, self.rng = world, np.random.default_rng(world.seed)
        self.alive = np.ones(world.all, bool)
        self.using = np.zeros(world.all, bool)
        self.using[world.using] = True
        self.ties_by = np.searchsorted(world.second, world.entered)  # ties between those who have entered stand first

    def run(self) -> list[int]:
        return [self.step(week) for week in range(self.world.weeks)]

    def step(self, week: int) -> int:
        entered, ties = self.world.entered[week], self.ties_by[week]
        first, second = self.world.first[:ties], self.world.second[:ties]
        uses = self.using[first]
        mixed = np.flatnonzero(uses != self.using[second])
        caught = mixed[self.rng.random(mixed.size) < CATCH]
        caught = np.where(uses[caught], second[caught], first[caught])
        users = np.flatnonzero(self.using)
        self.using[caught[self.alive[caught]]] = True
        self.using[users[self.rng.random(users.size) < STOP]] = False
        died = np.flatnonzero(self.rng.random(entered) < DIE)
        self.alive[died] = self.using[died] = False
        return int(np.count_nonzero(self.using))


build = ByHand
