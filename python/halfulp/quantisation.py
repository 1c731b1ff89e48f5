"""Numbers to integer codes and back, calibrated; blocks with scales; fake quantisation and its gradient."""

from __future__ import annotations

import sys
from typing import Any, Optional

import numpy as np

from . import _halfulp
from ._arrays import apart, as_array, checked_seed, dtype, expect_array
from ._halfulp import Env, Quantiser
from ._words import in_words

__all__ = [
    "Quantiser", "block_formats", "calibrate", "dequantise", "fake_quant", "fake_quant_grad", "from_blocks", "quantise",
    "to_blocks",
]


def _floats(x: Any, what: str = "x") -> tuple[np.ndarray, bool]:
    array, name, is_torch = as_array(x, what)
    if name != "float32":
        raise TypeError(f"{what}: expected float32, in which quantisers are defined, got {name}")
    return array.view(np.float32), is_torch


def _shown(array: np.ndarray, is_torch: bool) -> Any:
    return sys.modules["torch"].from_numpy(array) if is_torch else array


def calibrate(
    x: Any,
    method: str = "minmax",
    *,
    bits: int = 8,
    signed: bool = True,
    restricted: bool = False,
    symmetric: bool = False,
    rule: str = "onnx",
    rounding: Optional[str] = None,
    granularity: str = "tensor",
    axis: int = -1,
    block: int = 32,
    percentile: float = 99.99,
) -> Quantiser:
    """The quantiser of float32 numbers by a method: minmax, moving_average (of the parts along the first axis), percentile,
    mse, entropy, histogram_l2, or auto, the one that keeps most signal to noise.

    Codes of 2 to 16 bits, signed or not, without the least one where restricted; scales by the rule of onnx, tflite,
    pytorch, tensorrt or power_of_two; one for all, for each channel or for each block along the axis.
    Raises ValueError for numbers that have no scale, such as none, infinite ones or zeros alone, and unknown names.
    """
    array, _ = _floats(x)
    if array.size == 0:
        raise ValueError("x: expected numbers, got none")
    return _halfulp.calibrate(
        array, method, bits, signed, restricted, symmetric, rule, rounding, granularity, axis, block, percentile
    )


def _code_type(quantiser: Quantiser) -> np.dtype:
    for name in ("i1", "u1", "i2", "u2"):
        limits = np.iinfo(name)
        if limits.min <= quantiser.least and quantiser.greatest <= limits.max:
            return np.dtype(name)
    raise ValueError(f"expected codes of at most 16 bits, got {quantiser.least} to {quantiser.greatest}")


def quantise(x: Any, quantiser: Quantiser, *, seed: Optional[int] = None, out: Any = None) -> Any:
    """The codes of float32 numbers: round(x / scale) + zero_point, clamped; int8 or uint8 where they hold the codes, else int16
    or uint16. NaN gets the zero point."""
    array, is_torch = _floats(x)
    codes = _out(out, array.shape, _code_type(quantiser))
    _apply(_halfulp.quantise, quantiser, array, codes, seed)
    return out if out is not None else _shown(codes, is_torch)


def _apply(function: Any, quantiser: Quantiser, array: np.ndarray, room: np.ndarray, seed: Optional[int]) -> None:
    fresh = apart(room, array)
    function(quantiser, array, fresh, checked_seed(seed, Env(quantiser.rounding)))
    if fresh is not room:
        np.copyto(room, fresh)


def _out(out: Any, shape: tuple[int, ...], wanted: np.dtype) -> np.ndarray:
    if out is None:
        return np.empty(shape, wanted)
    expect_array(out)
    array, name, _ = as_array(out, "out")
    if array.shape != shape or name != wanted.name:
        raise ValueError(f"out: expected {wanted.name} of shape {shape}, got {name} of {array.shape}")
    if not array.flags.writeable:
        raise ValueError("out: the array is read-only")
    return array.view(wanted)


