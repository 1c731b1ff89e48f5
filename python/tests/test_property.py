"""Claim: the strategies draw every kind of number and shrink to readable ones; the laws hold for right functions, and find planted
bugs. Oracle: the planted bugs, and their least counterexamples, worked out by hand."""

import math
import random

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import halfulp
from halfulp import Format, laws, strategies

FORMATS = halfulp.formats()
quick = settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("format", FORMATS, ids=lambda f: f.name)
def test_every_kind_is_found(format):
    kinds = {
        "tiny": (format.has_subnormals, lambda c: 0 < abs(format.value(c)) < format.smallest_normal),
        "largest": (True, lambda c: format.value(c) == format.max),
        "nan": (format.has_nan, format.is_nan),
        "infinite": (format.has_inf, lambda c: math.isinf(format.value(c))),
        "negative": (format.is_signed, lambda c: format.value(c) < 0),
        "zero": (format.has_subnormals, lambda c: format.value(c) == 0),
    }
    seen = set()

    @given(strategies.codes(format))
    @settings(database=None, deadline=None)
    def draw(code):
        assert 0 <= code < 2**format.width
        seen.update(kind for kind, (_, is_kind) in kinds.items() if is_kind(code))

    # Of random bytes each draw is independent and each choice uniform. The rarest kind, a corner with one exponent of four, one
    # fraction of four and one sign, has a share of 1/64: 2000 draws lack it with a chance of 2.1e-14.
    for i in range(2000):
        draw.hypothesis.fuzz_one_input(random.Random(i).randbytes(64))
    assert seen == {kind for kind, (has, _) in kinds.items() if has}


def test_examples_shrink_to_readable_numbers():
    assert find(strategies.floats("fp16"), lambda x: True) == 1.0
    assert math.frexp(find(strategies.floats("fp16"), lambda x: x > 1000.3))[0] == 0.5  # a power of two
    assert find(strategies.floats("fp64"), lambda x: x < 0) == -1.0


@given(strategies.floats("bf16", allow_nan=False, allow_infinity=False, allow_negative=False))
@quick
def test_choices_are_kept(x):
    assert x >= 0 and math.isfinite(x) and x == float(ml_dtypes.bfloat16(x))


@given(strategies.arrays("e4m3", (2, 3), allow_nan=False))
@quick
def test_arrays(x):
    assert x.shape == (2, 3) and x.dtype == ml_dtypes.float8_e4m3fn and np.isfinite(x.astype(np.float32)).all()


def by_halfulp(source, target, rounding=None):
    """A right conversion, on codes."""
    f, t = Format(source), Format(target)
    words = [np.dtype(f"u{n}") for n in (4, 2)]
    return lambda code: int(halfulp.cast(words[f.width <= 16].type(code), t, rounding, format=f).view(words[t.width <= 16]))


def truncated(code):
    """fp32 to bf16 by cutting off, NaNs kept quiet."""
    return code >> 16 | (0x40 if Format("fp32").is_nan(code) else 0)


def ties_away(code):
    """The planted bug: adds half and cuts off, so that ties go away from zero."""
    return truncated(code) if Format("fp32").is_nan(code) else (code + 0x8000) >> 16


@given(strategies.codes("fp32"), strategies.codes("fp32"))
@quick
def test_laws_hold_for_right_conversions(a, b):
    right = by_halfulp("fp32", "bf16")
    laws.correctly_rounded("fp32", "bf16", right, a)
    laws.faithful("fp32", "bf16", right, a)
    laws.monotone("fp32", "bf16", right, a, b)
    laws.sign_symmetric("fp32", "bf16", right, a)
    laws.correctly_rounded("fp32", "bf16", truncated, a, "TowardZero")
    laws.round_trip("bf16", lambda code: code << 16, truncated, a >> 16)


def numpy_half(operation):
    def on_codes(*codes):
        with np.errstate(all="ignore"):
            return int(operation(*(np.uint16(c).view(np.float16) for c in codes)).view(np.uint16))

    return on_codes


@given(strategies.codes("fp16"), strategies.codes("fp16"))
@quick
def test_laws_hold_for_numpy(a, b):
    add, subtract, multiply = (numpy_half(op) for op in (np.add, np.subtract, np.multiply))
    laws.correctly_rounded_operation("fp16", "add", add, a, b)
    laws.correctly_rounded_operation("fp16", "mul", multiply, a, b)
    laws.correctly_rounded_operation("fp16", "sqrt", numpy_half(np.sqrt), a)
    laws.commutative("fp16", multiply, a, b)
    laws.exact_product("fp16", multiply, a, b)
    laws.vanishing("fp16", subtract, a)
    laws.sterbenz("fp16", subtract, a, b)
    laws.idempotent("fp16", numpy_half(np.rint), a)


def broken(strategy, check):
    """The least example that breaks a law, and the message."""
    def breaks(operands):
        try:
            check(*operands)
        except laws.LawBroken:
            return True
        return False

    least = find(strategy, breaks, settings=settings(max_examples=3000, database=None, derandomize=True))
    with pytest.raises(laws.LawBroken) as failure:
        check(*least)
    return least, failure.value


def test_a_planted_bug_is_found_and_shrunk():
    least, failure = broken(
        st.tuples(strategies.codes("fp32")), lambda a: laws.correctly_rounded("fp32", "bf16", ties_away, a)
    )
    assert least == (0x3F808000,)  # 1 + 2^-8: halfway between 1 and 1 + 2^-7
    assert (failure.got, failure.against) == (0x3F81, 0x3F80)
    assert str(failure).splitlines()[1:] == [
        "    operand  0x3f808000 = 0x1.01p+0 = 1.0039062 in fp32",
        "    got      0x3f81 = 0x1.02p+0 = 1.01 in bf16",
        "    against  0x3f80 = 0x1p+0 = 1 in bf16",
    ]


def test_every_operand_is_shown():
    with pytest.raises(laws.LawBroken) as failure:
        laws.commutative("fp16", lambda a, b: a, 0x3C00, 0x4000)
    shown = [line for line in str(failure.value).splitlines() if "operand" in line]
    assert shown == ["    operand  0x3c00 = 0x1p+0 = 1 in fp16", "    operand  0x4000 = 0x1p+1 = 2 in fp16"]


def test_double_rounding_is_found():
    def through_single(x):
        with np.errstate(over="ignore"):
            return np.float16(np.float32(x))

    twice = laws.on_numbers(through_single, "fp64", "fp16")
    least, failure = broken(
        st.tuples(strategies.codes("fp64", allow_nan=False)), lambda a: laws.correctly_rounded("fp64", "fp16", twice, a)
    )
    assert failure.got != failure.against and abs(Format("fp64").value(least[0])) < 65536


def test_operations_with_bugs_are_found():
    flushing = numpy_half(lambda a, b: np.float16(0) if abs(a - b) < 2**-14 else a - b)
    assert broken(
        st.tuples(strategies.codes("fp16"), strategies.codes("fp16")), lambda a, b: laws.sterbenz("fp16", flushing, a, b)
    )
    through_double = numpy_half(lambda a: np.float16(a) * 0 - np.float16(a) * 0 + np.float16(0))
    assert broken(st.tuples(strategies.codes("fp16")), lambda a: laws.faithful("fp16", "fp16", through_double, a))


def test_what_is_no_number_of_the_format_is_named():
    with pytest.raises(laws.LawBroken, match="a number of bf16: 1.1"):
        laws.faithful("fp32", "bf16", laws.on_numbers(lambda x: 1.1, "fp32", "bf16"), 0x3F800000)
