"""Functions of PTX as functions of LLVM for the processor of this machine, so that tests can run what a card would.

Every instruction becomes what the PTX manual says that it does (NVIDIA, "Parallel Thread Execution ISA"). Those are known that
LLVM writes for rules; another is an error.
"""

import re

from ptx_arithmetic import Arithmetic, bits_of, kind_of

SYMBOL = r"[\w$]+"
STATEMENT = re.compile(r"^(?:@(!?)(%p\d+)\s+)?([\w.]+)\s*(.*)$", re.DOTALL)


class Body(Arithmetic):
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
        return self.new(f"bitcast i{bits} {self.read(operand, bits)} to {kind_of(bits)}")

    def write(self, register: str, value: str, bits: int, signed: bool = False) -> None:
        if register in ("_", "%SP", "%SPL"):
            return
        own = self.registers[register]
        if own != bits:
            value = self.new(f"{'trunc' if own < bits else 'sext' if signed else 'zext'} i{bits} {value} to i{own}")
        self.do(f"store i{own} {value}, ptr {_own(register)}")

    def write_real(self, register: str, value: str, bits: int) -> None:
        self.write(register, self.new(f"bitcast {kind_of(bits)} {value} to i{bits}"), bits)

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
            self.do(
                f"br i1 {holds}, label {'%' + after if negated else '%' + then}, label {'%' + then if negated else '%' + after}"
            )
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
            elif statement.startswith(".") and not statement.startswith(".loc "):
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
