"""Claim: predict gives the bits that the rows of the table define, explain finds the unit that made a result, and
assert_bits_equal says what explain does. Oracle: results known from publications (absorption in truncating units), exact
integer products of numpy, float32 chains of numpy."""

import ml_dtypes
import numpy as np
import pytest

import halfulp
from halfulp import Plan


def chain(a, b, c):
    """The FMA chain of fp32-fma, for operands whose products float64 has: each step rounded once, as no sum is halfway there."""
    d = c.astype(np.float32)
    for k in range(a.shape[1]):
        d = (a[:, k, None].astype(np.float64) * b[None, k].astype(np.float64) + d).astype(np.float32)
    return d


def operands(rng, m=4, n=5, k=32, kind=np.float16):
    return (rng.standard_normal(shape).astype(kind) for shape in ((m, k), (k, n)))


def test_a_truncating_unit_cuts_off():
    # 1 + 16 * 2^-24: a truncating unit loses each term below its 24 bits; exact arithmetic rounds up to 1 + 2^-20.
    a = np.float16([[2.0**-12] * 16])
    b = np.float16([[2.0**-12 * 0.75]] * 16)
    c = np.float32([[1]])
    assert halfulp.predict("fp32-fma", a, b, c)[0, 0] == 1
    assert halfulp.predict("correctly-rounded", a, b, c, Plan(output="fp32"))[0, 0] == np.float32(1 + 12 * 2.0**-24)
    h100 = halfulp.predict("H100:mma.sync:fp16-fp32", a, b, c)
    assert h100.dtype == np.float32 and h100[0, 0] < 1 + 12 * 2.0**-24


def test_integers_are_exact():
    rng = np.random.default_rng(3)
    a, b = rng.integers(-128, 128, (3, 64), np.int8), rng.integers(-128, 128, (64, 4), np.int8)
    c = rng.integers(-1000, 1000, (3, 4), np.int32)
    d = halfulp.predict("A100:mma.sync:s8-s32", a, b, c)
    assert d.dtype == np.int32
    assert (d == a.astype(np.int32) @ b.astype(np.int32) + c).all()
    small = [x.astype(ml_dtypes.int4) for x in (rng.integers(-8, 8, (3, 64)), rng.integers(-8, 8, (64, 4)))]
    wanted = small[0].astype(np.int32) @ small[1].astype(np.int32)
    assert (halfulp.predict("A100:mma.sync:s4-s32", *small) == wanted).all()


def test_a_plain_sum_is_a_chain():
    a, b = operands(np.random.default_rng(4))
    c = np.zeros((4, 5), np.float32)
    assert (halfulp.predict("fp32-fma", a, b, c).view(np.uint32) == chain(a, b, c).view(np.uint32)).all()


def test_plan():
    a, b = operands(np.random.default_rng(5), k=64)
    halves = [halfulp.predict("fp32-fma", a[:, s].copy(), b[s]) for s in (slice(0, 32), slice(32, 64))]
    split = halfulp.predict("fp32-fma", a, b, plan=Plan(split_k=2, tile_k=32))
    assert (split == np.float32(halves[0]) + np.float32(halves[1])).all()
    half = halfulp.predict("fp32-fma", a, b, plan=Plan(output="fp16"))
    assert half.dtype == np.float16 and (half == halfulp.predict("fp32-fma", a, b).astype(np.float16)).all()
    assert "split-K by 2" in repr(Plan(split_k=2))


def test_a_wider_c_is_rounded_at_the_start():
    zero, c = np.zeros((1, 16), np.float16), np.array([[1 + 3 * 2.0**-24, 1e300]])
    zeros = np.zeros((16, 2), np.float16)
    assert (halfulp.predict("fp32-fma", zero, zeros, c) == np.float32([[1 + 2.0**-22, np.inf]])).all()


def test_scales():
    e2m1 = np.ones((1, 64), ml_dtypes.float4_e2m1fn)
    scales = np.full((1, 4), 2.0, ml_dtypes.float8_e4m3fn)
    d = halfulp.predict("B200:e2m1-fp32", e2m1, e2m1.T.copy(), a_scales=scales, b_scales=scales.T.copy())
    assert d[0, 0] == 64 * 2 * 2


