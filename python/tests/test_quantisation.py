"""Claim: quantisers compute what their definition says, for tensors, channels and blocks. Oracle: the definition in numpy's
float32, which rounds each step once."""

import numpy as np
import pytest

import halfulp
from halfulp import Quantiser

X = np.random.default_rng(1).standard_normal((6, 64)).astype(np.float32)


def codes_of(x, scale, zero, least=-128, greatest=127):
    return np.clip(np.rint(x / np.float32(scale)).astype(np.int64) + zero, least, greatest)


def test_minmax_by_the_rule_of_onnx():
    q = halfulp.calibrate(X)
    low, high = np.float32(min(X.min(), 0)), np.float32(max(X.max(), 0))
    scale = np.float32(high - low) / np.float32(255)
    assert q.scale == [scale] and q.zero_point == [int(np.rint(np.clip(np.float32(-128) - low / scale, -128, 127)))]
    codes = halfulp.quantise(X, q)
    assert codes.dtype == np.int8 and (codes == codes_of(X, scale, q.zero_point[0])).all()
    levels = (codes.astype(np.float32) - np.float32(q.zero_point[0])) * scale
    assert (halfulp.dequantise(codes, q) == levels).all() and (halfulp.fake_quant(X, q) == levels).all()
    out = np.empty_like(X)
    assert halfulp.fake_quant(X, q, out=out) is out and (out == levels).all()


def test_out_may_overlap_the_numbers():
    q = halfulp.calibrate(X)
    x = X.reshape(-1)
    for result, operand in ((slice(1, None), slice(-1)), (slice(-1), slice(1, None)), (slice(None), slice(None))):
        z = x.copy()
        halfulp.fake_quant(z[operand], q, out=z[result])
        assert (z[result] == halfulp.fake_quant(x[operand], q)).all()
    z, last = x.copy(), 3 * x.size
    halfulp.quantise(z, q, out=z.view(np.int8)[last:])
    assert (z.view(np.int8)[last:] == halfulp.quantise(x, q)).all()


def test_channels_and_blocks():
    q = halfulp.calibrate(X, symmetric=True, granularity="channel", axis=0)
    assert len(q.scale) == 6
    wanted = codes_of(X, np.float32(q.scale)[:, None], 0)
    assert (halfulp.quantise(X, q) == wanted).all()
    blocks = halfulp.calibrate(X, symmetric=True, granularity="block", block=16)
    scales = np.repeat(np.float32(blocks.scale).reshape(6, 4), 16, axis=1)
    assert (halfulp.quantise(X, blocks) == codes_of(X, scales, 0)).all()
    assert (halfulp.dequantise(halfulp.quantise(X, blocks), blocks) == halfulp.fake_quant(X, blocks)).all()


def test_calibrations():
    data = X.copy()
    data[0, 0] = 40
    best = halfulp.calibrate(data, "auto", bits=4)
    assert all(best.sqnr >= halfulp.calibrate(data, m, bits=4).sqnr for m in ("minmax", "percentile", "mse", "entropy"))
    assert halfulp.calibrate(data, "percentile", percentile=99).scale[0] < halfulp.calibrate(data).scale[0]


@pytest.mark.parametrize("bits, signed, kind", [(8, False, "u1"), (4, True, "i1"), (12, True, "i2"), (16, False, "u2")])
def test_widths(bits, signed, kind):
    q = halfulp.calibrate(X, bits=bits, signed=signed)
    assert halfulp.quantise(X, q).dtype == np.dtype(kind) and q.greatest - q.least == 2**bits - 1


def test_stochastic():
    q = Quantiser([1.0], [0], rounding="stochastic")
    x = np.full(10000, 2.25, np.float32)
    codes = halfulp.quantise(x, q, seed=3)
    assert set(codes) == {2, 3} and abs((codes == 3).mean() - 0.25) < 4 * 0.44 / 100
    assert (codes == halfulp.quantise(x, q, seed=3)).all()
    with pytest.raises(ValueError, match="needs a seed"):
        halfulp.quantise(x, q)


