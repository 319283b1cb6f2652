"""One project's contagion in a process of its own: `python -m policysim.benchmarks.peers.one NAME WORLD.npz ...`.

Prints a JSON line for each world: seconds of building and of living, for policysim also those of the rules alone, most
memory of the process, who used week by week. Seconds are of processor time: each is one thread, and what else the machine
does is left out.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path

from policysim.benchmarks.measures import Passes, most_memory
from policysim.benchmarks.peers.contagion import World


def main() -> None:
    """Each world in turn."""
    name, *paths = sys.argv[1:]
    told, sys.stdout = (
        sys.stdout,
        sys.stderr,
    )  # what a program has to say of itself, as when it is first loaded, is no figure
    build = import_module(f"policysim.benchmarks.peers.{name}").build
    for path in paths:
        world = World.load(Path(path))
        begun = time.process_time()
        contagion = build(world)
        passes = Passes(contagion.model) if hasattr(contagion, "model") else None
        built = time.process_time()
        users = contagion.run()
        lived = time.process_time()
        print(json.dumps({
            "build_s": built - begun, "seconds": lived - built, "memory_mb": most_memory(), "users": users,
            "rules_s": passes.cpu if passes else None,
        }), file=told)  # fmt: skip


if __name__ == "__main__":
    main()
