"""softfloatpy, Berkeley SoftFloat: binary16, 32 and 64 in five roundings, both rules of tininess, with flags."""

from __future__ import annotations

import numpy as np
import softfloatpy as sf

import halfulp
from halfulp import Env, Format

from .check import Check, nan_of, random_codes

ROUNDINGS = {
    "NearestEven": sf.RoundingMode.NEAR_EVEN, "TowardZero": sf.RoundingMode.MIN_MAG, "Down": sf.RoundingMode.MIN,
    "Up": sf.RoundingMode.MAX, "NearestAway": sf.RoundingMode.NEAR_MAX_MAG,
}
OPERATIONS = {"add": "add", "sub": "sub", "mul": "mul", "div": "div", "sqrt": "sqrt", "fma": "mul_add", "remainder": "rem"}
COUNT = {"sqrt": 1, "fma": 3}
TYPES = {"f16": (sf.Float16, 2), "f32": (sf.Float32, 4), "f64": (sf.Float64, 8)}
FLAGS = [(halfulp.Flags.INEXACT, 1), (halfulp.Flags.UNDERFLOW, 2), (halfulp.Flags.OVERFLOW, 4),
         (halfulp.Flags.DIVIDE_BY_ZERO, 8), (halfulp.Flags.INVALID, 16)]
EACH = 300  #: operands of an operation in a rounding and a rule of tininess


def their_result(kind: str, operation: str, operands: tuple[int, ...]) -> tuple[int, int]:
    made, size = TYPES[kind]
    sf.set_exception_flags(0)
    given = [made.from_bytes(int(x).to_bytes(size, "big")) for x in operands]
    result = getattr(sf, f"{kind}_{OPERATIONS[operation]}")(*given)
    return int.from_bytes(result.to_bytes(), "big"), int(sf.get_exception_flags())


def check(kind: str, operation: str) -> Check:
    of, compared, differ, first = Format(kind), 0, 0, ""
    columns = [random_codes(of, EACH // 2, seed) for seed in range(COUNT.get(operation, 2))]
    for rounding, mode in ROUNDINGS.items():
        for tininess, rule in (("before", sf.TininessMode.BEFORE_ROUNDING), ("after", sf.TininessMode.AFTER_ROUNDING)):
            sf.set_rounding_mode(mode)
            sf.set_tininess_mode(rule)
            env = Env(rounding, tininess=tininess)
            ours, flags = halfulp.compute(operation, *columns, format=of, to=of, env=env, flags=True)
            codes = halfulp.bits(ours)
            nan = nan_of(of, codes)
            for i, operands in enumerate(zip(*columns)):
                code, raised = their_result(kind, operation, operands)
                our_flags = sum(bit for flag, bit in FLAGS if flags[i] & flag)
                same = (of.is_nan(code) if nan[i] else code == codes[i]) and raised == our_flags
                compared += 1
                if not same:
                    differ += 1
                    first = first or f"{rounding}, tininess {tininess}, {[hex(int(x)) for x in operands]}: ours {int(codes[i]):#x} flags {our_flags}, theirs {code:#x} flags {raised}"
    return Check(f"{kind} {operation}, results and flags", compared, differ, first=first)


def checks() -> list[Check]:
    return [check(kind, operation) for kind in TYPES for operation in OPERATIONS]
