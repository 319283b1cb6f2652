"""A card that is none: PTX run on the processor, thread after thread, forwards or backwards, over ordinary memory."""

import ctypes
import re
import struct
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from ptx_arithmetic import ROUNDED, bits_of, kind_of
from ptx_on_host import SYMBOL, Body

FUNCTION = re.compile(
    rf"^(?:\.visible )?\.(entry|func)\s+(?:\((\.param[^)]*)\)\s*)?({SYMBOL})\s*(?:\(([^)]*)\))?[^{{;]*?(\{{|;)",
    re.MULTILINE,
)
GLOBAL = re.compile(
    rf"^\.(?:visible )?(?:global|const) (?:\.align \d+ )?\.(\w+) ({SYMBOL})(?:\[(\d+)\])?(?: = ([^;]*))?;", re.MULTILINE
)


def as_llvm(ptx: str) -> tuple[str, list[str]]:
    """A program as LLVM for this processor, and its kernels: each is `run_NAME(parameters, first, end, step, block)`."""
    ptx = re.sub(r"//.*", "", ptx)
    assert ".extern" not in ptx
    texts, kernels = [], []
    for kind, name, number, values in GLOBAL.findall(ptx):
        texts.append(_global(kind, name, int(number or 1), values))
    for found in FUNCTION.finditer(ptx):
        if found.group(5) == ";":
            continue
        end = _closing(ptx, found.end())
        inner = ptx[found.end() : end]
        params = [part for part in [found.group(2), *(found.group(4) or "").split(",")] if part and part.strip()]
        named = [re.search(rf"({SYMBOL})(?:\[\d+\])?\s*$", part.strip()).group(1) for part in params]  # type: ignore[union-attr]
        body = Body(found.group(3), [(each, 64) for each in named], bool(found.group(2)), set())
        entry = found.group(1) == "entry"
        texts.append(body.text(_statements(inner), entry))
        if entry:
            kernels.append(found.group(3))
            texts.append(_loop(found.group(3), len(named)))
    declared = [f"declare double @llvm.{name}.f64(double)" for name in (*ROUNDED.values(), "sqrt")]
    declared += [
        f"declare {kind_of(b)} @llvm.{w}num.f{b}({kind_of(b)}, {kind_of(b)})" for w in ("min", "max") for b in (32, 64)
    ]
    declared += [
        f"declare i{w} @llvm.fpto{s}i.sat.i{w}.f{b}({kind_of(b)})"
        for w in (8, 16, 32, 64)
        for s in "su"
        for b in (32, 64)
    ]
    declared += [f"declare i{w} @llvm.abs.i{w}(i{w}, i1)" for w in (16, 32, 64)]
    return "\n".join([*declared, *texts]), kernels


def _global(kind: str, name: str, number: int, values: str) -> str:
    size = bits_of(kind) // 8
    items = [each.strip() for each in values.strip("{} \n").split(",") if each.strip()] if values else []
    data = b"".join(struct.pack("<q", int(each, 0))[:size] if "generic" not in each else bytes(size) for each in items)
    data = data.ljust(number * size, b"\0")
    text = "".join(f"\\{byte:02x}" for byte in data)
    return f'@"{name}" = internal global [{len(data)} x i8] c"{text}", align 16'


def _closing(text: str, start: int) -> int:
    depth, at = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at - 1


def _statements(body: str) -> list[str]:
    """What ends with a semicolon, and labels; the braces around calls and lists of numbers are told apart by what follows."""
    body = re.sub(r"^\s*\{\s*$|^\s*\}\s*$", "", body, flags=re.MULTILINE)
    body = re.sub(rf"^({SYMBOL}):\s*$", r"\1:;", body, flags=re.MULTILINE)
    return [" ".join(each.split()) for each in body.split(";") if each.strip()]


def _loop(name: str, parameters: int) -> str:
    loads = "\n".join(f"  %p{k} = getelementptr i64, ptr %params, i64 {k}" for k in range(parameters))
    given = ", ".join(["i32 %tid", "i32 %block", "i32 %ctaid", *(f"ptr %p{k}" for k in range(parameters))])
    return f"""
define void @"run_{name}"(ptr %params, i64 %first, i64 %end, i64 %step, i32 %block) {{
{loads}
  %wide = zext i32 %block to i64
  br label %again
again:
  %t = phi i64 [ %first, %0 ], [ %after, %live ]
  %over = icmp eq i64 %t, %end
  br i1 %over, label %done, label %live
live:
  %tid64 = urem i64 %t, %wide
  %ctaid64 = udiv i64 %t, %wide
  %tid = trunc i64 %tid64 to i32
  %ctaid = trunc i64 %ctaid64 to i32
  call void @"{name}"({given})
  %after = add i64 %t, %step
  br label %again
done:
  ret void
}}
"""


class HostCard:
    """What `policysim.engine.gpu.card.Card` is to the engine, over ordinary memory; threads run one after another."""

    programs: dict[str, Any] = {}  # noqa: RUF012 (programs are told apart by their text: kept for all cards of a process)

    def __init__(self, memory: int = 1 << 34, backwards: bool = False, block: int = 256):
        self.memory, self.backwards, self.block = memory, backwards, block
        self.held: dict[int, np.ndarray] = {}
        self.launched: list[tuple[str, int]] = []
        self.name = "a processor"

    def free_memory(self) -> int:
        return self.memory - sum(array.size for array in self.held.values())

    def driver_version(self) -> str:
        return "0.0"

    def load(self, ptx: str, names: Sequence[str]) -> None:
        if ptx not in self.programs:
            self.programs[ptx] = _compiled(ptx)
        self.engine, kernels = self.programs[ptx]
        assert set(names) <= set(kernels)

    def allocate(self, size: int) -> int:
        memory = np.full(size + 64, 0xAB, np.uint8)  # nothing is 0 before somebody says so
        self.held[memory.ctypes.data] = memory
        return memory.ctypes.data

    def release(self, place: int) -> None:
        del self.held[place]

    def write(self, place: int, values: np.ndarray) -> None:
        assert values.flags.c_contiguous
        self._fits(place, values.nbytes)
        ctypes.memmove(place, values.ctypes.data, values.nbytes)

    def read(self, place: int, values: np.ndarray) -> None:
        assert values.flags.c_contiguous
        self._fits(place, values.nbytes)
        ctypes.memmove(values.ctypes.data, place, values.nbytes)

    def clear(self, place: int, size: int) -> None:
        self._fits(place, size)
        ctypes.memset(place, 0, size)

    def _fits(self, place: int, size: int) -> None:
        assert size <= self.held[place].size - 64

    def launch(self, name: str, threads: int, arguments: Sequence[int]) -> None:
        self.launched.append((name, threads))
        if threads:
            given = np.array([threads, *(int(a) & (1 << 64) - 1 for a in arguments)], np.uint64)
            end = -(-threads // self.block) * self.block
            first, last, step = (end - 1, -1, -1) if self.backwards else (0, end, 1)
            call = ctypes.CFUNCTYPE(
                None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int32
            )
            call(self.engine.get_function_address(f"run_{name}"))(given.ctypes.data, first, last, step, self.block)

    def close(self) -> None:
        self.held.clear()


def _compiled(ptx: str) -> tuple[Any, list[str]]:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    text, kernels = as_llvm(ptx)
    module = llvm.parse_assembly(text)
    module.verify()
    machine = llvm.Target.from_default_triple().create_target_machine(opt=0)  # it is run for a moment
    passes = llvm.create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(0)))
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine, kernels
