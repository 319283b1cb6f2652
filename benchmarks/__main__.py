"""`python -m policysim.benchmarks`: time the model on this machine and print the figures."""

import argparse

from policysim.benchmarks.bench import bench, written


def main() -> None:
    """Read the options, measure, print one figure a line."""
    parser = argparse.ArgumentParser(prog="python -m policysim.benchmarks", description=__doc__)
    parser.add_argument("--rules", action="store_true", help="nanoseconds of each rule as well (compiles 25 variants)")
    parser.add_argument(
        "--full", action="store_true", help="10 thousand to 1 million people, and ten years of a million"
    )
    chosen = parser.parse_args()
    print(written(bench(rules=chosen.rules, full=chosen.full)))


if __name__ == "__main__":
    main()
