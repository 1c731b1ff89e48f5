"""Hypothesis strategies for numbers of any format: edges are drawn often, and examples shrink to readable numbers: towards 1,
without sign, with few bits in the fraction."""

from __future__ import annotations

from typing import Any, Union

import numpy as np
from hypothesis import strategies as st

from ._arrays import FormatLike, code_dtype, dtype, find_format
from ._halfulp import Format
from ._words import in_words

__all__ = ["arrays", "codes", "floats"]


def _fractions(format: Format) -> st.SearchStrategy[int]:
    """Zero, one bit or two (ties, and what is next to them), a run of ones, anything; what stands first is simpler."""
    count = format.precision - 1
    if count == 0:
        return st.just(0)
    ones = 2**count - 1
    single = st.integers(0, count - 1).map(lambda i: 1 << (count - 1 - i))
    run = st.tuples(st.integers(0, count), st.integers(0, count)).map(lambda cut: (ones >> cut[0] << cut[1]) & ones)
    two = st.tuples(single, single).map(lambda bits: bits[0] | bits[1])
    return st.one_of(st.just(0), single, two, run, st.integers(0, ones))


def _exponents(format: Format) -> st.SearchStrategy[int]:
    """The exponent field: that of 1, those around the ends of the range, any."""
    last, one = _last_exponent(format), _exponent_of_one(format)
    edges = sorted({i for i in (one, 0, 1, 2, last - 2, last - 1, last) if 0 <= i <= last}, key=lambda i: abs(i - one))
    return st.one_of(st.just(one), st.integers(0, last).map(lambda i: (one + i) % (last + 1)), st.sampled_from(edges))


def _corners(format: Format) -> st.SearchStrategy[tuple[int, int]]:
    """Ends of the exponents with ends of the fractions: zero, the least and the largest numbers of each sort, infinity, NaN. They are
    drawn as pairs, since two rare fields meet rarely."""
    last, one = _last_exponent(format), _exponent_of_one(format)
    ones = 2 ** (format.precision - 1) - 1
    exponents = sorted({i for i in (0, 1, last - 1, last) if 0 <= i <= last}, key=lambda i: abs(i - one))
    fractions = sorted({i for i in (0, 1, ones - 1, ones) if 0 <= i <= ones})
    return st.tuples(st.sampled_from(exponents), st.sampled_from(fractions))


def _last_exponent(format: Format) -> int:
    return 2 ** (format.width - format.is_signed - format.precision + 1) - 1


def _exponent_of_one(format: Format) -> int:
    return min(max(format.bias, 0), _last_exponent(format))


def codes(
    format: FormatLike, *, allow_nan: bool = True, allow_infinity: bool = True, allow_negative: bool = True
) -> st.SearchStrategy[int]:
    """Codes of the format, as integers."""
    f = find_format(format)
    sign = st.sampled_from([0, 1 << (f.width - 1)]) if f.is_signed and allow_negative else st.just(0)
    fields = st.one_of(st.tuples(_exponents(f), _fractions(f)), _corners(f))
    drawn = st.tuples(sign, fields).map(lambda x: x[0] | x[1][0] << (f.precision - 1) | x[1][1])
    if not allow_nan and f.has_nan:
        drawn = drawn.filter(lambda code: not f.is_nan(code))
    if not allow_infinity and f.has_inf:
        drawn = drawn.filter(lambda code: abs(f.value(code)) != float("inf"))
    return drawn


def floats(
    format: FormatLike, *, allow_nan: bool = True, allow_infinity: bool = True, allow_negative: bool = True
) -> st.SearchStrategy[float]:
    """Numbers of the format, as floats of Python, which have every one of them exactly."""
    f = find_format(format)
    how = {"allow_nan": allow_nan, "allow_infinity": allow_infinity, "allow_negative": allow_negative}
    return codes(f, **how).map(f.value)


def arrays(format: FormatLike, shape: Union[int, tuple[int, ...]], **how: Any) -> st.SearchStrategy[np.ndarray]:
    """Arrays of numbers of the format, of dtype(format); keywords as floats() takes them."""
    f = find_format(format)
    size = np.empty(shape, np.uint8).size
    drawn = st.lists(codes(f, **how), min_size=size, max_size=size)
    return drawn.map(lambda all: np.array(all, code_dtype(f)).view(dtype(f)).reshape(shape))


in_words(globals(), __all__)
