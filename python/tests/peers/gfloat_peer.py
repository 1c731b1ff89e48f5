"""gfloat: values of codes, the five roundings that both have, saturating and not, and codes of values."""

from __future__ import annotations

import gfloat
import gfloat.formats as theirs
import numpy as np

import halfulp
from halfulp import Env, Format

from .check import Check, all_codes, compare, ties

ROUNDINGS = {
    "NearestEven": gfloat.RoundMode.TiesToEven, "NearestAway": gfloat.RoundMode.TiesToAway,
    "TowardZero": gfloat.RoundMode.TowardZero, "Up": gfloat.RoundMode.TowardPositive,
    "Down": gfloat.RoundMode.TowardNegative,
}
FORMATS = {
    "binary16": theirs.format_info_binary16, "bfloat16": theirs.format_info_bfloat16, "e5m2": theirs.format_info_ocp_e5m2,
    "e4m3fn": theirs.format_info_ocp_e4m3, "e3m2": theirs.format_info_ocp_e3m2, "e2m3": theirs.format_info_ocp_e2m3,
    "e2m1": theirs.format_info_ocp_e2m1, "e8m0": theirs.format_info_ocp_e8m0,
}


def pairs() -> list[tuple[str, Format, gfloat.FormatInfo]]:
    rows = [(name, Format(name), info) for name, info in FORMATS.items()]
    for precision in (3, 4):
        info = theirs.format_info_p3109(8, precision)
        made_up = Format(width=8, precision=precision, bias=info.bias, has_inf=True, has_negative_zero=False)
        rows.append((f"P3109 k8p{precision}", made_up, info))
    return rows


def decode(name: str, of: Format, info: gfloat.FormatInfo) -> Check:
    codes = all_codes(of)
    their_values = gfloat.decode_ndarray(info, codes.astype(np.int64))
    ours = halfulp.bits(halfulp.cast(codes, "fp64", format=of))
    return compare(f"{name}: values of codes", ours, their_values.view(np.uint64), Format("fp64"), given=[codes])


def rounding(name: str, of: Format, info: gfloat.FormatInfo, mode: str, saturates: bool) -> Check:
    numbers = ties(of, "fp64").view(np.float64)
    numbers = numbers[np.isfinite(numbers)] if not of.has_nan else numbers
    if not of.has_nan and not saturates:
        numbers = numbers[np.abs(numbers) <= of.max]
    if not of.is_signed:  # gfloat encodes nothing below e8m0's least number
        numbers = numbers[(numbers >= of.smallest) | np.isnan(numbers)]
    with np.errstate(all="ignore"):
        rounded = gfloat.round_ndarray(info, numbers, ROUNDINGS[mode], saturates)
        their_codes = gfloat.encode_ndarray(info, rounded)
    ours = halfulp.cast(numbers, of, mode, env=Env(overflow="saturate" if saturates else "ieee"))
    ours = ours if halfulp.dtype(of).kind == "u" else halfulp.bits(ours)
    return compare(f"{name}: {mode}{', saturating' if saturates else ''}", ours, their_codes, of, given=[numbers.view(np.uint64)])


def checks() -> list[Check]:
    rows = [decode(*pair) for pair in pairs()]
    return rows + [rounding(*pair, mode, sat) for pair in pairs() for mode in ROUNDINGS for sat in (False, True)]
