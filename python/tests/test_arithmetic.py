"""Claim: rounding, casts and arithmetic of arrays have the bits of the definition, whatever the array's kind, and refuse what
they do not take. Oracle: fractions.Fraction and numpy's own float32 and float64, which share nothing with the library."""

import math
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

import halfulp
from halfulp import Env, Flags, Format

HALF = [0.0, -0.0, 1.0, -1.5, 2049.0, 65504.0, 65519.99, 65520.0, 1e-8, 2**-24, 2**-25, 3 * 2**-26, math.inf, -math.inf]


def nearest(format: Format, x: float) -> float:
    """To nearest even, by exact rationals over all finite numbers of the format; x is within their range."""
    finite = [(format.value(c), c) for c in range(2**format.width) if math.isfinite(format.value(c))]
    least = min(abs(Fraction(v) - Fraction(x)) for v, _ in finite)
    tied = [(v, c) for v, c in finite if abs(Fraction(v) - Fraction(x)) == least]
    return next((v for v, c in tied if c % 2 == 0), tied[0][0])


def test_half_is_that_of_numpy():
    x = np.array(HALF + [0.1 * i for i in range(-50, 50)], np.float64)
    with np.errstate(over="ignore"):
        wanted, narrowed = x.astype(np.float16), x.astype(np.float32).astype(np.float16)
    assert halfulp.cast(x, "fp16").tobytes() == wanted.tobytes()
    assert halfulp.round(x, "fp16").tobytes() == wanted.astype(np.float64).tobytes()
    assert halfulp.cast(x.astype(np.float32), "fp16").tobytes() == narrowed.tobytes()


@pytest.mark.parametrize("name", ["e2m1", "e3m2", "e2m3", "e5m2"])
def test_small_formats_are_nearest(name):
    format = Format(name)
    for x in np.float32([-7, -0.3, 0.1, 0.25, 0.75, 1.25, 1.75, 2.5, 3.4, 5, 5.0001, 5.9]):
        assert float(halfulp.cast(x, format)) == nearest(format, float(x)), x


def test_arithmetic_is_that_of_numpy():
    rng = np.random.default_rng(1)
    for kind in (np.float32, np.float64):
        a, b = (rng.standard_normal(200).astype(kind) for _ in range(2))
        assert (halfulp.add(a, b) == a + b).all()
        assert (halfulp.sub(a, b) == a - b).all()
        assert (halfulp.mul(a, b) == a * b).all()
        assert (halfulp.div(a, b) == a / b).all()
        assert (halfulp.sqrt(abs(a)) == np.sqrt(abs(a))).all()


def test_fma_is_rounded_once():
    x, c = np.float16(1 + 2**-10), np.float16(-(1 + 2**-9))
    assert x * x + c == 0 and halfulp.fma(x, x, c) == 2**-20


@pytest.mark.parametrize(
    "rounding, wanted",
    [("NearestEven", 2048), ("rna", 2050), ("rz", 2048), ("Down", 2048), ("up", 2050), ("AwayFromZero", 2050), ("ToOdd", 2050)],
)
def test_every_rounding(rounding, wanted):
    assert halfulp.round(2049.0, "fp16", rounding) == wanted
    assert halfulp.add(np.float16(2048), np.float16(1), rounding=rounding) == wanted
    assert halfulp.add(np.float16(2048), np.float16(1), env=Env(rounding)) == wanted


def test_stochastic_is_reproducible_and_unbiased():
    x = np.full(20000, 2049.0, np.float32)
    one = halfulp.round(x, "fp16", rounding="stochastic", seed=7)
    assert (one == halfulp.round(x, "fp16", rounding="stochastic", seed=7)).all()
    assert (one != halfulp.round(x, "fp16", rounding="stochastic", seed=8)).any()
    assert set(one) == {2048.0, 2050.0}
    assert abs((one == 2050).mean() - 0.5) < 4 * 0.5 / math.sqrt(20000)


