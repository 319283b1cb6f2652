"""PTX, the assembly that every NVIDIA driver takes, made of what Numba has compiled, on machines without a card too.

LLVM, which comes with Numba, writes it for any card from one file: the code of a processor is code of LLVM before it is that
of a processor. Nothing of NVIDIA's is needed for that. Same bits need two things of it. No product is fused with a sum: each
operation says `.rn`, which the driver may not fuse. And what is left of a division is worked out digit by digit
(policysim/engine/gpu/remainder.py), which LLVM has for a card only nearly.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import llvmlite.binding as llvm
from numba import types

from policysim.engine.gpu.adding import Adding
from policysim.engine.gpu.remainder import remainder
from policysim.errors import UserError

TRIPLE, CARD, VERSION = "nvptx64-nvidia-cuda", "sm_70", "ptx63"
"""Cards from Volta (2017) on, and drivers from 418 (2019) on: no newer instruction would serve."""
FAULTS = "faults"
"""The first argument of every kernel after the number of threads: where the number of a thread stands that met a fault."""
REMAINDER = "remainder_of_reals"
FREM = re.compile(r"= frem (?:[a-z]+ )*double ([^,\n]+), ([^,\n]+)")
INSTRUCTIONS = ("sqrt", "floor", "ceil")
"""What compiled code asks the library of C for, each exact, and a card has instructions for."""
OF_C = re.compile(rf"@({'|'.join(INSTRUCTIONS)})\(")
LAYOUT = re.compile(r"^target (datalayout|triple) = .*$", re.MULTILINE)
FUSED = re.compile(r"\bfma\.|\bmad\.[a-z.]*f(?:32|64)\b|\b(?:add|sub|mul)\.f(?:32|64)\b|\.approx\b|\.ftz\b")
"""What may come out otherwise in the last bit than on a processor."""
ON_A_CARD = re.compile(
    r"llvm\.(?:nvvm|abs|[su](?:max|min|cmp)|[su](?:add|sub|mul)\.(?:with\.overflow|sat)|fabs|sqrt|floor|ceil|trunc|rint|copysign|"
    r"minnum|maxnum|ctlz|cttz|ctpop|fsh[lr]|mem(?:set|cpy|move)|lifetime|assume|masked|vector|is\.fpclass|experimental\.(?:noalias|cttz))\b"
)
"""What LLVM writes out for a card by itself; of anything else it would ask a library, and stop the process for want of it."""
DEPOT = re.compile(r"\.local \.align \d+ \.b8\s+__local_depot\d+\[(\d+)\]")
NUMBER_OF_THREAD = """
declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
define internal i64 @number_of_thread() alwaysinline {
  %tid = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %size = call i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
  %block = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %size64 = zext i32 %size to i64
  %block64 = zext i32 %block to i64
  %tid64 = zext i32 %tid to i64
  %before = mul i64 %size64, %block64
  %number = add i64 %before, %tid64
  ret i64 %number
}
"""
EXACT = """
declare double @llvm.{name}.f64(double)
define double @exact_{name}(double %x) {{
  %found = call double @llvm.{name}.f64(double %x)
  ret double %found
}}
"""
KERNEL = """
declare i32 @{function}(ptr, ptr, {kinds})
define ptx_kernel void @{name}(i64 %threads, ptr %faults, {parameters}) {{
  %t = call i64 @number_of_thread()
  %within = icmp slt i64 %t, %threads
  br i1 %within, label %run, label %end
run:
  %returned = alloca i64
  %raised = alloca ptr
  %status = call i32 @{function}(ptr %returned, ptr %raised, {given})
  %fault = icmp ne i32 %status, 0
  br i1 %fault, label %told, label %end
told:
  %first = atomicrmw umin ptr %faults, i64 %t monotonic
  br label %end
end:
  ret void
}}
"""
WITH_REMAINDER = """
declare i32 @{function}(ptr, ptr, double, double)
define double @{name}(double %x, double %y) {{
  %returned = alloca double
  %raised = alloca ptr
  %status = call i32 @{function}(ptr %returned, ptr %raised, double %x, double %y)
  %value = load double, ptr %returned
  ret double %value
}}
"""


class Kernel(NamedTuple):
    """A compiled function that is one thread's part: its first argument is the number of the thread, its result 0."""

    name: str
    function: Any
    types: tuple[Any, ...]


