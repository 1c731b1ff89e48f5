"""Values of halfulp as numbers in gdb: Float<F>, Scalar<F>, Operand and Exact.

From an installation below gdb's own prefix it is loaded by itself; from elsewhere by `source halfulp.py`.
The numbers are exact, and computed here from the codes: no function of the program is called.
"""

import re
from fractions import Fraction

import gdb
import gdb.printing

FORMAT_FIELDS = ("width", "precision", "bias", "nan_codes", "has_inf", "is_signed", "has_negative_zero", "has_subnormals")
FLOAT_NAME = re.compile(r"^halfulp::(?:Float|Scalar)<\s*(?:(?:halfulp::)?Format)?\s*\{(.*)\}\s*>$")


def format_of_name(name):
    """The format in the name of a type, such as Float<Format{16, 11, 15, 1023, true, true, true, true}>."""
    match = FLOAT_NAME.match(name)
    if match is None:
        return None
    words = [word.split("=")[-1].strip() for word in match.group(1).split(",")]
    if len(words) != len(FORMAT_FIELDS):
        return None
    numbers = [int(word in ("true", "1")) if word in ("true", "false") else int(word.rstrip("ul"), 0) for word in words]
    return dict(zip(FORMAT_FIELDS, numbers))


def number_text(number):
    """Exactly as a decimal, where Python's shortest one of binary64 is; otherwise as a fraction."""
    try:
        if Fraction(float(number)) == number:
            return repr(float(number)).removesuffix(".0")
    except OverflowError:
        pass
    return str(number)


def code_text(f, code):
    """A code of a format: 0x2e66 = 0.0999755859375."""
    magnitude = code & ((1 << (f["width"] - f["is_signed"])) - 1)
    negative = f["is_signed"] and code >> (f["width"] - 1) & 1
    last_number = (1 << (f["width"] - f["is_signed"])) - 1 - f["nan_codes"]
    sign = "-" if negative else ""
    fraction_bits = f["precision"] - 1
    if magnitude > last_number or (negative and magnitude == 0 and not f["has_negative_zero"]):
        text = "nan"
    elif f["has_inf"] and magnitude == last_number:
        text = sign + "inf"
    else:
        exponent, fraction = magnitude >> fraction_bits, magnitude & ((1 << fraction_bits) - 1)
        if exponent == 0 and f["has_subnormals"]:
            exponent = 1
        else:
            fraction += 1 << fraction_bits
        text = sign + number_text(Fraction(fraction) * Fraction(2) ** (exponent - f["bias"] - fraction_bits))
    return "{:#0{}x} = {}".format(code, 2 + (f["width"] + 3) // 4, text)


class FloatPrinter:
    """Float<F> and Scalar<F>."""

    def __init__(self, value, f):
        self.value, self.format = value, f

    def to_string(self):
        return code_text(self.format, int(self.value["code"]))


class OperandPrinter:
    """A code with its format, known at run time only."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        f = {field: int(self.value["format"][field]) for field in FORMAT_FIELDS}
        return code_text(f, int(self.value["code"]))


class ExactPrinter:
    """A number without format."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        kind = str(self.value["kind"]).rpartition("::")[2]
        sign = "-" if self.value["negative"] else ""
        if kind != "Finite":
            return {"NaN": "nan", "Inf": sign + "inf"}.get(kind, sign + "0")
        significand = int(self.value["sig"].format_string(format="x"), 16)  # int() takes 64 bits
        return sign + number_text(Fraction(significand) * Fraction(2) ** int(self.value["exp"]))


def halfulp_printer(value):
    name = value.type.strip_typedefs().unqualified().name or ""
    f = format_of_name(name)
    if f is not None:
        return FloatPrinter(value, f)
    return {"halfulp::Operand": OperandPrinter, "halfulp::Exact": ExactPrinter}.get(name, lambda _: None)(value)


gdb.printing.register_pretty_printer(gdb.current_objfile(), halfulp_printer, replace=True)
