"""The NVIDIA card of a machine: how it is asked, and the one sentence for each way in which there is none."""

import ctypes
import gc
import sys
from enum import IntEnum
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from policysim.cli import door
from policysim.engine.gpu import card
from policysim.engine.gpu.card import BLOCK, Card
from policysim.errors import UserError
from policysim.model import DrugPolicyModel


class Code(IntEnum):
    """Codes of the driver, of which each test needs a few."""

    CUDA_SUCCESS = 0
    CUDA_ERROR_OUT_OF_MEMORY = 2
    CUDA_ERROR_NO_DEVICE = 100
    CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222
    CUDA_ERROR_LAUNCH_FAILED = 719


class Driver(ModuleType):
    """Stands in for the package that asks the driver: answers as told, and keeps what it was asked."""

    CUresult = Code
    CUdevice_attribute = SimpleNamespace(
        CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR="major", CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR="minor"
    )

    def __init__(self, **answers):
        super().__init__("driver")
        self.answers = {
            "cuDriverGetVersion": (0, 13_000), "cuDeviceGetCount": (0, 1), "cuDeviceGet": (0, "the device"),
            "cuDevicePrimaryCtxRetain": (0, "the context"), "cuMemGetInfo": (0, 700, 900), "cuMemAlloc": (0, 4096),
            "cuModuleLoadData": (0, "the module"), "cuModuleGetFunction": (0, "the kernel"), "major": 9, "minor": 0,
        } | answers  # fmt: skip
        self.asked: list[tuple] = []
        self.called: list[str] = []

    def cuDeviceGetAttribute(self, which, device):  # noqa: N802
        return Code.CUDA_SUCCESS, self.answers[which]

    def cuLaunchKernel(self, kernel, *given):  # noqa: N802
        shape, addresses = given[:6], (ctypes.c_void_p * 3).from_address(given[8])
        self.asked.append((kernel, shape, [ctypes.c_int64.from_address(place).value for place in addresses]))
        return (Code.CUDA_SUCCESS,)

    def __getattr__(self, name):
        if not name.startswith("cu"):
            raise AttributeError(name)

        def answer(*given):
            self.called.append(name)
            found = self.answers.get(name, (0,))
            if isinstance(found, Exception):
                raise found
            return Code(found[0]), *found[1:]

        return answer


@pytest.fixture
def there_is(monkeypatch):
    """Gives the machine a driver that answers so, or takes the package away."""

    def make(driver):
        monkeypatch.setitem(sys.modules, "cuda", ModuleType("cuda") if driver else None)
        bindings = ModuleType("cuda.bindings")
        bindings.driver = driver  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "cuda.bindings", bindings if driver else None)
        card.check_card.cache_clear()

    yield make
    card.check_card.cache_clear()


NO_CARDS = {
    "no package": (None, r'which is not installed: pip install "policysim\[gpu\]"; engine .compiled. gives the same results'),
    "no driver": (Driver(cuInit=RuntimeError("not found")), "needs NVIDIA's driver, which this machine does not have; engine"),
    "no card": (Driver(cuInit=(100,)), "needs an NVIDIA card, and the driver sees none; engine 'compiled' gives"),
    "none counted": (Driver(cuDeviceGetCount=(0, 0)), "needs an NVIDIA card, and the driver sees none"),
    "an old driver": (
        Driver(cuDriverGetVersion=(0, 11_040)),
        r"newer NVIDIA driver than that of this machine \(it is for CUDA 11.4, and 12.0 is the least\): update it; engine",
    ),
    "a driver without a function": (
        Driver(cuDevicePrimaryCtxRetain=RuntimeError("none")), r"newer NVIDIA driver .*it has no cuDevicePrimaryCtxRetain"
    ),
    "an old card": (Driver(major=6, minor=1), r"compute capability 7.0 or more \(Volta, 2017\), and this one has 6.1; engine"),
}  # fmt: skip


@pytest.mark.parametrize("what", NO_CARDS)
def test_without_a_card_that_can_be_used_one_sentence_says_so_and_what_to_use(what, there_is):
    driver, said = NO_CARDS[what]
    there_is(driver)
    with pytest.raises(UserError, match=said):
        DrugPolicyModel(people=50, engine="gpu")


def test_the_command_ends_with_code_2_and_the_sentence_before_anything_runs(there_is, capsys, monkeypatch, tmp_path):
    there_is(None)
    for command in (["compare", "city-of-london", "--people", "50"], ["sweep", "naloxone-and-rooms"]):
        monkeypatch.setattr(sys, "argv", ["policysim", *command, "--engine", "gpu", "--out", str(tmp_path / "out")])
        with pytest.raises(SystemExit) as ended:
            door.main()
        said = capsys.readouterr().err
        assert ended.value.code == 2 and "cuda-bindings" in said and "Traceback" not in said
    assert not (tmp_path / "out").exists()


LATER = {
    "too little memory": (2, "too little free memory for so many people: take fewer"),
    "an older PTX alone": (222, r"newer NVIDIA driver .*\(CUDA_ERROR_UNSUPPORTED_PTX_VERSION\): update it"),
    "something else": (719, r"could not hold these people \(CUDA_ERROR_LAUNCH_FAILED\); engine 'compiled'"),
}


@pytest.mark.parametrize("what", LATER)
def test_what_a_card_refuses_later_is_said_as_well(what, there_is):
    code, said = LATER[what]
    there_is(Driver(cuMemAlloc=(code, 0)))
    with pytest.raises(UserError, match=said):
        Card().allocate(10)


def test_a_kernel_is_given_its_numbers_in_64_bits_and_as_many_blocks_as_its_threads_fill(there_is):
    driver = Driver()
    there_is(driver)
    found = Card()
    found.load(".version 6.3", ["find"])
    found.launch("find", BLOCK + 1, (-1, 1 << 40))
    found.launch("find", 0, (5,))
    assert driver.asked == [("the kernel", (2, 1, 1, BLOCK, 1, 1), [BLOCK + 1, -1, 1 << 40])]
    assert (found.free_memory(), found.driver_version()) == (700, "13.0")
    found.read(found.allocate(8), np.zeros(1))
    found.close()
    found.close()
    assert not found.held and driver.called.count("cuDevicePrimaryCtxRelease") == 1


def test_a_card_that_nobody_holds_any_more_gives_back_what_it_held(there_is):
    driver = Driver()
    there_is(driver)
    found = Card()
    found.load(".version 6.3", ["find"])
    found.allocate(8)
    assert "cuMemFree" not in driver.called
    del found
    gc.collect()
    assert driver.called[-3:] == ["cuMemFree", "cuModuleUnload", "cuDevicePrimaryCtxRelease"]