def test_flags():
    sums, flags = halfulp.add(np.float16([1, 2048, 65504]), np.float16([1, 1, 65504]), flags=True)
    assert [Flags(f) for f in flags] == [Flags(0), Flags.INEXACT, Flags.OVERFLOW | Flags.INEXACT]
    assert math.isinf(sums[2])
    _, flags = halfulp.div(np.float16([1, 0]), np.float16([0, 0]), flags=True)
    assert [Flags(f) for f in flags] == [Flags.DIVIDE_BY_ZERO, Flags.INVALID]
    _, flags = halfulp.cast(np.float32([1e-7]), "fp16", flags=True)
    assert Flags(flags[0]) == Flags.UNDERFLOW | Flags.INEXACT


def test_env():
    assert halfulp.cast(465.0, "e4m3", env=Env(overflow="saturate")) == 448
    assert np.isnan(float(halfulp.cast(465.0, "e4m3")))
    daz, flags = halfulp.add(np.float16(2**-24), np.float16(0), env=Env(flush_inputs=True), flags=True)
    assert daz == 0 and Flags(int(flags)) == Flags.INPUT_DENORMAL
    assert halfulp.mul(np.float16(2**-8), np.float16(2**-10), env=Env(flush_outputs="x86")) == 0
    nan = halfulp.bits(halfulp.sub(np.float16("inf"), np.float16("inf"), env=Env(nan="x86")))
    assert int(nan) == 0xFE00
    assert Env("up").rounding == "Up" and eval(repr(Env("up", nan="arm"))) == Env("ru", nan="arm")


def test_mixed_formats_are_rounded_once():
    a, b = np.float16(2049 - 1), np.float32(1).astype(ml_dtypes.bfloat16)
    assert halfulp.add(a, b, to="fp32") == 2049
    with pytest.raises(TypeError, match="operands of bfloat16, binary16 need to="):
        halfulp.add(a, b)


def test_other_operations():
    x = np.float16([5.5, -3])
    assert (halfulp.compute("remainder", x, np.float16(2)) == [-0.5, 1]).all()
    assert (halfulp.compute("scalb", x, [1, 2]) == [11, -12]).all()
    assert (halfulp.compute("lt", x, np.float16(0)) == [0, 1]).all()
    assert (halfulp.compute("logb_integer", x) == [2, 1]).all()
    assert halfulp.compute("next_up", np.float16(1)) == np.nextafter(np.float16(1), np.float16(2))


@pytest.mark.parametrize("format", halfulp.formats(), ids=lambda f: f.name)
def test_bits_come_back(format):
    count = min(2**format.width, 65536)
    size = next(n for n in (1, 2, 4, 8) if 8 * n >= format.width)
    codes = np.arange(count).astype(f"u{size}")
    numbers = halfulp.from_bits(codes, format)
    assert numbers.dtype == halfulp.dtype(format)
    shown = numbers if numbers.dtype == codes.dtype else halfulp.bits(numbers)
    assert (shown == codes).all() and np.shares_memory(shown, codes)
    wide = halfulp.cast(codes, "fp64", format=format)
    for code in range(0, count, 257):
        assert wide[code] == format.value(code) or math.isnan(wide[code]) == format.is_nan(code)
    back, nan = halfulp.cast(wide, format).view(codes.dtype), np.isnan(wide)
    assert (back[~nan] == codes[~nan]).all()


def test_ulp_distance():
    one = np.float16(1)
    assert halfulp.ulp_distance(one, np.nextafter(one, np.float16(2))) == 1
    assert halfulp.ulp_distance(np.float16(-0.0), np.float16(0.0)) == 0
    assert halfulp.ulp_distance(np.float16(-(2**-24)), np.float16(2**-24)) == 2
    assert halfulp.ulp_distance(np.float16("nan"), one) == 2**64 - 1


def test_formats():
    assert [f.name for f in halfulp.formats()][:4] == ["binary64", "binary32", "tf32", "binary16"]
    half = Format("half")
    assert (half.max, half.smallest_normal, half.smallest, half.emin, half.emax) == (65504, 2**-14, 2**-24, -14, 15)
    assert half == Format.ieee(16, 11) and hash(half) == hash(Format("fp16")) and half != Format("bf16")
    assert halfulp.dtype("fp16") == np.float16 and halfulp.dtype("e4m3") == ml_dtypes.float8_e4m3fn
    assert halfulp.dtype(ml_dtypes.float8_e3m4) == ml_dtypes.float8_e3m4
    odd = Format(width=10, precision=4, bias=30, has_inf=True, nan_codes=7)
    assert halfulp.dtype(odd) == np.uint16 and odd.value(1) == 2.0 ** (1 - 30 - 3)


