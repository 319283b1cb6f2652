"""The NVIDIA card of this machine, asked through the CUDA driver, and what is said where there is none.

The driver comes with the card; `cuda-bindings` is NVIDIA's own Python package for it (`pip install "policysim[gpu]"`).
"""

import weakref
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from policysim.errors import UserError

INSTEAD = "engine 'compiled' gives the same results on any machine"
LEAST_DRIVER = 12_000
"""The CUDA version that a driver must know, as the driver itself tells it: 12.0."""
LEAST_CARD = (7, 0)
"""Compute capability: Volta, which the programs are written for (policysim/engine/gpu/ptx.py)."""
BLOCK = 256
"""Threads that a card runs together: of those tried for the weekly pass on an H200 the fastest."""
LOW = (1 << 64) - 1
"""A whole number of 64 bits, whatever its sign, as a card is given it."""
NO_PACKAGE = (
    "engine 'gpu' asks the NVIDIA driver through the package cuda-bindings, which is not installed: "
    f'pip install "policysim[gpu]"; {INSTEAD}'
)
NO_DRIVER = f"engine 'gpu' needs NVIDIA's driver, which this machine does not have; {INSTEAD}"
NO_CARD = f"engine 'gpu' needs an NVIDIA card, and the driver sees none; {INSTEAD}"
NO_MEMORY = f"the NVIDIA card has too little free memory for so many people: take fewer (one_in); {INSTEAD}"
TOO_OLD = "engine 'gpu' needs a newer NVIDIA driver than that of this machine ({why}): update it; " + INSTEAD
COULD_NOT = "the NVIDIA card could not {what} ({why}); " + INSTEAD
MEANING = {
    "CUDA_ERROR_NO_DEVICE": NO_CARD,
    "CUDA_ERROR_OUT_OF_MEMORY": NO_MEMORY,
    "CUDA_ERROR_UNSUPPORTED_PTX_VERSION": TOO_OLD,
    "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH": TOO_OLD,
}
"""What codes of the driver mean to whoever runs a model."""


def driver_library() -> ModuleType:
    """The driver's Python package; raises UserError where it is not installed."""
    try:
        from cuda.bindings import driver
    except ImportError:
        raise UserError(NO_PACKAGE) from None
    return driver


