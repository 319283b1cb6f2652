"""Peer networks: the ties among people, how they are laid, kept and looked at."""

from policysim.network.adjacency import HOUSEHOLD, TieKind, Ties, count_peers, spread_change
from policysim.network.synthesis import synthesise, synthesise_using
from policysim.network.using import UsingTies, by_neighbourhood, count_using_peers, spread_using_change

__all__ = [
    "HOUSEHOLD",
    "TieKind",
    "Ties",
    "UsingTies",
    "by_neighbourhood",
    "count_peers",
    "count_using_peers",
    "spread_change",
    "spread_using_change",
    "synthesise",
    "synthesise_using",
]
