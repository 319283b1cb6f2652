"""The contagion in Mesa: an agent a person, who asks friends directly; only who uses looks at friends at all."""

import mesa

from policysim.benchmarks.peers.contagion import CATCH, DIE, STOP, World


class Person(mesa.Agent):
    """Somebody with friends."""

    def __init__(self, model: "WithMesa"):
        super().__init__(model)
        self.using, self.present, self.friends = False, True, list[Person]()

    def step(self) -> None:
        draw = self.random.random
        if self.using:
            for friend in self.friends:
                if not friend.using and friend.present and draw() < CATCH:
                    self.model.caught.append(friend)
            if draw() < STOP:
                self.model.stopped.append(self)
        if draw() < DIE:
            self.model.died.append(self)


class WithMesa(mesa.Model):
    """What somebody did this week holds from its end."""

    def __init__(self, world: World):
        super().__init__(rng=world.seed)
        self.world, self.week = world, 0
        self.caught, self.stopped, self.died = list[Person](), list[Person](), list[Person]()
        self.friends_of: list[list[int]] = [[] for _ in range(world.all)]
        for first, second in zip(world.first.tolist(), world.second.tolist(), strict=True):
            self.friends_of[second].append(first)
        self.people: list[Person] = []
        self.enter(world.start)
        for number in world.using.tolist():
            self.people[number].using = True
        self.users = len(world.using)

    def enter(self, until: int) -> None:
        """Newcomers befriend those who are there."""
        for number in range(len(self.people), until):
            person = Person(self)
            person.friends = [self.people[other] for other in self.friends_of[number] if self.people[other].present]
            for friend in person.friends:
                friend.friends.append(person)
            self.people.append(person)

    def run(self) -> list[int]:
        users = []
        while self.week < self.world.weeks:
            self.step()
            users.append(self.users)
        return users

    def step(self) -> None:
        self.enter(int(self.world.entered[self.week]))
        self.agents.do("step")
        for person in self.caught:
            self.turn(person, True)
        for person in self.stopped:
            self.turn(person, False)
        for person in self.died:
            self.turn(person, False)
            person.present = False
            person.remove()
        self.caught, self.stopped, self.died = [], [], []
        self.week += 1

    def turn(self, person: Person, using: bool) -> None:
        self.users += using - person.using
        person.using = using


build = WithMesa
