"""A card that is none: PTX run on the processor, thread after thread, in any order, over ordinary memory.

Every instruction of a program becomes instructions of LLVM for the processor of this machine, as the PTX manual says what it
does (NVIDIA, "Parallel Thread Execution ISA"). It knows those that LLVM writes for rules; another is an error.
"""

import ctypes
import re
import struct
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numpy as np

SYMBOL = r"[\w$]+"
STATEMENT = re.compile(r"^(?:@(!?)(%p\d+)\s+)?([\w.]+)\s*(.*)$", re.DOTALL)
COMPARED = {"eq": "eq", "ne": "ne", "lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "lo": "lt", "ls": "le", "hi": "gt", "hs": "ge"}
MATHS = {
    "add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv",
}  # fmt: skip
WHOLE = {"add": "add", "sub": "sub", "and": "and", "or": "or", "xor": "xor"}
ROUNDED = {"rni": "rint", "rzi": "trunc", "rmi": "floor", "rpi": "ceil"}
ORDERS = ("forwards", "backwards")


def bits_of(kind: str) -> int:
    """How wide a type of PTX is."""
    return 1 if kind == "pred" else int(kind[1:])


class Body:
    """One function of PTX, being written as one of LLVM."""

    def __init__(self, name: str, params: list[tuple[str, int]], returned: bool, known: set[str]):
        self.name, self.params, self.returned, self.known = name, params, returned, known
        self.lines: list[str] = []
        self.registers: dict[str, int] = {}
        self.places: dict[str, str] = {param: f"%in.{k}" for k, (param, _) in enumerate(params)}
        self.allocated: dict[str, str] = {}
        self.tables: dict[str, list[str]] = {}
        self.count = 0

    def new(self, text: str) -> str:
        """An instruction with a result."""
        self.count += 1
        self.lines.append(f"  %t{self.count} = {text}")
        return f"%t{self.count}"

    def do(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def label(self) -> str:
        self.count += 1
        return f"next{self.count}"

    # ---------------------------------------------------------------- operands
    def read(self, operand: str, bits: int) -> str:
        """An operand as a whole number of so many bits."""
        if operand in ("%SP", "%SPL"):
            return self.new(f"ptrtoint ptr %depot to i{bits}")
        if operand in ("%tid.x", "%ntid.x", "%ctaid.x"):
            return f"%{operand[1:-2]}"
        if operand.startswith("%"):
            own = self.registers[operand]
            value = self.new(f"load i{own}, ptr {_own(operand)}")
            return value if own == bits else self.new(f"{'trunc' if own > bits else 'zext'} i{own} {value} to i{bits}")
        if operand.startswith("0d"):
            return str(int(operand[2:], 16))
        if operand.startswith("0f"):
            return str(int(operand[2:], 16))
        if re.fullmatch(r"-?(?:0x[0-9A-Fa-f]+|\d+)U?", operand):
            return str(int(operand.rstrip("U"), 0))
        if operand in ("true", "false"):
            return operand
        return self.new(f"ptrtoint ptr {self.place(operand)} to i{bits}")

    def real(self, operand: str, bits: int) -> str:
        return self.new(f"bitcast i{bits} {self.read(operand, bits)} to {_float(bits)}")

    def write(self, register: str, value: str, bits: int, signed: bool = False) -> None:
        if register == "_":
            return
        own = self.registers[register]
        if own != bits:
            value = self.new(f"{'trunc' if own < bits else 'sext' if signed else 'zext'} i{bits} {value} to i{own}")
        self.do(f"store i{own} {value}, ptr {_own(register)}")

    def write_real(self, register: str, value: str, bits: int) -> None:
        self.write(register, self.new(f"bitcast {_float(bits)} {value} to i{bits}"), bits)

    def place(self, name: str) -> str:
        """Where something that has a name lies."""
        if name.startswith("__local_depot"):
            return "%depot"
        return self.places.get(name) or f'@"{name}"'

    def address(self, operand: str) -> str:
        """[%rd1+8], [name] or [name+8] as a pointer."""
        inner = operand.strip("[] ")
        base, _, offset = inner.partition("+")
        if base.startswith("%"):
            whole = self.new(f"add i64 {self.read(base, 64)}, {int(offset or 0)}")
            return self.new(f"inttoptr i64 {whole} to ptr")
        return self.new(f"getelementptr i8, ptr {self.place(base)}, i64 {int(offset or 0)}")

    # ---------------------------------------------------------------- statements
    def statement(self, text: str) -> None:
        found = STATEMENT.match(text)
        assert found is not None, text
        negated, predicate, op, rest = found.groups()
        after = ""
        if predicate:
            holds = self.read(predicate, 1)
            then, after = self.label(), self.label()
            self.do(f"br i1 {holds}, label {'%' + after if negated else '%' + then}, label {'%' + then if negated else '%' + after}")
            self.lines.append(f"{then}:")
        name, *kinds = op.split(".")
        getattr(self, f"do_{name}")(kinds, _operands(rest))
        if predicate:
            self.do(f"br label %{after}")
            self.lines.append(f"{after}:")

    def do_mov(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[0])
        to, what = given
        if to.startswith("{"):
            value, parts = self.read(what, bits), _operands(to.strip("{}"))
            width = bits // len(parts)
            for k, part in enumerate(parts):
                moved = self.new(f"lshr i{bits} {value}, {k * width}")
                self.write(part, self.new(f"trunc i{bits} {moved} to i{width}"), width)
        elif what.startswith("{"):
            parts, value = _operands(what.strip("{}")), "0"
            width = bits // len(parts)
            for k, part in enumerate(parts):
                wide = self.new(f"zext i{width} {self.read(part, width)} to i{bits}")
                value = self.new(f"or i{bits} {value}, {self.new(f'shl i{bits} {wide}, {k * width}')}")
            self.write(to, value, bits)
        else:
            self.write(to, self.read(what, bits), bits)

    def do_ld(self, kinds: list[str], given: list[str]) -> None:
        bits, signed = bits_of(kinds[-1]), kinds[-1].startswith("s")
        into = _operands(given[0].strip("{}"))
        base = self.address(given[1])
        for k, register in enumerate(into):
            place = self.new(f"getelementptr i8, ptr {base}, i64 {k * bits // 8}")
            self.write(register, self.new(f"load i{bits}, ptr {place}, align 1"), bits, signed)

    def do_st(self, kinds: list[str], given: list[str]) -> None:
        bits, base = bits_of(kinds[-1]), self.address(given[0])
        for k, operand in enumerate(_operands(given[1].strip("{}"))):
            place = self.new(f"getelementptr i8, ptr {base}, i64 {k * bits // 8}")
            self.do(f"store i{bits} {self.read(operand, bits)}, ptr {place}, align 1")

    def do_cvta(self, kinds: list[str], given: list[str]) -> None:
        self.write(given[0], self.read(given[1], 64), 64)

    def _two(self, what: str, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[-1].startswith("f"):
            assert "rn" in kinds, kinds
            first, second = (self.real(each, bits) for each in given[1:])
            self.write_real(given[0], self.new(f"{MATHS[what]} {_float(bits)} {first}, {second}"), bits)
        else:
            first, second = (self.read(each, bits) for each in given[1:])
            self.write(given[0], self.new(f"{WHOLE[what]} i{bits} {first}, {second}"), bits)

    def do_add(self, kinds, given): self._two("add", kinds, given)
    def do_sub(self, kinds, given): self._two("sub", kinds, given)
    def do_and(self, kinds, given): self._two("and", kinds, given)
    def do_or(self, kinds, given): self._two("or", kinds, given)
    def do_xor(self, kinds, given): self._two("xor", kinds, given)

    def do_mul(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[-1].startswith("f"):
            return self._two("mul", kinds, given)
        extend = "sext" if kinds[-1].startswith("s") else "zext"
        first, second = (self.new(f"{extend} i{bits} {self.read(each, bits)} to i{2 * bits}") for each in given[1:])
        product = self.new(f"mul i{2 * bits} {first}, {second}")
        if kinds[0] == "wide":
            return self.write(given[0], product, 2 * bits)
        if kinds[0] == "hi":
            product = self.new(f"lshr i{2 * bits} {product}, {bits}")
        return self.write(given[0], self.new(f"trunc i{2 * bits} {product} to i{bits}"), bits)

    def do_mad(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[0] == "wide":
            extend = "sext" if kinds[-1].startswith("s") else "zext"
            first, second = (self.new(f"{extend} i{bits} {self.read(each, bits)} to i{2 * bits}") for each in given[1:3])
            bits *= 2
        else:
            assert kinds[0] == "lo", kinds
            first, second = (self.read(each, bits) for each in given[1:3])
        product = self.new(f"mul i{bits} {first}, {second}")
        self.write(given[0], self.new(f"add i{bits} {product}, {self.read(given[3], bits)}"), bits)

    def do_div(self, kinds: list[str], given: list[str]) -> None:
        if kinds[-1].startswith("f"):
            return self._two("div", kinds, given)
        return self._divided("div", kinds, given)

    def do_rem(self, kinds: list[str], given: list[str]) -> None:
        self._divided("rem", kinds, given)

    def _divided(self, what: str, kinds: list[str], given: list[str]) -> None:
        bits, sign = bits_of(kinds[-1]), "s" if kinds[-1].startswith("s") else "u"
        first, second = (self.read(each, bits) for each in given[1:])
        self.write(given[0], self.new(f"{sign}{what} i{bits} {first}, {second}"), bits)

    def do_rcp(self, kinds: list[str], given: list[str]) -> None:
        assert kinds == ["rn", "f64"], kinds
        self.write_real(given[0], self.new(f"fdiv double 1.0, {self.real(given[1], 64)}"), 64)

    def do_sqrt(self, kinds: list[str], given: list[str]) -> None:
        assert kinds == ["rn", "f64"], kinds
        self.write_real(given[0], self.new(f"call double @llvm.sqrt.f64(double {self.real(given[1], 64)})"), 64)

    def _least(self, what: str, kinds: list[str], given: list[str]) -> None:
        bits, sign = bits_of(kinds[-1]), kinds[-1][0]
        if sign == "f":
            first, second = (self.real(each, bits) for each in given[1:])
            kind = _float(bits)
            found = self.new(f"call {kind} @llvm.{what}num.f{bits}({kind} {first}, {kind} {second})")
            return self.write_real(given[0], found, bits)
        first, second = (self.read(each, bits) for each in given[1:])
        order = f"{'s' if sign == 's' else 'u'}{'lt' if what == 'min' else 'gt'}"
        test = self.new(f"icmp {order} i{bits} {first}, {second}")
        return self.write(given[0], self.new(f"select i1 {test}, i{bits} {first}, i{bits} {second}"), bits)

    def do_min(self, kinds, given): self._least("min", kinds, given)
    def do_max(self, kinds, given): self._least("max", kinds, given)

    def do_not(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        self.write(given[0], self.new(f"xor i{bits} {self.read(given[1], bits)}, -1"), bits)

    def do_neg(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[-1].startswith("f"):
            return self.write_real(given[0], self.new(f"fneg {_float(bits)} {self.real(given[1], bits)}"), bits)
        return self.write(given[0], self.new(f"sub i{bits} 0, {self.read(given[1], bits)}"), bits)

    def do_abs(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[-1].startswith("f"):
            kept = self.new(f"and i{bits} {self.read(given[1], bits)}, {2 ** (bits - 1) - 1}")
            return self.write(given[0], kept, bits)
        return self.write(given[0], self.new(f"call i{bits} @llvm.abs.i{bits}(i{bits} {self.read(given[1], bits)}, i1 false)"), bits)

    def do_shl(self, kinds, given): self._shifted("shl", kinds, given)

    def do_shr(self, kinds: list[str], given: list[str]) -> None:
        self._shifted("ashr" if kinds[-1].startswith("s") else "lshr", kinds, given)

    def _shifted(self, what: str, kinds: list[str], given: list[str]) -> None:
        """So far that nothing is left, and no further: LLVM says nothing of more."""
        bits, far = bits_of(kinds[-1]), self.read(given[2], 32)
        wide = self.new(f"zext i32 {far} to i128")
        extend = "sext" if what == "ashr" else "zext"
        value = self.new(f"{extend} i{bits} {self.read(given[1], bits)} to i128")
        most = self.new(f"icmp ugt i128 {wide}, {bits}")
        moved = self.new(f"{what} i128 {value}, {self.new(f'select i1 {most}, i128 {bits}, i128 {wide}')}")
        self.write(given[0], self.new(f"trunc i128 {moved} to i{bits}"), bits)

    def do_setp(self, kinds: list[str], given: list[str]) -> None:
        (compared, kind), bits = kinds, bits_of(kinds[-1])
        if kind.startswith("f"):
            first, second = (self.real(each, bits) for each in given[1:])
            order = {"num": "ord", "nan": "uno"}.get(compared) or (
                f"u{compared[:-1]}" if len(compared) == 3 else f"o{compared}"
            )
            return self.write(given[0], self.new(f"fcmp {order} {_float(bits)} {first}, {second}"), 1)
        first, second = (self.read(each, bits) for each in given[1:])
        order = COMPARED[compared]
        sign = "" if order in ("eq", "ne") else "s" if kind.startswith("s") else "u"
        return self.write(given[0], self.new(f"icmp {sign}{order} i{bits} {first}, {second}"), 1)

    def do_selp(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        first, second = (self.read(each, bits) for each in given[1:3])
        self.write(given[0], self.new(f"select i1 {self.read(given[3], 1)}, i{bits} {first}, i{bits} {second}"), bits)

    def do_cvt(self, kinds: list[str], given: list[str]) -> None:
        to, of = kinds[-2:]
        wide, own = bits_of(to), bits_of(of)
        if of.startswith("f") and to.startswith("f"):
            value = self.real(given[1], own)
            if wide == own:
                (how,) = kinds[:-2]
                value = self.new(f"call {_float(own)} @llvm.{ROUNDED[how]}.f{own}({_float(own)} {value})")
            else:
                value = self.new(f"{'fpext' if wide > own else 'fptrunc'} {_float(own)} {value} to {_float(wide)}")
            return self.write_real(given[0], value, wide)
        if of.startswith("f"):
            assert kinds[0] == "rzi", kinds
            sign = "s" if to.startswith("s") else "u"
            value = self.new(f"call i{wide} @llvm.fpto{sign}i.sat.i{wide}.f{own}({_float(own)} {self.real(given[1], own)})")
            return self.write(given[0], value, wide, sign == "s")
        value, sign = self.read(given[1], own), "s" if of.startswith("s") else "u"
        if to.startswith("f"):
            return self.write_real(given[0], self.new(f"{sign}itofp i{own} {value} to {_float(wide)}"), wide)
        if wide != own:
            value = self.new(f"{'trunc' if wide < own else 'sext' if sign == 's' else 'zext'} i{own} {value} to i{wide}")
        return self.write(given[0], value, wide, to.startswith("s"))

    def do_atom(self, kinds: list[str], given: list[str]) -> None:
        what, kind = kinds[-2:]
        bits = bits_of(kind)
        name = {"add": "add", "min": "umin" if kind.startswith("u") else "min"}[what]
        place = self.address(given[1])
        self.write(given[0], self.new(f"atomicrmw {name} ptr {place}, i{bits} {self.read(given[2], bits)} monotonic"), bits)

    do_red = None

    def do_prmt(self, kinds: list[str], given: list[str]) -> None:
        """Bytes of two words in another order, by a number that stands there."""
        both = self.new(f"zext i32 {self.read(given[2], 32)} to i64")
        low = self.new(f"zext i32 {self.read(given[1], 32)} to i64")
        both = self.new(f"or i64 {self.new(f'shl i64 {both}, 32')}, {low}")
        chosen, value = int(given[3].rstrip("U"), 0), "0"
        for k in range(4):
            which = chosen >> (4 * k) & 0xF
            byte = self.new(f"trunc i64 {self.new(f'lshr i64 {both}, {8 * (which & 7)}')} to i8")
            if which & 8:
                byte = self.new(f"ashr i8 {byte}, 7")
            wide = self.new(f"zext i8 {byte} to i32")
            value = self.new(f"or i32 {value}, {self.new(f'shl i32 {wide}, {8 * k}')}")
        self.write(given[0], value, 32)

    def do_bfe(self, kinds: list[str], given: list[str]) -> None:
        assert kinds[0].startswith("u"), kinds
        bits = bits_of(kinds[-1])
        moved = self.new(f"lshr i{bits} {self.read(given[1], bits)}, {int(given[2])}")
        self.write(given[0], self.new(f"and i{bits} {moved}, {2 ** int(given[3]) - 1}"), bits)

    def do_bra(self, kinds: list[str], given: list[str]) -> None:
        self.do(f"br label %{_label(given[0])}")
        self.lines.append(f"{self.label()}:")

    def do_brx(self, kinds: list[str], given: list[str]) -> None:
        labels = self.tables[given[1]]
        cases = " ".join(f"i32 {k}, label %{_label(label)}" for k, label in enumerate(labels))
        self.do(f"switch i32 {self.read(given[0], 32)}, label %{_label(labels[-1])} [ {cases} ]")
        self.lines.append(f"{self.label()}:")

    def do_ret(self, kinds: list[str], given: list[str]) -> None:
        self.do("ret void")
        self.lines.append(f"{self.label()}:")

    def do_call(self, kinds: list[str], given: list[str]) -> None:
        returned = given.pop(0).strip("()") if given[0].startswith("(") else ""
        name, *arguments = given
        places = _operands(arguments[0].strip("()")) if arguments else []
        passed = ", ".join(f"ptr {self.places[place]}" for place in [*([returned] if returned else []), *places])
        self.do(f'call void @"{name}"({passed})')

    def do_pragma(self, kinds: list[str], given: list[str]) -> None:
        """Advice to the driver."""

    # ---------------------------------------------------------------- the whole
    def declare(self, text: str) -> None:
        """Registers, memory of a function's own, and what calls pass on."""
        if found := re.match(r"\.reg \.(\w+)\s+(%\w+?)<(\d+)>", text):
            kind, stem, number = found.groups()
            self.registers |= {f"{stem}{k}": bits_of(kind) for k in range(int(number))}
        elif found := re.match(r"\.reg \.(\w+)\s+(%SPL?)$", text):
            return
        elif found := re.match(rf"\.local \.align \d+ \.b8\s+({SYMBOL})\[(\d+)\]", text):
            self.allocated["%depot"] = f"alloca [{found.group(2)} x i8], align 16"
        elif found := re.match(rf"\.param (?:\.align \d+ )?\.(\w+)\s+({SYMBOL})(?:\[(\d+)\])?", text):
            kind, name, size = found.groups()
            self.count += 1
            self.places[name] = f"%param{self.count}"
            self.allocated[self.places[name]] = f"alloca [{int(size or 1) * bits_of(kind) // 8} x i8], align 16"
        else:
            raise AssertionError(text)

    def text(self, statements: list[str], entry: bool) -> str:
        for statement in statements:
            if found := re.match(rf"({SYMBOL}):\s*\.branchtargets\s*(.*)", statement, re.DOTALL):
                self.tables[found.group(1)] = [each.strip() for each in found.group(2).split(",")]
        for statement in statements:
            if ".branchtargets" in statement or statement.startswith(".pragma"):
                continue
            if statement.endswith(":"):
                label = _label(statement[:-1])
                self.do(f"br label %{label}")
                self.lines.append(f"{label}:")
            elif statement.startswith(".") and not statement.startswith(".loc"):
                self.declare(statement)
            else:
                self.statement(statement)
        heads = [f"  {_own(name)} = alloca i{bits}" for name, bits in self.registers.items()]
        heads += [f"  {name} = {what}" for name, what in self.allocated.items()]
        taken = [f"ptr %in.{k}" for k in range(len(self.params))]
        taken = [*(["i32 %tid", "i32 %ntid", "i32 %ctaid"] if entry else []), *taken]
        body = "\n".join([*heads, *self.lines])
        return f'define internal void @"{self.name}"({", ".join(taken)}) {{\n{body}\n  ret void\n}}\n'


def _own(register: str) -> str:
    return f"%r.{register[1:]}"


def _float(bits: int) -> str:
    return {64: "double", 32: "float"}[bits]


def _label(name: str) -> str:
    return f'"{name.strip()}"'


def _operands(text: str) -> list[str]:
    """What stands between the commas, brackets taken together."""
    found, depth, now = [], 0, ""
    for letter in text:
        depth += letter in "{[("
        depth -= letter in "}])"
        if letter == "," and depth == 0:
            found.append(now.strip())
            now = ""
        else:
            now += letter
    return [*found, *([now.strip()] if now.strip() else [])]


FUNCTION = re.compile(
    rf"^(?:\.visible )?\.(entry|func)\s+(?:\((\.param[^)]*)\)\s*)?({SYMBOL})\s*(?:\(([^)]*)\))?[^{{;]*?(\{{|;)", re.MULTILINE
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
    declared += [f"declare {_float(b)} @llvm.{w}num.f{b}({_float(b)}, {_float(b)})" for w in ("min", "max") for b in (32, 64)]
    declared += [f"declare i{w} @llvm.fpto{s}i.sat.i{w}.f{b}({_float(b)})" for w in (8, 16, 32, 64) for s in "su" for b in (32, 64)]
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
        self.crossed = 0
        self.name = "a processor"

    def free_memory(self) -> int:
        return self.memory - sum(array.size for array in self.held.values())

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
        self.crossed += values.nbytes
        self._fits(place, values.nbytes)
        ctypes.memmove(place, values.ctypes.data, values.nbytes)

    def read(self, place: int, values: np.ndarray) -> None:
        assert values.flags.c_contiguous
        self.crossed += values.nbytes
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
            call = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int32)
            call(self.engine.get_function_address(f"run_{name}"))(given.ctypes.data, first, last, step, self.block)

    def close(self) -> None:
        self.held.clear()


def _compiled(ptx: str) -> tuple[Any, list[str]]:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    text, kernels = as_llvm(ptx)
    module = llvm.parse_assembly(text)
    module.verify()
    machine = llvm.Target.from_default_triple().create_target_machine(opt=1)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(1))
    builder.getModulePassManager().run(module, builder)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine, kernels
