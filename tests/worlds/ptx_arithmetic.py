"""Arithmetic of PTX as that of LLVM: what each instruction does to the numbers in registers."""

from typing import Any

COMPARED = {
    "eq": "eq",
    "ne": "ne",
    "lt": "lt",
    "le": "le",
    "gt": "gt",
    "ge": "ge",
    "lo": "lt",
    "ls": "le",
    "hi": "gt",
    "hs": "ge",
}
MATHS = {
    "add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv",
}  # fmt: skip
WHOLE = {"add": "add", "sub": "sub", "and": "and", "or": "or", "xor": "xor"}
ROUNDED = {"rni": "rint", "rzi": "trunc", "rmi": "floor", "rpi": "ceil"}


def bits_of(kind: str) -> int:
    """How wide a type of PTX is."""
    return 1 if kind == "pred" else int(kind[1:])


def kind_of(bits: int) -> str:
    """The real numbers of so many bits, as LLVM calls them."""
    return {64: "double", 32: "float"}[bits]


class Arithmetic:
    """Instructions that take and give numbers; `read`, `real`, `write`, `write_real`, `new` and `address` are those of `Body`."""

    read: Any
    real: Any
    write: Any
    write_real: Any
    new: Any
    address: Any

    def _two(self, what: str, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[-1].startswith("f"):
            assert "rn" in kinds, kinds
            first, second = (self.real(each, bits) for each in given[1:])
            self.write_real(given[0], self.new(f"{MATHS[what]} {kind_of(bits)} {first}, {second}"), bits)
        else:
            first, second = (self.read(each, bits) for each in given[1:])
            self.write(given[0], self.new(f"{WHOLE[what]} i{bits} {first}, {second}"), bits)

    def do_add(self, kinds, given):
        self._two("add", kinds, given)

    def do_sub(self, kinds, given):
        self._two("sub", kinds, given)

    def do_and(self, kinds, given):
        self._two("and", kinds, given)

    def do_or(self, kinds, given):
        self._two("or", kinds, given)

    def do_xor(self, kinds, given):
        self._two("xor", kinds, given)

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
            first, second = (
                self.new(f"{extend} i{bits} {self.read(each, bits)} to i{2 * bits}") for each in given[1:3]
            )
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
            kind = kind_of(bits)
            found = self.new(f"call {kind} @llvm.{what}num.f{bits}({kind} {first}, {kind} {second})")
            return self.write_real(given[0], found, bits)
        first, second = (self.read(each, bits) for each in given[1:])
        order = f"{'s' if sign == 's' else 'u'}{'lt' if what == 'min' else 'gt'}"
        test = self.new(f"icmp {order} i{bits} {first}, {second}")
        return self.write(given[0], self.new(f"select i1 {test}, i{bits} {first}, i{bits} {second}"), bits)

    def do_min(self, kinds, given):
        self._least("min", kinds, given)

    def do_max(self, kinds, given):
        self._least("max", kinds, given)

    def do_not(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        self.write(given[0], self.new(f"xor i{bits} {self.read(given[1], bits)}, -1"), bits)

    def do_neg(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[-1].startswith("f"):
            return self.write_real(given[0], self.new(f"fneg {kind_of(bits)} {self.real(given[1], bits)}"), bits)
        return self.write(given[0], self.new(f"sub i{bits} 0, {self.read(given[1], bits)}"), bits)

    def do_abs(self, kinds: list[str], given: list[str]) -> None:
        bits = bits_of(kinds[-1])
        if kinds[-1].startswith("f"):
            kept = self.new(f"and i{bits} {self.read(given[1], bits)}, {2 ** (bits - 1) - 1}")
            return self.write(given[0], kept, bits)
        return self.write(
            given[0], self.new(f"call i{bits} @llvm.abs.i{bits}(i{bits} {self.read(given[1], bits)}, i1 false)"), bits
        )

    def do_shl(self, kinds, given):
        self._shifted("shl", kinds, given)

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
            return self.write(given[0], self.new(f"fcmp {order} {kind_of(bits)} {first}, {second}"), 1)
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
                value = self.new(f"call {kind_of(own)} @llvm.{ROUNDED[how]}.f{own}({kind_of(own)} {value})")
            else:
                value = self.new(f"{'fpext' if wide > own else 'fptrunc'} {kind_of(own)} {value} to {kind_of(wide)}")
            return self.write_real(given[0], value, wide)
        if of.startswith("f"):
            assert kinds[0] == "rzi", kinds
            sign = "s" if to.startswith("s") else "u"
            value = self.new(
                f"call i{wide} @llvm.fpto{sign}i.sat.i{wide}.f{own}({kind_of(own)} {self.real(given[1], own)})"
            )
            return self.write(given[0], value, wide, sign == "s")
        value, sign = self.read(given[1], own), "s" if of.startswith("s") else "u"
        if to.startswith("f"):
            return self.write_real(given[0], self.new(f"{sign}itofp i{own} {value} to {kind_of(wide)}"), wide)
        if wide != own:
            value = self.new(
                f"{'trunc' if wide < own else 'sext' if sign == 's' else 'zext'} i{own} {value} to i{wide}"
            )
        return self.write(given[0], value, wide, to.startswith("s"))

    def do_atom(self, kinds: list[str], given: list[str]) -> None:
        what, kind = kinds[-2:]
        bits = bits_of(kind)
        name = {"add": "add", "min": "umin" if kind.startswith("u") else "min"}[what]
        place = self.address(given[1])
        self.write(
            given[0], self.new(f"atomicrmw {name} ptr {place}, i{bits} {self.read(given[2], bits)} monotonic"), bits
        )

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