def test_out_and_broadcasting():
    a = np.arange(6, dtype=np.float16).reshape(2, 3)
    out = np.empty((2, 3), np.float16)
    assert halfulp.add(a, np.float16([1, 2, 3]), out=out) is out
    assert (out == a + np.float16([1, 2, 3])).all()
    codes = np.empty((2, 3), np.uint16)
    halfulp.add(a, a, out=codes)
    assert (codes.view(np.float16) == 2 * a).all()
    with pytest.raises(ValueError, match="shape mismatch|broadcast"):
        halfulp.add(a, np.float16([1, 2]))


def test_out_may_hold_anything():
    codes = np.full(2, 255, np.uint8)
    halfulp.cast(np.float32([1, 2]), "e2m1", out=codes)
    assert (codes == [2, 4]).all()


def test_out_may_overlap_operands():
    x = np.arange(1, 5001, dtype=np.float16)
    for result, operand in ((slice(1, None), slice(-1)), (slice(-1), slice(1, None)), (slice(None), slice(None))):
        z = x.copy()
        halfulp.add(z[operand], x[operand], out=z[result])
        assert (z[result] == x[operand] + x[operand]).all()
    wide = x.astype(np.float32)
    halfulp.cast(wide, "fp16", out=wide.view(np.float16)[:5000])
    assert (wide.view(np.float16)[:5000] == x).all()
    memory = np.zeros(10000, np.float16)
    memory[5000:] = x
    halfulp.cast(memory[5000:], "fp32", out=memory.view(np.float32))
    assert (memory.view(np.float32) == x).all()


def test_empty_arrays_stay_empty():
    assert halfulp.cast(np.empty((0, 3), np.float32), "bf16").shape == (0, 3)
    assert halfulp.add(np.empty(0, np.float16), np.empty(0, np.float16)).shape == (0,)


def test_buffers_and_dlpack():
    import array

    assert (halfulp.cast(array.array("f", [1.0, 2.5]), "fp16") == [1, 2.5]).all()
    assert (halfulp.cast(memoryview(np.float32([3])), "fp16") == [3]).all()

    class Foreign:
        def __init__(self, x):
            self.x = x

        def __dlpack__(self, **how):
            return self.x.__dlpack__(**how)

        def __dlpack_device__(self):
            return self.x.__dlpack_device__()

    assert (halfulp.cast(Foreign(np.float32([3, 4])), "fp16") == [3, 4]).all()


def read_only(x):
    x.flags.writeable = False
    return x