def test_gradient():
    q = Quantiser([0.5], [10])
    x, up = np.float32([-1000, -1, 0, 1, 58, 59, 1000]), np.arange(1, 8, dtype=np.float32)
    inside = codes_of(x, 0.5, 10, -(10**9), 10**9)
    assert (halfulp.fake_quant_grad(x, up, q) == np.where((inside >= -128) & (inside <= 127), up, 0)).all()


@pytest.mark.parametrize("name", halfulp.block_formats())
def test_block_formats(name):
    elements, scales = halfulp.to_blocks(X, name)
    block = X.shape[1] // scales.shape[1]
    assert elements.shape == X.shape and block == (16 if name == "nvfp4" else 32)
    back = halfulp.from_blocks(elements, scales, name)
    factors = np.repeat(scales.astype(np.float32), block, axis=1)
    assert (back == elements.astype(np.float32) * factors).all()
    assert np.abs(back - X).max() < np.abs(X).max() / 2


def test_tensors_are_detached_and_never_written_behind_autograd():
    torch = pytest.importorskip("torch", reason="torch is not installed", exc_type=ImportError)
    q, x = Quantiser([0.5], [0]), torch.full((3,), 1.2, requires_grad=True)
    assert not halfulp.fake_quant(x, q).requires_grad and not halfulp.add(x, x).requires_grad
    for call in (lambda: halfulp.fake_quant(X[0, :3], q, out=x), lambda: halfulp.add(x, x, out=x)):
        with pytest.raises(ValueError, match="automatic differentiation"):
            call()
    assert (x == 1.2).all()


def negative_scales():
    elements, scales = halfulp.to_blocks(X, "nvfp4")
    return elements, -scales


BAD = [
    (lambda: halfulp.calibrate(X.astype(np.float64)), TypeError, "expected float32"),
    (lambda: halfulp.calibrate(np.empty(0, np.float32)), ValueError, "expected numbers, got none"),
    (lambda: halfulp.calibrate(np.float32([np.nan, 1])), ValueError, "finite"),
    (lambda: halfulp.calibrate(X, "median"), ValueError, "unknown calibration 'median'"),
    (lambda: halfulp.calibrate(X, bits=17), ValueError, "expected 2 to 16 bits"),
    (lambda: halfulp.calibrate(X, percentile=0), ValueError, "percentile above 0"),
    (lambda: halfulp.calibrate(X, granularity="row"), ValueError, "unknown granularity"),
    (lambda: halfulp.calibrate(X, granularity="channel", axis=2), ValueError, "axis"),
    (lambda: halfulp.quantise(X, Quantiser([0.0], [0])), ValueError, "scale"),
    (lambda: halfulp.quantise(X, Quantiser([1.0, 2.0], [0, 0], granularity="channel")), ValueError, "groups"),
    (lambda: halfulp.quantise(X.T, Quantiser([1.0], [0])), ValueError, "contiguous"),
    (lambda: Quantiser([1.0], [0, 1]), ValueError, "a zero point for each scale"),
    (lambda: halfulp.quantise(X, Quantiser([1.0], [0]), out=np.empty((6, 64), np.uint8)), ValueError, "out: expected int8"),
    (lambda: halfulp.dequantise(np.zeros(3, np.int16), Quantiser([1.0], [0])), TypeError, "expected int8"),
    (lambda: halfulp.to_blocks(X[:, :33].copy(), "mxfp4"), ValueError, "whole blocks of 32"),
    (lambda: halfulp.from_blocks(*negative_scales(), "nvfp4"), ValueError, "scales: ue4m3 has no sign"),
    (lambda: halfulp.quantise(X[0, 0], Quantiser([1.0], [0]), out=np.int8(0)), TypeError, "out: expected an array, got int8"),
    (lambda: halfulp.to_blocks(X, "mxfp5"), ValueError, "unknown block format"),
]


@pytest.mark.parametrize("call, error, message", BAD, ids=range(len(BAD)))
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
