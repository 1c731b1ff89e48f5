"""One comparison with a peer, and operands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

import halfulp
from halfulp import Format


@dataclass
class Check:
    """How many results were compared, how many differ, and why those do that are expected to."""

    what: str
    compared: int
    differ: int
    expected: int = 0  #: as many differences as there are reasons for
    why: str = "-"
    first: str = ""  #: the first difference


def compare(what: str, ours: np.ndarray, theirs: np.ndarray, of: Format, *, given: Optional[list[np.ndarray]] = None,
            excused: Optional[np.ndarray] = None, why: str = "-") -> Check:
    """Codes of one format against a peer's; any two NaNs are alike. `excused` are the places that differ for a reason."""
    ours, theirs = ours.reshape(-1).astype(np.uint64), theirs.reshape(-1).astype(np.uint64)
    nan = [nan_of(of, x) for x in (ours, theirs)]
    differs = (ours != theirs) & ~(nan[0] & nan[1])
    expected = differs & excused.reshape(-1) if excused is not None else np.zeros_like(differs)
    odd = differs & ~expected
    first = ""
    if odd.any():
        i = int(np.argmax(odd))
        operands = " ".join(hex(int(x.reshape(-1)[i])) for x in given or [])
        first = f"operands {operands}: ours {int(ours[i]):#x}, theirs {int(theirs[i]):#x}"
    return Check(what, ours.size, int(differs.sum()), int(expected.sum()), why if expected.any() else "-", first)


def nan_of(of: Format, codes: np.ndarray) -> np.ndarray:
    if of.width <= 16:
        table = np.array([of.is_nan(c) for c in range(2**of.width)])
        return table[codes.astype(np.int64)]
    return np.isnan(halfulp.cast(codes.astype(f"u{8 if of.width > 32 else 4}"), "fp64", format=of))


def all_codes(of: Format) -> np.ndarray:
    return np.arange(2**of.width).astype(f"u{1 if of.width <= 8 else 2}")


def ties(of: Format, source: str = "fp32") -> np.ndarray:
    """Codes of the source: every number of the format (of 16 bits, every 7th), the middle to the next, and their neighbours; NaNs,
    infinities and numbers beyond."""
    codes = all_codes(of)[:: 1 if of.width <= 8 else 7].copy()
    numbers = halfulp.cast(codes, "fp64", format=of)
    numbers = np.unique(numbers[np.isfinite(numbers)])
    middles = (numbers[:-1] + numbers[1:]) / 2
    ends = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45, 1e38, 3.4e38, 2 * of.max, -2 * of.max, 1.5 * of.max])
    with np.errstate(over="ignore"):
        values = halfulp.cast(np.concatenate([numbers, middles, ends]), source)
    exact = halfulp.bits(values)
    near = np.concatenate([exact, exact + 1, exact - 1])
    return near


def random_codes(of: Format, count: int, seed: int) -> np.ndarray:
    """Uniform codes, and as many with exponents near that of 1."""
    rng = np.random.default_rng(seed)
    size = 1 if of.width <= 8 else 2 if of.width <= 16 else 4 if of.width <= 32 else 8
    any_code = rng.integers(0, 2**of.width, count, np.uint64 if size == 8 else np.int64, endpoint=False).astype(f"u{size}")
    near = rng.standard_normal(count) * np.exp2(rng.integers(-4, 5, count))
    return np.concatenate([any_code, halfulp.bits(halfulp.cast(near, of)) if halfulp.dtype(of).kind != "u" else halfulp.cast(near, of)])
