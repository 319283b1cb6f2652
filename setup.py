"""Which folders are packages; everything else about the distribution stands in pyproject.toml.

The folders `experiments`, `viz`, `configs` and `benchmarks` stand beside `policysim` in the repository, but are
installed inside it, so that no package with such a general name becomes importable everywhere. In pyproject.toml
setuptools can find packages or map folders, but not find packages inside mapped folders: hence this file.
"""

from setuptools import find_packages, setup

MAPPED = ("experiments", "viz", "configs", "benchmarks")


def packages() -> list[str]:
    """Every package of the distribution under the name it is imported by."""
    own = find_packages(include=["policysim", "policysim.*"])
    mapped = find_packages(include=[pattern for name in MAPPED for pattern in (name, f"{name}.*")])
    return own + [f"policysim.{name}" for name in mapped]


setup(packages=packages(), package_dir={f"policysim.{name}": name for name in MAPPED})