BAD = [
    (lambda: halfulp.cast(np.array([1, 2]), "fp16"), TypeError, "expected a dtype of numpy or ml_dtypes that is a format"),
    (lambda: halfulp.cast(np.array([True]), "fp16"), TypeError, "got bool"),
    (lambda: halfulp.cast(np.array([1j]), "fp16"), TypeError, "got complex128"),
    (lambda: halfulp.cast(np.array(["a"]), "fp16"), TypeError, "expected a dtype"),
    (lambda: halfulp.cast(np.array([None]), "fp16"), TypeError, "object arrays are not accepted"),
    (lambda: halfulp.cast(np.longdouble([1]), "fp16"), TypeError, "got (float128|longdouble)"),
    (lambda: halfulp.cast([1, 2], "fp16"), TypeError, "expected floats, got int64"),
    (lambda: halfulp.cast("1.0", "fp16"), TypeError, "expected numpy arrays"),
    (lambda: halfulp.cast(None, "fp16"), TypeError, "expected numpy arrays"),
    (lambda: halfulp.cast(np.zeros((4, 4), np.float32).T[:, 1:], "fp16"), ValueError, "C-contiguous"),
    (lambda: halfulp.cast(np.zeros(4, np.float32)[::2], "fp16"), ValueError, "numpy.ascontiguousarray makes one"),
    (lambda: halfulp.cast(np.zeros(4, ">f4"), "fp16"), ValueError, "byte order"),
    (lambda: halfulp.cast(np.zeros(4, np.uint16), "fp16"), TypeError, "needs format="),
    (lambda: halfulp.cast(np.zeros(4, np.uint8), "fp16", format="fp16"), TypeError, "codes of binary16 have 16 bits"),
    (lambda: halfulp.cast(np.uint32([0x13C00]), "fp32", format="fp16"), ValueError, "binary16 have 16 bits, got 0x13c00"),
    (lambda: halfulp.cast(np.uint8([16]), "fp32", format="e2m1"), ValueError, "have 4 bits, got 0x10"),
    (lambda: halfulp.from_bits(np.uint32([2**19]), "tf32"), ValueError, "tf32 have 19 bits, got 0x80000"),
    (lambda: halfulp.cast(np.zeros(4, np.float32), "fp16", format="bf16"), TypeError, "expected numbers of bfloat16"),
    (lambda: halfulp.cast(1.0, "fp17"), ValueError, "unknown format 'fp17': expected one of binary64, binary32"),
    (lambda: halfulp.cast(1.0, 16), TypeError, "expected a format by name"),
    (lambda: halfulp.round(1.0, None), TypeError, "expected a format by name, a Format or a numpy dtype, got None"),
    (lambda: halfulp.dtype(None), TypeError, "got None"),
    (lambda: halfulp.cast(1.0, None), TypeError, "got None"),
    (lambda: halfulp.cast(1.0, "fp16", "sideways"), ValueError, "unknown rounding 'sideways'"),
    (lambda: halfulp.cast(1.0, "fp16", "stochastic"), ValueError, "needs a seed"),
    (lambda: halfulp.cast(1.0, "fp16", "stochastic", seed=-1), ValueError, "from 0 to 2\\*\\*64 - 1, got -1"),
    (lambda: halfulp.cast(1.0, "fp16", "stochastic", seed=2**64), ValueError, "seed"),
    (lambda: halfulp.cast(1.0, "fp16", "stochastic", seed=1.5), TypeError, "expected an integer"),
    (lambda: halfulp.cast(1.0, "fp16", env="up"), TypeError, "expected a halfulp.Env"),
    (lambda: halfulp.cast(np.zeros(2, np.float32), "fp16", out=np.zeros(3, np.float16)), ValueError, "shape"),
    (lambda: halfulp.cast(np.zeros(2, np.float32), "fp16", out=read_only(np.zeros(2, np.float16))), ValueError, "read-only"),
    (lambda: halfulp.cast(np.zeros(2, np.float32), "fp16", out=np.zeros(2, np.float32)), TypeError, "out: expected"),
    (lambda: halfulp.add(1.0, 2.0, out=[0.0]), TypeError, "out: expected an array, got list"),
    (lambda: halfulp.add(1.0, 2.0, out=0.0), TypeError, "out: expected an array, got float"),
    (lambda: halfulp.add(1.0, 2.0, out=np.float64(0)), TypeError, "out: expected an array, got float64"),
    (lambda: halfulp.cast(np.float32(1), "fp16", out=np.float16(0)), TypeError, "out: expected an array, got float16"),
    (lambda: halfulp.cast(np.ma.array([1.0], mask=[True]), "fp16"), TypeError, "masked arrays are not accepted"),
    (lambda: halfulp.cast([1.0], "fp64", out=np.ma.array([1.0], mask=[True])), TypeError, "masked arrays are not accepted"),
    (lambda: halfulp.round(np.float16(1), "fp32"), ValueError, "has every number of binary32"),
    (lambda: halfulp.add(np.float16(1)), TypeError, "takes 2|positional"),
    (lambda: halfulp.compute("plus", np.float16(1)), ValueError, "unknown operation 'plus'"),
    (lambda: halfulp.compute("scalb", np.float16(1), 0.5), TypeError, "expected integers"),
    (lambda: Format(width=8, precision=8, bias=0), ValueError, "room for sign, exponent and fraction"),
    (lambda: Format(width=16, precision=4, bias=0), ValueError, "binary64"),
    (lambda: Format.ieee(100, 11), ValueError, "expected 2 to 11 bits of exponent"),
    (lambda: halfulp.from_bits(np.zeros(2, np.int16), "fp16"), TypeError, "expected a dtype"),
]


@pytest.mark.parametrize("call, error, message", BAD, ids=range(len(BAD)))
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_reads_read_only_arrays():
    assert (halfulp.cast(read_only(np.ones(3, np.float32)), "fp16") == 1).all()
