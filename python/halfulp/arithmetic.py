"""Elementwise operations: each result is the exact one, rounded once."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Optional, TypedDict

import numpy as np

from . import _halfulp
from ._arrays import (
    DEFAULT_ENV,
    FormatLike,
    Numbers,
    apart,
    broadcast,
    checked_env,
    checked_seed,
    code_dtype,
    dtype,
    find_format,
    numbers,
    result,
    to_torch,
)
from ._halfulp import Env
from ._words import in_words

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "Flags", "add", "bits", "cast", "compute", "div", "fma", "from_bits", "mul", "operations", "round", "sqrt", "sub",
    "ulp_distance",
]


class Flags(enum.IntFlag):
    """The exceptions of IEEE 754-2019, 7, as bits of an element's flags; UNDERFLOW is tiny and inexact, INPUT_DENORMAL a
    subnormal operand that was taken for zero."""

    INVALID, DIVIDE_BY_ZERO, OVERFLOW, UNDERFLOW, INEXACT, INPUT_DENORMAL = _halfulp.FLAG_BITS

    @classmethod
    def _missing_(cls, value: object) -> Any:
        """numpy's integers, as arrays of flags have them, count too."""
        return cls(int(value)) if isinstance(value, np.integer) else super()._missing_(value)


_OPERATIONS = {name: (count, answer, last) for name, count, answer, last in _halfulp.operations()}
#: What a result is where it is no number.
_ANSWERS: dict[str, np.dtype] = {"integer": np.dtype("i8"), "truth": np.dtype("u1"), "class": np.dtype("u1")}


def operations() -> list[str]:
    """What compute() knows."""
    return list(_OPERATIONS)


def _computed(name: str, to: Any, operands: list[Numbers], env: Env, seed: int, flags: bool, out: Any) -> Any:
    codes = broadcast(*(x.codes for x in operands))
    shape = codes[0].shape
    each = np.empty(shape, np.uint8) if flags else None
    answer = _ANSWERS.get(_OPERATIONS[name][1])
    if answer is None:
        room, shown = result(shape, to, out, operands[0].is_torch)
    elif out is not None:
        raise TypeError(f"out: {name} has no numbers as results")
    else:
        shown = np.empty(shape, answer)
        room = shown.view(f"u{answer.itemsize}")
    fresh = apart(room, *codes)
    _halfulp.elementwise(name, to, [(x.format, c) for x, c in zip(operands, codes)], fresh, env, each, seed)
    if fresh is not room:
        np.copyto(room, fresh)
    if out is None and shape == () and isinstance(shown, np.ndarray):
        shown = shown[()]
    return (shown, each) if flags else shown


def compute(
    operation: str,
    *operands: Any,
    to: Optional[FormatLike] = None,
    format: Optional[FormatLike] = None,
    rounding: Optional[str] = None,
    env: Optional[Env] = None,
    seed: Optional[int] = None,
    flags: bool = False,
    out: Any = None,
) -> Any:
    """Any operation of operations() on each element of the operands, rounded once to the format `to`.

    Operands are arrays whose dtype is a format's, or unsigned codes of `format`; they broadcast as numpy's do. Without
    `to` the result has their one format. `rounding` is a name of roundings() and goes before that of `env`; element i of
    stochastic rounding takes the i-th random bits of `seed`. With flags=True the result is a pair of the array and the
    Flags of each element. `out` is an array for the result, which may overlap operands. Of PyTorch's tensors the result is one,
    detached: no gradient flows through it.

    Raises TypeError and ValueError, saying what is accepted.
    """
    if not isinstance(operation, str) or operation not in _OPERATIONS:
        raise ValueError(f"unknown operation {operation!r}: expected one of {', '.join(_OPERATIONS)}")
    count, _, last = _OPERATIONS[operation]
    if len(operands) != count:
        raise TypeError(f"{operation} takes {count} operands, got {len(operands)}")
    env = checked_env(env, rounding)
    given = [
        _integers(x) if last == "integer" and i + 1 == count else numbers(x, format, f"operand {i + 1}")
        for i, x in enumerate(operands)
    ]
    formats = {x.format for x in given[: count - (last == "integer")]}
    if to is None and len(formats) > 1:
        names = ", ".join(sorted(f.name for f in formats))
        raise TypeError(f"{operation}: operands of {names} need to=, the format of the result")
    target = given[0].format if to is None else find_format(to)
    return _computed(operation, target, given, env, checked_seed(seed, env), flags, out)


def _integers(x: Any) -> Numbers:
    array = np.asarray(x)
    if array.dtype.kind not in "iu" or array.dtype == np.uint64:
        raise TypeError(f"expected integers for the last operand, got {array.dtype}")
    return Numbers(np.ascontiguousarray(array, np.int64).view(np.uint64), find_format("binary64"), False)


