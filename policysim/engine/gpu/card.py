"""The NVIDIA card of this machine, asked through the CUDA driver, and what is said where there is none.

The driver comes with the card; `cuda-bindings` is NVIDIA's own Python package for it (`pip install "policysim[gpu]"`).
"""

import ctypes
from collections.abc import Sequence
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
COULD_NOT = "the NVIDIA card could not {what} ({why}); " + INSTEAD


def driver_library() -> ModuleType:
    """The driver's Python package; raises UserError where it is not installed."""
    try:
        from cuda.bindings import driver
    except ImportError:
        raise UserError(
            f"engine 'gpu' asks the NVIDIA driver through the package cuda-bindings, which is not installed: "
            f'pip install "policysim[gpu]"; {INSTEAD}'
        ) from None
    return driver


class Card:
    """One card: memory on it by address, and the kernels of one program. What goes wrong there is a UserError."""

    def __init__(self, number: int = 0):
        """Raises UserError where there is no driver, no card, or one that is too old."""
        self.driver: Any = driver_library()
        try:
            self._asked("begin", self.driver.cuInit(0))
        except RuntimeError:  # the package looks for the driver when it is first called
            raise UserError(f"engine 'gpu' needs NVIDIA's driver, which this machine does not have; {INSTEAD}") from None
        (version,) = self._asked("tell its driver's version", self.driver.cuDriverGetVersion())
        if version < LEAST_DRIVER:
            raise UserError(
                f"engine 'gpu' needs an NVIDIA driver for CUDA {_dotted(LEAST_DRIVER)} or newer; the one here is for "
                f"CUDA {_dotted(version)}: update it, or leave the engine out ({INSTEAD})"
            )
        (cards,) = self._asked("be counted", self.driver.cuDeviceGetCount())
        if cards <= number:
            raise UserError(f"engine 'gpu' needs an NVIDIA card, and the driver sees none; {INSTEAD}")
        (self.device,) = self._asked("be opened", self.driver.cuDeviceGet(number))
        found = tuple(self._attribute(f"COMPUTE_CAPABILITY_{part}") for part in ("MAJOR", "MINOR"))
        if found < LEAST_CARD:
            raise UserError(
                f"engine 'gpu' needs an NVIDIA card of compute capability {LEAST_CARD[0]}.{LEAST_CARD[1]} or more (Volta, "
                f"2017); the one here has {found[0]}.{found[1]}; {INSTEAD}"
            )
        (self.context,) = self._asked("be opened", self.driver.cuDevicePrimaryCtxRetain(self.device))
        self._here()
        self.held: dict[int, int] = {}
        self.module: Any = None
        self.kernels: dict[str, Any] = {}

    def _attribute(self, name: str) -> int:
        attribute = getattr(self.driver.CUdevice_attribute, f"CU_DEVICE_ATTRIBUTE_{name}")
        return int(self._asked("tell what it is", self.driver.cuDeviceGetAttribute(attribute, self.device))[0])

    def _asked(self, what: str, answer: Sequence[Any]) -> tuple[Any, ...]:
        """What the driver answered, without its code; raises UserError for a code that is not that of success."""
        code, *others = answer
        if code != self.driver.CUresult.CUDA_SUCCESS:
            raise UserError(_why(code.name, what))
        return tuple(others)

    def _here(self) -> None:
        """Whatever thread asks, and whatever else uses cards in this process, asks this card."""
        self._asked("be used", self.driver.cuCtxSetCurrent(self.context))

    @property
    def name(self) -> str:
        """As NVIDIA calls it."""
        (name,) = self._asked("tell its name", self.driver.cuDeviceGetName(96, self.device))
        return name.decode().rstrip("\0")

    def free_memory(self) -> int:
        """Bytes that nobody holds."""
        self._here()
        return int(self._asked("tell its memory", self.driver.cuMemGetInfo())[0])

    def load(self, ptx: str, names: Sequence[str]) -> None:
        """Take these kernels of a program; the driver makes it the card's own, and keeps that for the next time."""
        self._here()
        (self.module,) = self._asked("take the rules", self.driver.cuModuleLoadData(ptx.encode() + b"\0"))
        for name in names:
            (self.kernels[name],) = self._asked(
                "take the rules", self.driver.cuModuleGetFunction(self.module, name.encode())
            )

    def allocate(self, size: int) -> int:
        """Memory of so many bytes; returns its address."""
        self._here()
        (place,) = self._asked("hold these people", self.driver.cuMemAlloc(max(size, 1)))
        self.held[int(place)] = size
        return int(place)

    def release(self, place: int) -> None:
        """Give memory back."""
        self._here()
        del self.held[place]
        self._asked("give memory back", self.driver.cuMemFree(place))

    def write(self, place: int, values: np.ndarray) -> None:
        """Copy an array to the card."""
        if values.nbytes:
            self._here()
            self._asked("be written to", self.driver.cuMemcpyHtoD(place, values.ctypes.data, values.nbytes))

    def read(self, place: int, values: np.ndarray) -> None:
        """Copy from the card into an array, once everything before is done."""
        if values.nbytes:
            self._here()
            self._asked("be read", self.driver.cuMemcpyDtoH(values.ctypes.data, place, values.nbytes))

    def clear(self, place: int, size: int) -> None:
        """Set so many bytes to 0."""
        if size:
            self._here()
            self._asked("be cleared", self.driver.cuMemsetD8(place, 0, size))

    def launch(self, name: str, threads: int, arguments: Sequence[int]) -> None:
        """Run a kernel on so many threads; its arguments are whole numbers and addresses."""
        if threads:
            self._here()
            given = (threads, *arguments)
            blocks = (threads + BLOCK - 1) // BLOCK
            kinds = (ctypes.c_int64,) * len(given)
            self._asked(
                "run the rules",
                self.driver.cuLaunchKernel(self.kernels[name], blocks, 1, 1, BLOCK, 1, 1, 0, 0, (given, kinds), 0),
            )

    def close(self) -> None:
        """Give everything back."""
        if self.context is not None:
            self._here()
            for place in list(self.held):
                self.release(place)
            if self.module is not None:
                self._asked("let go of the rules", self.driver.cuModuleUnload(self.module))
            self._asked("be let go", self.driver.cuDevicePrimaryCtxRelease(self.device))
            self.context = self.module = None


def _dotted(version: int) -> str:
    """A CUDA version as people write it."""
    return f"{version // 1000}.{version % 1000 // 10}"


def _why(code: str, what: str) -> str:
    """What a code of the driver's means to whoever runs a model."""
    if code == "CUDA_ERROR_NO_DEVICE":
        return f"engine 'gpu' needs an NVIDIA card, and the driver sees none; {INSTEAD}"
    if code == "CUDA_ERROR_OUT_OF_MEMORY":
        return f"the NVIDIA card has too little free memory for so many people; take fewer, or leave the engine out ({INSTEAD})"
    if code in ("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "CUDA_ERROR_INSUFFICIENT_DRIVER"):
        return f"the NVIDIA driver of this machine is too old, or another than is running ({code}): update it; {INSTEAD}"
    return COULD_NOT.format(what=what, why=code)


def find_card() -> Card:
    """The first card of this machine; raises UserError where there is none that can be used."""
    return Card()
