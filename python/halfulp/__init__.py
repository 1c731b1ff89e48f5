"""halfulp tells exactly what low-precision arithmetic does: the bits of the C++ library, from numpy and PyTorch.

>>> import halfulp, numpy
>>> halfulp.round(numpy.float32([2049, 0.1]), "fp16")
array([2.0480000e+03, 9.9975586e-02], dtype=float32)

Arrays have the dtype of a format (numpy's, those of ml_dtypes, PyTorch's), or they are unsigned integers that hold codes of
the format=. Elementwise operations and casts read them where they lie, unless they broadcast; predict and explain hold each code
in 64 bits. What is not accepted raises TypeError or ValueError.
"""

from __future__ import annotations

from . import _halfulp, _values  # noqa: F401
from ._arrays import dtype
from ._halfulp import Env, Format, LossScale
from ._words import native
from .arithmetic import (
    Flags, add, bits, cast, compute, div, fma, from_bits, mul, operations, round, sqrt, sub, ulp_distance,
)
from .planning import condition, exercises, plan, storage_loss
from .quantisation import (
    Quantiser, block_formats, calibrate, dequantise, fake_quant, fake_quant_grad, from_blocks, quantise, to_blocks,
)
from .testing import assert_bits_equal
from .matrix_units import Explanation, Plan, Predicted, explain, plain_sums, predict, units

formats, loss_scalings, roundings = (
    native(_halfulp.formats), native(_halfulp.loss_scalings), native(_halfulp.roundings),
)

__all__ = [
    "Env", "Explanation", "Flags", "Format", "LossScale", "Plan", "Predicted", "Quantiser", "add", "assert_bits_equal", "bits",
    "block_formats", "calibrate", "cast", "compute", "condition", "dequantise", "div", "dtype", "exercises", "explain",
    "fake_quant", "fake_quant_grad", "fma", "formats", "from_bits", "from_blocks", "loss_scalings", "mul", "operations", "plain_sums", "plan",
    "predict", "quantise", "round", "roundings", "sqrt", "storage_loss", "sub", "to_blocks", "ulp_distance", "units",
]