def dequantise(codes: Any, quantiser: Quantiser) -> Any:
    """(code - zero_point) * scale, in float32."""
    array, name, is_torch = as_array(codes, "codes")
    wanted = _code_type(quantiser)
    if name != wanted.name:
        raise TypeError(f"codes: expected {wanted.name}, as quantise() delivers them, got {name}")
    levels = np.empty(array.shape, np.float32)
    _halfulp.dequantise(quantiser, array.view(wanted), levels)
    return _shown(levels, is_torch)


def fake_quant(x: Any, quantiser: Quantiser, *, seed: Optional[int] = None, out: Any = None) -> Any:
    """Quantised and back, in float32. Of PyTorch's tensors the result is detached, as that of every function here: its gradient is
    fake_quant_grad."""
    array, is_torch = _floats(x)
    levels = _out(out, array.shape, np.dtype(np.float32))
    _apply(_halfulp.fake_quant, quantiser, array, levels, seed)
    return out if out is not None else _shown(levels, is_torch)


def fake_quant_grad(x: Any, upstream: Any, quantiser: Quantiser) -> Any:
    """The gradient through fake_quant by the straight-through estimator: upstream where no code was clamped, else 0."""
    array, is_torch = _floats(x)
    above, _ = _floats(upstream, "upstream")
    if array.shape != above.shape:
        raise ValueError(f"expected x and upstream of one shape, got {array.shape} and {above.shape}")
    grad = np.empty(array.shape, np.float32)
    _halfulp.fake_quant_grad(quantiser, array, above, grad)
    return _shown(grad, is_torch)


_BLOCKS = {row[0]: row[1:] for row in _halfulp.block_formats()}


def block_formats() -> list[str]:
    """What to_blocks and from_blocks know."""
    return list(_BLOCKS)


def _block_format(name: str) -> tuple[Any, Any, int]:
    if not isinstance(name, str) or name not in _BLOCKS:
        raise ValueError(f"unknown block format {name!r}: expected one of {', '.join(_BLOCKS)}")
    return _BLOCKS[name]


def to_blocks(x: Any, format: str) -> tuple[np.ndarray, np.ndarray]:
    """Elements and scales of finite float32 numbers in blocks along the last axis: mxfp8_e4m3, mxfp4, nvfp4, ... The last axis
    is whole blocks. Scales of nvfp4 are float8_e4m3fn."""
    array, _ = _floats(x)
    element, scale, block = _block_format(format)
    if array.ndim == 0 or array.shape[-1] % block:
        raise ValueError(f"x: expected a last axis of whole blocks of {block}, got shape {array.shape}")
    elements = np.empty(array.shape, np.uint8)
    scales = np.empty((*array.shape[:-1], array.shape[-1] // block), np.uint8)
    _halfulp.to_blocks(format, array, elements, scales)
    return elements.view(dtype(element)), scales.view(_scale_dtype(scale))


def _scale_dtype(scale: Any) -> np.dtype:
    return dtype(scale) if scale.width == 8 else dtype("e4m3fn")  # ue4m3 has seven bits, under one that is 0


def from_blocks(elements: Any, scales: Any, format: str) -> np.ndarray:
    """element * scale, rounded to float32."""
    element, scale, block = _block_format(format)
    codes, name, _ = as_array(elements, "elements")
    factors, scale_name, _ = as_array(scales, "scales")
    if name != dtype(element).name or scale_name != _scale_dtype(scale).name:
        raise TypeError(f"expected {dtype(element).name} and {_scale_dtype(scale).name}, got {name} and {scale_name}")
    if codes.ndim == 0 or factors.shape != (*codes.shape[:-1], codes.shape[-1] // block) or codes.shape[-1] % block:
        raise ValueError(f"expected a scale for each {block} elements, got shapes {codes.shape} and {factors.shape}")
    if factors.size and int(factors.view("u1").max()) >> scale.width:
        raise ValueError("scales: ue4m3 has no sign, got a negative scale")
    numbers = np.empty(codes.shape, np.float32)
    _halfulp.from_blocks(format, codes.view("u1"), factors.view("u1"), numbers)
    return numbers


in_words(globals(), __all__)