class How(TypedDict, total=False):
    """The keywords of compute(), for those who type-check."""

    to: Optional[FormatLike]
    format: Optional[FormatLike]
    rounding: Optional[str]
    env: Optional[Env]
    seed: Optional[int]
    flags: bool
    out: Any


if not TYPE_CHECKING:
    Unpack = {How: Any}  # typing has it from Python 3.11 on


def add(a: Any, b: Any, **how: Unpack[How]) -> Any:
    """a + b, rounded once; keywords as compute() takes them."""
    return compute("add", a, b, **how)


def sub(a: Any, b: Any, **how: Unpack[How]) -> Any:
    """a - b, rounded once; keywords as compute() takes them."""
    return compute("sub", a, b, **how)


def mul(a: Any, b: Any, **how: Unpack[How]) -> Any:
    """a * b, rounded once; keywords as compute() takes them."""
    return compute("mul", a, b, **how)


def div(a: Any, b: Any, **how: Unpack[How]) -> Any:
    """a / b, rounded once; keywords as compute() takes them."""
    return compute("div", a, b, **how)


def sqrt(a: Any, **how: Unpack[How]) -> Any:
    """The square root of a, rounded once; keywords as compute() takes them."""
    return compute("sqrt", a, **how)


def fma(a: Any, b: Any, c: Any, **how: Unpack[How]) -> Any:
    """a * b + c, rounded once; keywords as compute() takes them."""
    return compute("fma", a, b, c, **how)


def cast(
    x: Any,
    to: FormatLike,
    rounding: Optional[str] = None,
    *,
    format: Optional[FormatLike] = None,
    env: Optional[Env] = None,
    seed: Optional[int] = None,
    flags: bool = False,
    out: Any = None,
) -> Any:
    """The numbers in another format, each rounded once: an array of dtype(to).

    >>> halfulp.cast(numpy.float32([0.1, 448, 465]), "e4m3", env=halfulp.Env(overflow="saturate"))
    array([0.101562, 448, 448], dtype=float8_e4m3fn)
    """
    return compute(
        "convert", x, to=find_format(to), format=format, rounding=rounding, env=env, seed=seed, flags=flags, out=out
    )


def round(
    x: Any,
    format: FormatLike,
    rounding: Optional[str] = None,
    *,
    env: Optional[Env] = None,
    seed: Optional[int] = None,
    flags: bool = False,
) -> Any:
    """The numbers rounded to numbers of a format, in an array of x's own dtype.

    Raises ValueError unless x's format has every number of the other.
    """
    env, target, given = checked_env(env, rounding), find_format(format), numbers(x)
    if not _halfulp.contains(given.format, target):
        raise ValueError(f"expected an array whose dtype has every number of {target.name}, got {given.format.name}")
    shape = given.codes.shape
    codes = np.empty(shape, code_dtype(target))
    each = np.empty(shape, np.uint8) if flags else None
    back, shown = result(shape, given.format, None, given.is_torch)
    _halfulp.elementwise("convert", target, [(given.format, given.codes)], codes, env, each, checked_seed(seed, env))
    _halfulp.elementwise("convert", given.format, [(target, codes)], back, DEFAULT_ENV, None, 0)
    if shape == () and isinstance(shown, np.ndarray):
        shown = shown[()]
    return (shown, each) if flags else shown


def bits(x: Any) -> np.ndarray:
    """The codes of an array as unsigned integers, over the same memory."""
    return numbers(x).codes


def from_bits(codes: Any, format: FormatLike) -> Any:
    """Unsigned integers as numbers of the format that they are codes of, over the same memory: an array of its dtype.

    Codes of formats without a dtype, and in words that are wider than that, stay integers: cast(codes, "binary64",
    format=format) has their values. Raises TypeError for what are no unsigned integers.
    """
    given = numbers(codes, format, "codes")
    wanted = dtype(given.format)
    if given.codes.itemsize != wanted.itemsize:
        raise TypeError(f"codes: expected {code_dtype(given.format)} for {given.format.name}, got {given.codes.dtype}")
    if given.is_torch:
        return to_torch(given.codes, given.format)
    return given.codes.view(wanted)


def ulp_distance(a: Any, b: Any, *, format: Optional[FormatLike] = None) -> np.ndarray:
    """How many steps through the numbers of their format lead from a to b, as uint64.

    -0 and +0 are one place, and infinity is one beyond the largest number. Where either is NaN it is 2**64 - 1.
    """
    x, y = numbers(a, format, "a"), numbers(b, format, "b")
    if x.format != y.format or x.codes.dtype != y.codes.dtype:
        raise TypeError(f"expected two arrays of one format, got {x.format.name} and {y.format.name}")
    left, right = broadcast(x.codes, y.codes)
    steps = np.empty(left.shape, np.uint64)
    _halfulp.steps_between(x.format, left, right, steps)
    return steps


in_words(globals(), __all__)
