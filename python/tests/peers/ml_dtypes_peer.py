"""ml_dtypes: casts and arithmetic of all its formats, those of one number a byte."""

from __future__ import annotations

import ml_dtypes
import numpy as np

import halfulp

from .check import Check, all_codes, compare, random_codes, ties

NAMES = [
    "bfloat16", "float8_e3m4", "float8_e4m3", "float8_e4m3b11fnuz", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2",
    "float8_e5m2fnuz", "float8_e8m0fnu", "float6_e2m3fn", "float6_e3m2fn", "float4_e2m1fn",
]
OPERATIONS = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}


NO_NAN = "the format has no NaN: nothing says what becomes of one"
E8M0 = "e8m0 has no zero, and no even number: ours are the least number and the even code, theirs NaN and the larger number"


def excuse(of: halfulp.Format, exact: np.ndarray) -> tuple[np.ndarray, str]:
    """Where nothing says what a result is, given the exact one in fp64, and why."""
    if not of.has_subnormals:
        return (exact < of.smallest) | (np.abs(np.frexp(exact)[0]) == 0.75), E8M0
    if not of.has_nan:
        return ~(np.abs(exact) <= of.max), NO_NAN
    return np.zeros(exact.shape, bool), "-"


def format_of(name: str) -> halfulp.Format:
    from halfulp._arrays import find_format

    return find_format(name)


def narrow(name: str, source: str) -> Check:
    of, dtype = format_of(name), np.dtype(getattr(ml_dtypes, name))
    codes = np.concatenate([ties(of, source), random_codes(halfulp.Format(source), 50000, 1)])
    numbers = codes.view(np.float32 if source == "fp32" else np.float64)
    with np.errstate(all="ignore"):
        theirs = numbers.astype(dtype).view(f"u{dtype.itemsize}")
    ours = halfulp.bits(halfulp.cast(numbers, of))
    excused, why = excuse(of, halfulp.cast(numbers, "fp64"))
    return compare(f"{source} to {name}", ours, theirs, of, given=[codes], excused=excused, why=why)


def widen(name: str) -> Check:
    of, dtype = format_of(name), np.dtype(getattr(ml_dtypes, name))
    codes = all_codes(of)
    ours = halfulp.bits(halfulp.cast(codes, "fp32", format=of))
    return compare(f"{name} to fp32", ours, codes.view(dtype).astype(np.float32).view(np.uint32), halfulp.Format("fp32"),
                   given=[codes])


def arithmetic(name: str, operation: str) -> Check:
    of, dtype = format_of(name), np.dtype(getattr(ml_dtypes, name))
    if of.width <= 8:
        a, b = (x.reshape(-1).copy() for x in np.meshgrid(all_codes(of), all_codes(of)))
    else:
        a, b = random_codes(of, 100000, 2), random_codes(of, 100000, 3)
    with np.errstate(all="ignore"):
        theirs = OPERATIONS[operation](a.view(dtype), b.view(dtype)).view(a.dtype)
        exact = OPERATIONS[operation](a.view(dtype).astype(np.float64), b.view(dtype).astype(np.float64))
    ours = halfulp.bits(halfulp.compute(operation, a.view(dtype), b.view(dtype)))
    excused, why = excuse(of, exact)
    return compare(f"{name} {operation}", ours, theirs, of, given=[a, b], excused=excused, why=why)


def between() -> list[Check]:
    """Every pair of formats of at most 8 bits, all codes."""
    parts = []
    for source in NAMES[1:]:
        for target in NAMES[1:]:
            of, dtype = format_of(target), np.dtype(getattr(ml_dtypes, target))
            numbers = all_codes(format_of(source)).view(getattr(ml_dtypes, source))
            with np.errstate(all="ignore"):
                theirs = numbers.astype(dtype).view(np.uint8)
            excused, why = excuse(of, halfulp.cast(numbers, "fp64"))
            parts.append(compare(f"{source} to {target}", halfulp.bits(halfulp.cast(numbers, of)), theirs, of,
                                 given=[halfulp.bits(numbers)], excused=excused, why=why))
    return parts


def checks() -> list[Check]:
    rows = [narrow(name, source) for name in NAMES for source in ("fp32", "fp64")]
    rows += [widen(name) for name in NAMES] + between()
    return rows + [arithmetic(name, operation) for name in NAMES for operation in OPERATIONS]
