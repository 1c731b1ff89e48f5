"""apytypes: formats that are in no table, with IEEE's special values: casts in five roundings, and arithmetic."""

from __future__ import annotations

import apytypes
import numpy as np

import halfulp
from halfulp import Format

from .check import Check, compare, random_codes, ties

ROUNDINGS = {
    "NearestEven": apytypes.QuantizationMode.TIES_EVEN, "NearestAway": apytypes.QuantizationMode.TIES_AWAY,
    "TowardZero": apytypes.QuantizationMode.TO_ZERO, "Up": apytypes.QuantizationMode.TO_POS,
    "Down": apytypes.QuantizationMode.TO_NEG,
}
ODD = [(4, 5), (5, 9), (6, 4), (8, 3), (3, 12), (7, 8)]  #: bits of the exponent and of the fraction
OPERATIONS = {"add": "__add__", "sub": "__sub__", "mul": "__mul__", "div": "__truediv__"}


def cast(exponent: int, fraction: int, rounding: str) -> Check:
    of = Format.ieee(1 + exponent + fraction, fraction + 1)
    numbers = np.concatenate([ties(of, "fp64"), random_codes(Format("fp64"), 2000, 1)]).view(np.float64)
    wide = apytypes.APyFloatArray.from_float(numbers, 11, 52)
    theirs = np.array(wide.cast(exponent, fraction, quantization=ROUNDINGS[rounding]).to_bits(), np.uint64)
    return compare(f"fp64 to e{exponent}m{fraction}, {rounding}", halfulp.cast(numbers, of, rounding), theirs, of,
                   given=[numbers.view(np.uint64)])


def arithmetic(exponent: int, fraction: int, operation: str) -> Check:
    of = Format.ieee(1 + exponent + fraction, fraction + 1)
    a, b = random_codes(of, 10000, 2), random_codes(of, 10000, 3)
    theirs = [apytypes.APyFloatArray.from_bits(x.astype(np.int64), exponent, fraction) for x in (a, b)]
    result = np.array(getattr(theirs[0], OPERATIONS[operation])(theirs[1]).to_bits(), np.uint64)
    return compare(f"e{exponent}m{fraction} {operation}", halfulp.compute(operation, a, b, format=of, to=of), result, of,
                   given=[a, b])


def checks() -> list[Check]:
    rows = [cast(*odd, rounding) for odd in ODD for rounding in ROUNDINGS]
    return rows + [arithmetic(*odd, operation) for odd in ODD for operation in OPERATIONS]
