"""Matrix units: the bits that a product must have, and what made the bits that it has."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any, Optional, Union, cast

import numpy as np

from . import _halfulp
from ._arrays import FormatLike, as_array, dtype, find_format, numbers
from ._halfulp import Format, Matrix, Plan
from ._words import in_words

__all__ = ["Explanation", "Plan", "Predicted", "explain", "plain_sums", "predict", "units"]

#: The dtypes that hold each: its own first, then others for its values, and the unsigned ones for its codes.
_INTEGERS = {
    "s4": ("int4", "int8", "uint8"),
    "u4": ("uint4", "uint8"),
    "s8": ("int8", "uint8"),
    "u8": ("uint8",),
    "s32": ("int32", "uint32"),
}
_BY_DTYPE = {names[0]: element for element, names in _INTEGERS.items()}
_SCALES = {"float8_e8m0fnu": "e8m0", "float8_e4m3fn": "ue4m3"}


def units() -> list[dict[str, Any]]:
    """A dict for each matrix unit: name (which predict takes), processor, instruction, a, b, accumulator, group (products
    that are taken together), fraction_bits (kept below the largest exponent; None: all), rounding, scales, block, source."""
    return _halfulp.units()


def plain_sums() -> list[str]:
    """What predict and explain know besides matrix units: orders of summation by ordinary arithmetic."""
    return _halfulp.plain_sums()


class Predicted(np.ndarray):
    """D as it must be, an array that remembers what it was predicted from: assert_bits_equal explains by that. A, B and C are not
    copied for it: once they are written to, explanations are of what they are then."""

    question: Optional[dict[str, Any]] = None

    def __reduce__(self) -> tuple[Any, ...]:
        make, arguments, state = cast(tuple[Any, ...], super().__reduce__())
        return make, arguments, (state, self.question)

    def __setstate__(self, state: Any) -> None:
        array, self.question = state
        super().__setstate__(array)

    def __copy__(self) -> Predicted:
        copied = self.copy()
        copied.question = self.question
        return copied

    def __deepcopy__(self, memo: Optional[dict[int, Any]]) -> Predicted:
        copied = self.copy()
        copied.question = copy.deepcopy(self.question, memo)
        return copied


def _integer_dtype(element: str) -> np.dtype:
    import ml_dtypes

    name = _INTEGERS[element][0]
    return np.dtype(getattr(ml_dtypes, name, None) or name)


def _integer_codes(array: np.ndarray, name: str, element: str, what: str) -> np.ndarray:
    if name not in _INTEGERS[element]:
        raise TypeError(f"{what}: expected {element} in {' or '.join(_INTEGERS[element])}, got {name}")
    if element in ("s4", "u4") and name in ("int8", "uint8") and array.size:
        least, greatest = (-8, 7) if name == "int8" else (0, 15)
        if array.min() < least or array.max() > greatest:
            raise ValueError(f"{what}: expected {element} in {name} to be from {least} to {greatest}")
    return array.view(f"u{array.itemsize}")


def _matrix(x: Any, format: Optional[Union[FormatLike, str]], what: str) -> Matrix:
    array, name, _ = as_array(x, what)
    if array.ndim != 2:
        raise ValueError(f"{what}: expected a matrix, got {array.ndim} axes")
    element = format if isinstance(format, str) and format in _INTEGERS else None
    if element is None and format is None:
        element = _BY_DTYPE.get(name)
    if element is not None:
        return Matrix(element, _integer_codes(array, name, element, what))
    given = numbers(x, format, what)
    return Matrix(given.format, given.codes)


def _scales(x: Any, format: Optional[str], what: str) -> Optional[Matrix]:
    if x is None:
        return None
    array, name, _ = as_array(x, what)
    if array.ndim != 2:
        raise ValueError(f"{what}: expected a matrix, got {array.ndim} axes")
    wanted, own = _scale(format), _scale(_SCALES.get(name))
    scale = wanted or own
    if scale is None or (own != scale and name != "uint8"):
        raise TypeError(
            f"{what}: expected float8_e8m0fnu or float8_e4m3fn, as scale_format= says, or uint8 and scale_format=, got {name}"
        )
    codes = array.view("u1")
    if scale == "ue4m3" and codes.size and codes.max() > 0x7F:
        raise ValueError(f"{what}: ue4m3 has no sign, got a negative scale")
    return Matrix(scale, codes)


def _scale(format: Optional[str]) -> Optional[Union[Format, str]]:
    if format is None:
        return None
    return "ue4m3" if format in ("ue4m3", "e4m3") else find_format(format)


def _array(matrix: Matrix) -> np.ndarray:
    element = matrix.element
    wanted = dtype(element) if isinstance(element, Format) else _integer_dtype(element)
    array = np.empty(matrix.shape, wanted)
    matrix.write(array.view(f"u{array.itemsize}"))
    if isinstance(element, str) and element == "s4":
        array = (array.view("i1") << 4 >> 4).view(array.dtype)
    return array


def _operands(question: dict[str, Any]) -> tuple[Any, ...]:
    formats, scale = question["formats"], question["scale_format"]
    c = question["c"]
    return (
        _matrix(question["a"], formats.get("a"), "a"),
        _matrix(question["b"], formats.get("b"), "b"),
        None if c is None else _matrix(c, formats.get("c"), "c"),
        _scales(question["a_scales"], scale, "a_scales"),
        _scales(question["b_scales"], scale, "b_scales"),
    )


def _question(a, b, c, a_scales, b_scales, formats, scale_format) -> dict[str, Any]:
    if not isinstance(formats, (dict, type(None))):
        raise TypeError(f"formats: expected a dict of formats of a, b, c or d, got {type(formats).__name__}")
    _scale(scale_format)
    formats = dict(formats or {})
    unknown = set(formats) - {"a", "b", "c", "d"}
    if unknown:
        raise ValueError(f"formats: expected formats of a, b, c or d, got {', '.join(sorted(unknown))}")
    return {
        "a": a, "b": b, "c": c, "a_scales": a_scales, "b_scales": b_scales, "formats": formats,
        "scale_format": scale_format,
    }


def predict(
    unit: str,
    a: Any,
    b: Any,
    c: Any = None,
    plan: Optional[Plan] = None,
    *,
    a_scales: Any = None,
    b_scales: Any = None,
    formats: Optional[dict[str, FormatLike]] = None,
    scale_format: Optional[str] = None,
    threads: int = 1,
) -> Predicted:
    """D = A B + C, every bit that a kernel of this plan on this unit must produce.

    unit: "A100:fp16-fp32", "H100:wgmma:e4m3-fp32", a name of units(), a processor and an instruction ("H100:wgmma...."),
    or one of plain_sums(). a is m x k, b is k x n, c m x n: arrays whose dtype is a format's or int8, uint8, int32, int4,
    uint4; codes as unsigned integers where `formats` says what they are of: {"a": "tf32"}, {"a": "s4"}, which int8 from -8 to 7
    holds too. Scales are m x blocks of k and blocks x n, in float8_e8m0fnu or float8_e4m3fn, or codes as uint8 where
    `scale_format` says of what ("e8m0", "ue4m3"). C is of any format: at the start it is rounded to the accumulator's. The
    result has the dtype of the plan's output.

    Raises ValueError where the unit is not known or is more than one, does not take the formats, or shapes do not agree.
    """
    question = _question(a, b, c, a_scales, b_scales, formats, scale_format)
    matrix = _halfulp.predict(unit, plan, _operands(question), threads)
    predicted = _array(matrix).view(Predicted)
    predicted.question = {**question, "unit": unit, "plan": plan}
    return predicted


@dataclass(frozen=True)
class Explanation:
    """Which units and plans give all bits of D or, if none does, which come closest and whether rounding can be why."""

    text: str
    holds: bool  #: D is what was asked about or, if nothing was, what some hypothesis gives
    data: dict[str, Any] = field(repr=False)  #: all of it, as `halfulp explain --json` prints it

    @property
    def conclusion(self) -> str:
        return self.data["conclusion"]

    @property
    def units(self) -> list[str]:
        """The names of all that reproduce D."""
        return [row["unit"] for row in self.data["reproducing"]]

    def __str__(self) -> str:
        return self.text


def explain(
    a: Any,
    b: Any,
    c: Any = None,
    d: Any = None,
    *,
    unit: Optional[str] = None,
    plan: Optional[Plan] = None,
    alpha: float = 1,
    beta: float = 1,
    zero_point: int = 0,
    a_scales: Any = None,
    b_scales: Any = None,
    formats: Optional[dict[str, FormatLike]] = None,
    scale_format: Optional[str] = None,
    nans_alike: bool = False,
    threads: int = 1,
) -> Explanation:
    """Which matrix unit or order of summation made D = alpha A B + beta C, or where and why none did.

    With `unit` (and `plan`) it is also held against that. Arrays and formats are as predict() takes them.
    """
    if d is None:
        raise TypeError("explain needs d, the result")
    question = _question(a, b, c, a_scales, b_scales, formats, scale_format)
    result = _matrix(d, question["formats"].get("d"), "d")
    text, data, holds = _halfulp.explain(
        _operands(question), result, unit, plan, alpha, beta, zero_point, nans_alike, threads
    )
    return Explanation(text, holds, json.loads(data))


in_words(globals(), __all__)