def test_integers_and_scales_as_codes():
    values = np.int8([[-8, -1, 0, 7] * 16])
    codes = (values & 15).view(np.uint8)
    ones = np.ones((64, 1), ml_dtypes.int4)
    for x in (values, codes, values.astype(ml_dtypes.int4)):
        assert halfulp.predict("A100:mma.sync:s4-s32", x, ones, formats={"a": "s4"})[0, 0] == values.sum()
    e2m1 = np.ones((1, 64), ml_dtypes.float4_e2m1fn)
    two = np.full((1, 4), 2.0, ml_dtypes.float8_e4m3fn)
    for scales in (two, two.view(np.uint8)):
        how = dict(a_scales=scales, b_scales=scales.T.copy(), scale_format="ue4m3")
        assert halfulp.predict("B200:e2m1-fp32", e2m1, e2m1.T.copy(), **how)[0, 0] == 64 * 2 * 2


def test_every_unit_is_found_by_its_name():
    rows = halfulp.units()
    assert len(rows) > 100 and {"H100", "MI300X", "x86"} <= {row["processor"] for row in rows}
    row = next(r for r in rows if r["name"] == "A100 mma.sync wmma fp16->fp32")
    assert (row["a"], row["accumulator"], row["group"], row["fraction_bits"]) == ("fp16", "fp32", 8, 24)
    assert "fp32-fma" in halfulp.plain_sums()
    one = np.ones((1, 8), np.float16)
    assert halfulp.predict(row["name"], one, one.T.copy())[0, 0] == 8


def test_explain_finds_the_unit():
    a, b = operands(np.random.default_rng(6))
    d = halfulp.predict("A100:fp16-fp32", a, b)
    found = halfulp.explain(a, b, d=d)
    assert found.conclusion == "reproduced" and found.holds and any("A100" in name for name in found.units)
    assert halfulp.explain(a, b, d=d, unit="A100").holds
    assert not halfulp.explain(a, b, d=d, unit="V100:fp16-fp32").holds


def test_assert_bits_equal(assert_bits_equal):
    a, b = operands(np.random.default_rng(7))
    predicted = halfulp.predict("A100:fp16-fp32", a, b)
    assert_bits_equal(np.array(predicted), predicted)
    assert_bits_equal(np.float32("nan"), -np.float32("nan"), nans_alike=True)
    with pytest.raises(AssertionError, match=r"first at \(\): expected 0x3f800000 = 0x1p\+0, got 0x3f800001 .* off by 1 ulp"):
        assert_bits_equal(np.nextafter(np.float32(1), np.float32(2)), np.float32(1))
    with pytest.raises(AssertionError, match="expected fp32 of shape"):
        assert_bits_equal(np.zeros((4, 5), np.float16), predicted)


def test_a_failure_is_explained(assert_bits_equal):
    a, b = operands(np.random.default_rng(8))
    predicted = halfulp.predict("A100:fp16-fp32", a, b)
    with pytest.raises(AssertionError, match="V100") as failure:
        assert_bits_equal(halfulp.predict("V100:fp16-fp32", a, b), predicted)
    assert "elements differ" in str(failure.value)


@pytest.mark.parametrize("one, other", [("i1", "u1"), ("i4", "u4"), ("int4", "i1"), ("int4", "uint4")])
def test_types_of_integers_are_compared(assert_bits_equal, one, other):
    x, y = (np.ones(3, np.int8).astype(getattr(ml_dtypes, name, name)) for name in (one, other))
    with pytest.raises(AssertionError, match=f"expected {y.dtype.name} of shape .*, got {x.dtype.name} of"):
        assert_bits_equal(x, y)
    assert_bits_equal(x, x.copy())


def test_four_bits_are_compared(assert_bits_equal):
    assert_bits_equal(np.uint8([0x0F]).view(ml_dtypes.int4), np.uint8([0xFF]).view(ml_dtypes.int4))
    with pytest.raises(AssertionError, match="expected 0x0f, got 0x07"):
        assert_bits_equal(np.int8([7]).astype(ml_dtypes.int4), np.int8([-1]).astype(ml_dtypes.int4))


@pytest.mark.parametrize("plan, why", [(Plan(output="tf32"), "needs format="), (Plan(alpha=float("nan")), "alpha")])
def test_a_failure_without_explanation_is_one(assert_bits_equal, plan, why):
    predicted = halfulp.predict("fp32-fma", *operands(np.random.default_rng(9)), plan=plan)
    with pytest.raises(AssertionError, match=f"(?s)elements differ.*without an explanation: .*{why}"):
        assert_bits_equal(np.zeros_like(np.array(predicted)), predicted)


