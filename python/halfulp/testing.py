"""Assertions for tests of kernels."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ._arrays import Numbers, as_array, numbers
from ._halfulp import Format
from .arithmetic import cast, ulp_distance
from .matrix_units import Predicted, explain

__all__ = ["assert_bits_equal"]


def _codes(x: Any, what: str) -> tuple[np.ndarray, Optional[Format], str]:
    """Codes, their format unless they are integers, and what to call their type."""
    array, name, _ = as_array(x, what)
    if name.startswith(("int", "uint")):
        codes = array.view(f"u{array.itemsize}")
        return (codes & 15 if name in ("int4", "uint4") else codes), None, name
    given: Numbers = numbers(x, what=what)
    return given.codes, given.format, given.format.short_name


def assert_bits_equal(actual: Any, predicted: Any, *, nans_alike: bool = False) -> None:
    """Raises AssertionError unless `actual` has the type and the shape of `predicted`, and every bit.

    The message counts what differs and shows the first place; where `predicted` comes from halfulp.predict() it continues with
    what halfulp.explain() says of `actual`. NaNs are compared as all else is, unless they are to be alike.
    """
    __tracebackhide__ = True
    got, got_format, got_type = _codes(actual, "actual")
    wanted, format, wanted_type = _codes(predicted, "predicted")
    if got.shape != wanted.shape or got_format != format or got_type != wanted_type:
        raise AssertionError(f"expected {wanted_type} of shape {wanted.shape}, got {got_type} of {got.shape}")
    differs = np.asarray(got != wanted)
    if nans_alike and format is not None:
        nans = [np.isnan(cast(codes, "binary64", format=format)) for codes in (got, wanted)]
        differs &= ~(nans[0] & nans[1])
    if differs.any():
        raise AssertionError(_message(got, wanted, format, differs) + _explanation(actual, predicted, nans_alike))


def _message(got: np.ndarray, wanted: np.ndarray, format: Optional[Format], differs: np.ndarray) -> str:
    place = tuple(int(i) for i in np.argwhere(differs)[0])
    g, w = int(got[place]), int(wanted[place])
    text = f"{int(differs.sum())} of {differs.size} elements differ, the first at {place}: expected "
    digits = 2 * got.itemsize
    if format is None:
        return f"{text}0x{w:0{digits}x}, got 0x{g:0{digits}x}"
    text += f"0x{w:0{digits}x} = {format.hex(w)}, got 0x{g:0{digits}x} = {format.hex(g)}"
    steps = int(ulp_distance(got[place], wanted[place], format=format))
    return text if steps == 2**64 - 1 else f"{text}, off by {steps} ulp"


def _explanation(actual: Any, predicted: Any, nans_alike: bool) -> str:
    question = predicted.question if isinstance(predicted, Predicted) else None
    if question is None:
        return ""
    asked = {key: question[key] for key in ("unit", "plan", "a_scales", "b_scales", "formats", "scale_format")}
    if asked["plan"] is not None:
        asked.update(alpha=asked["plan"].alpha, beta=asked["plan"].beta, zero_point=asked["plan"].zero_point)
    try:
        explanation = explain(question["a"], question["b"], question["c"], actual, nans_alike=nans_alike, **asked)
    except Exception as error:  # what differs is said whether or not it can be explained
        return f"\nwithout an explanation: {error}"
    return f"\n{explanation.text}"