class Card:
    """One card: memory on it by address, and the kernels of one program. What goes wrong there is a UserError."""

    def __init__(self, number: int = 0):
        """Raises UserError where there is no driver, no card, or one that is too old."""
        self.driver: Any = driver_library()
        self.held: set[int] = set()
        self.loaded: list[Any] = []
        self.kernels: dict[str, Any] = {}
        self._ask("begin", "cuInit", 0)
        (version,) = self._ask("tell its driver's version", "cuDriverGetVersion")
        if version < LEAST_DRIVER:
            why = f"it is for CUDA {_dotted(version)}, and {_dotted(LEAST_DRIVER)} is the least"
            raise UserError(TOO_OLD.format(why=why))
        (cards,) = self._ask("be counted", "cuDeviceGetCount")
        if cards <= number:
            raise UserError(NO_CARD)
        (self.device,) = self._ask("be opened", "cuDeviceGet", number)
        found = (self._attribute("COMPUTE_CAPABILITY_MAJOR"), self._attribute("COMPUTE_CAPABILITY_MINOR"))
        if found < LEAST_CARD:
            least, here = (".".join(map(str, version)) for version in (LEAST_CARD, found))
            raise UserError(
                f"engine 'gpu' needs an NVIDIA card of compute capability {least} or more (Volta, 2017), and this one has "
                f"{here}; {INSTEAD}"
            )
        (self.context,) = self._ask("be opened", "cuDevicePrimaryCtxRetain", self.device)
        self._closing = weakref.finalize(
            self, _give_back, self.driver, self.device, self.context, self.held, self.loaded
        )
        self._here()

    def _attribute(self, name: str) -> int:
        attribute = getattr(self.driver.CUdevice_attribute, f"CU_DEVICE_ATTRIBUTE_{name}")
        return int(self._ask("tell what it is", "cuDeviceGetAttribute", attribute, self.device)[0])

    def _ask(self, what: str, function: str, *given: Any) -> tuple[Any, ...]:
        """What the driver answers, without its code; raises UserError for a code that is not that of success."""
        try:
            code, *others = getattr(self.driver, function)(*given)
        except RuntimeError:  # the package looks for the driver, and for each of its functions, when it is first asked
            missing = NO_DRIVER if function == "cuInit" else TOO_OLD.format(why=f"it has no {function}")
            raise UserError(missing) from None
        if code != self.driver.CUresult.CUDA_SUCCESS:
            raise UserError(MEANING.get(code.name, COULD_NOT).format(what=what, why=code.name))
        return tuple(others)

    def _here(self) -> None:
        """Whatever thread asks, and whatever else uses cards in this process, asks this card."""
        self._ask("be used", "cuCtxSetCurrent", self.context)

    @property
    def name(self) -> str:
        """As NVIDIA calls it."""
        (name,) = self._ask("tell its name", "cuDeviceGetName", 96, self.device)
        return name.decode().rstrip("\0")

    def driver_version(self) -> str:
        """The CUDA version that the driver knows, such as 13.0."""
        return _dotted(self._ask("tell its driver's version", "cuDriverGetVersion")[0])

    def free_memory(self) -> int:
        """Bytes that nobody holds."""
        self._here()
        return int(self._ask("tell its memory", "cuMemGetInfo")[0])

    def load(self, ptx: str, names: Sequence[str]) -> None:
        """Take these kernels of a program; the driver makes it the card's own, and keeps that for the next time."""
        self._here()
        (module,) = self._ask("take the rules", "cuModuleLoadData", ptx.encode() + b"\0")
        self.loaded.append(module)
        for name in names:
            (self.kernels[name],) = self._ask("take the rules", "cuModuleGetFunction", module, name.encode())

    def allocate(self, size: int) -> int:
        """Memory of so many bytes; returns its address."""
        self._here()
        place = int(self._ask("hold these people", "cuMemAlloc", max(size, 1))[0])
        self.held.add(place)
        return place

    def write(self, place: int, values: np.ndarray) -> None:
        """Copy an array, whose items lie side by side, to the card."""
        if values.nbytes:
            self._here()
            self._ask("be written to", "cuMemcpyHtoD", place, values.ctypes.data, values.nbytes)

    def read(self, place: int, values: np.ndarray) -> None:
        """Copy from the card into an array, whose items lie side by side, once everything before is done."""
        if values.nbytes:
            self._here()
            self._ask("be read", "cuMemcpyDtoH", values.ctypes.data, place, values.nbytes)

    def clear(self, place: int, size: int) -> None:
        """Set so many bytes to 0."""
        if size:
            self._here()
            self._ask("be cleared", "cuMemsetD8", place, 0, size)

    def launch(self, name: str, threads: int, arguments: Sequence[int]) -> None:
        """Run a kernel on so many threads; its arguments are whole numbers and addresses."""
        if threads:
            self._here()
            given = np.array([threads, *(number & LOW for number in arguments)], np.uint64)
            where = given.ctypes.data + given.itemsize * np.arange(given.size, dtype=np.uint64)
            shape = ((threads + BLOCK - 1) // BLOCK, 1, 1, BLOCK, 1, 1)
            self._ask("run the rules", "cuLaunchKernel", self.kernels[name], *shape, 0, 0, where.ctypes.data, 0)

    def close(self) -> None:
        """Give everything back, as happens too when nobody holds the card any more."""
        self._closing()


def _give_back(driver: Any, device: Any, context: Any, held: set[int], loaded: list[Any]) -> None:
    """A card that has failed has nothing to say to it: no answer is looked at."""
    driver.cuCtxSetCurrent(context)
    for place in held:
        driver.cuMemFree(place)
    for module in loaded:
        driver.cuModuleUnload(module)
    driver.cuDevicePrimaryCtxRelease(device)
    held.clear()
    loaded.clear()


def _dotted(version: int) -> str:
    """A CUDA version as people write it."""
    return f"{version // 1000}.{version % 1000 // 10}"


def find_card() -> Card:
    """The first card of this machine; raises UserError where there is none that can be used."""
    return Card()


@cache
def check_card() -> None:
    """Raises UserError where this machine has no card that can be used."""
    find_card().close()