half = np.ones((2, 4), np.float16)


def s8(**how):
    """predict of 2 x 32 and 32 x 2 ones, or what is given instead, as what is told."""
    how = {"a": np.ones((2, 32), np.int8), "b": np.ones((32, 2), np.int8), **how}
    return halfulp.predict("A100:mma.sync:s8-s32", **how)


def s4(x):
    return halfulp.predict("A100:mma.sync:s4-s32", x, x.T.copy(), formats={"a": "s4", "b": "s4"})


def scaled(scales, scale_format=None):
    e2m1 = np.ones((1, 64), ml_dtypes.float4_e2m1fn)
    how = dict(a_scales=scales, b_scales=scales.T.copy(), scale_format=scale_format)
    return halfulp.predict("B200:e2m1-fp32", e2m1, e2m1.T.copy(), **how)


BAD = [
    (lambda: halfulp.predict("A1000", half, half.T.copy()), ValueError, "A1000"),
    (lambda: halfulp.predict("A100", half, half.T.copy()), ValueError, "expected one unit"),
    (lambda: halfulp.predict("V100", half.astype(ml_dtypes.bfloat16), half.astype(ml_dtypes.bfloat16).T.copy()), ValueError, "bf16"),
    (lambda: halfulp.predict("fp32-fma", half, half), ValueError, "expected"),
    (lambda: halfulp.predict("fp32-fma", half, half.T), ValueError, "contiguous"),
    (lambda: halfulp.predict("fp32-fma", half[0], half), ValueError, "expected a matrix"),
    (lambda: halfulp.predict("fp32-fma", half, half.T.copy(), half), ValueError, "expected"),
    (lambda: halfulp.predict("fp32-fma", half.astype(np.int64), half), TypeError, "got int64"),
    (lambda: halfulp.predict("fp32-fma", half, half.T.copy(), plan="plain"), TypeError, r"predict: expected plan: Optional\[Plan\], got str"),
    (lambda: halfulp.predict("fp32-fma", half, half.T.copy(), formats={"e": "fp16"}), ValueError, "expected formats of a, b, c or d"),
    (lambda: s8(c=np.ones((2, 2), np.float32), formats={"c": "s32"}), TypeError, "c: expected s32 in int32 or uint32, got float32"),
    (lambda: s8(a=np.ones((2, 32), ml_dtypes.float8_e5m2), formats={"a": "s8"}), TypeError, "got float8_e5m2"),
    (lambda: s8(a=np.ones((2, 32), bool), formats={"a": "s8"}), TypeError, "a: expected s8 in int8 or uint8, got bool"),
    (lambda: s8(a=np.ones((2, 32), np.int8), formats={"a": "u8"}), TypeError, "a: expected u8 in uint8, got int8"),
    (lambda: s4(np.full((1, 64), 8, np.int8)), ValueError, "s4 in int8 to be from -8 to 7"),
    (lambda: s4(np.full((1, 64), -9, np.int8)), ValueError, "s4 in int8 to be from -8 to 7"),
    (lambda: s4(np.full((1, 64), 16, np.uint8)), ValueError, "s4 in uint8 to be from 0 to 15"),
    (lambda: scaled(np.ones((1, 4), ml_dtypes.float8_e5m2), "ue4m3"), TypeError, "got float8_e5m2"),
    (lambda: scaled(np.ones((1, 4), bool), "ue4m3"), TypeError, "got bool"),
    (lambda: scaled(np.ones((1, 4), ml_dtypes.float8_e8m0fnu), "ue4m3"), TypeError, "got float8_e8m0fnu"),
    (lambda: scaled(np.full((1, 4), -2, ml_dtypes.float8_e4m3fn)), ValueError, "a_scales: ue4m3 has no sign"),
    (lambda: scaled(np.full((1, 4), 0x80, np.uint8), "ue4m3"), ValueError, "a_scales: ue4m3 has no sign"),
    (lambda: halfulp.explain(half, half.T.copy()), TypeError, "needs d"),
    (lambda: Plan(order="Random"), ValueError, "unknown order 'Random'"),
]


@pytest.mark.parametrize("call, error, message", BAD, ids=range(len(BAD)))
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