def ptx_of(kernels: Sequence[Kernel]) -> str:
    """These kernels as one text of PTX; raises UserError where something in them has no such form."""
    for initialise in (llvm.initialize_all_targets, llvm.initialize_all_asmprinters):
        initialise()
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(CARD, f"+{VERSION}", 3, codemodel="default")
    texts, called, around = [], [], NUMBER_OF_THREAD + "".join(EXACT.format(name=name) for name in INSTRUCTIONS)
    for kernel in kernels:
        text, name = _compiled(kernel.function, kernel.types)
        texts.append(text)
        called.append(name)
        around += _around(kernel, name)
    if any(FREM.search(text) for text in texts):
        text, name = _compiled(remainder, (types.float64, types.float64))
        texts.append(text)
        around += WITH_REMAINDER.format(function=name, name=REMAINDER)
    module = _linked([around, *texts], machine)  # what nobody has asked for yet would be left out
    for name in called:
        module.get_function(name).add_function_attribute("alwaysinline")
    for found in (*module.functions, *module.global_variables):
        if not found.is_declaration and found.name not in {kernel.name for kernel in kernels}:
            found.linkage = "internal"
    tuning = llvm.create_pipeline_tuning_options(3)
    tuning.loop_vectorization = tuning.slp_vectorization = False
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    for found in module.functions:
        if found.is_declaration and not ON_A_CARD.match(found.name):
            raise UserError(
                f"a rule asks for {found.name}, which an NVIDIA card does not have; engine 'compiled' has it"
            )
    return _checked(machine.emit_assembly(module))


def _compiled(function: Any, given: tuple[Any, ...]) -> tuple[str, str]:
    """What Numba has made of a function for these types, before it is a processor's, and the name it goes by there."""
    function.compile(given)
    found = function.overloads[given]
    return str(found.library._get_module_for_linking()), found.fndesc.llvm_func_name


def _around(kernel: Kernel, function: str) -> str:
    """The kernel that calls a function: a table comes as its address and its lengths, everything in 64 bits."""
    parameters, given = [], ["i64 %t"]
    for k, kind in enumerate(kernel.types[1:]):
        if isinstance(kind, types.Array):
            size = kind.dtype.bitwidth // 8 if not isinstance(kind.dtype, types.Record) else kind.dtype.size
            parameters += [f"ptr %a{k}", f"i64 %n{k}"]
            given += ["ptr null", "ptr null", f"i64 %n{k}", f"i64 {size}", f"ptr %a{k}", f"i64 %n{k}", f"i64 {size}"]
        elif isinstance(kind, Adding):
            of = [f"ptr %a{k}", f"i64 %r{k}", f"i64 %c{k}"]
            parameters, given = [*parameters, *of], [*given, *of]
        else:
            parameters.append(f"i64 %v{k}")
            given.append(f"i64 %v{k}")
    kinds = ", ".join(each.split()[0] for each in given)
    return KERNEL.format(
        function=function, name=kernel.name, kinds=kinds, parameters=", ".join(parameters), given=", ".join(given)
    )


def _linked(texts: Sequence[str], machine: Any) -> Any:
    """One module of these texts, for a card in place of the processor that they were written for."""
    head = f'target datalayout = "{machine.target_data}"\ntarget triple = "{TRIPLE}"\n'
    whole = llvm.parse_assembly(head)
    for text in texts:
        text = FREM.sub(rf"= call double @{REMAINDER}(double \1, double \2)", LAYOUT.sub("", text))
        text = OF_C.sub(r"@exact_\1(", text)
        is_there = REMAINDER not in text or f"define double @{REMAINDER}" in text
        asks = "" if is_there else f"declare double @{REMAINDER}(double, double)\n"
        whole.link_in(llvm.parse_assembly(f"{head}{text}{asks}"))
    whole.verify()
    return whole


def _checked(text: str) -> str:
    """The same PTX; raises UserError where it would not run to the same bits."""
    fused = FUSED.search(text)
    if fused:
        raise UserError(
            f"a rule became an instruction ({fused.group(0)}) that may differ in its last bit on a card; engine 'compiled' "
            "has the same results on every machine"
        )
    return text


def local_bytes(text: str) -> int:
    """The most memory of its own that a function of this PTX asks for, in bytes a thread: what fits into no register by name."""
    return max(map(int, DEPOT.findall(text)), default=0)
