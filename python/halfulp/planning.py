"""Which precision is enough, how ill-conditioned data are, and the exercises of the theory."""

from __future__ import annotations

import json
from typing import Any, Optional, Sequence

import numpy as np

from . import _halfulp
from ._arrays import FormatLike, as_array, cast_exactly, find_format
from ._words import in_words

__all__ = ["condition", "exercises", "plan", "storage_loss"]


def plan(
    workload: str,
    a: Any,
    b: Any = None,
    *,
    tolerance: float,
    processor: Optional[str] = None,
    order_independent: bool = False,
    threads: int = 1,
) -> dict[str, Any]:
    """The cheapest precision that is enough for a sum, a dot product or a product of matrices ("sum", "dot", "gemm") of float32
    arrays, on this CPU or a processor ("H100"): what `halfulp plan --json` prints, and "text" for people.

    One policy is run, and its certificate is part of it. Raises ValueError where shapes do not agree or names are unknown.
    """
    x, y = _float32(a, "a"), None if b is None else _float32(b, "b")
    text, data = _halfulp.plan(workload, x, y, tolerance, processor, order_independent, threads)
    return {**json.loads(data), "text": text}


def _float32(x: Any, what: str) -> np.ndarray:
    array, name, _ = as_array(x, what)
    if name != "float32":
        raise TypeError(f"{what}: expected float32, got {name}")
    array = array.view(np.float32)
    if not np.isfinite(array).all():
        raise ValueError(f"{what}: expected finite numbers")
    return array


def condition(a: Any, b: Any = None) -> dict[str, Any]:
    """How ill-conditioned a computation is: the sum of a vector, the dot product of two, systems with a square matrix, or the
    product of two matrices; and what storing the data in each format costs.

    A dict: what, kappa (of a product the largest of its elements), storage (a dict a format, as storage_loss gives it).
    """
    x = cast_exactly(a, "binary64", "a")
    y = None if b is None else cast_exactly(b, "binary64", "b")
    what, kappa = _kappa(x, y)
    both = x.reshape(-1) if y is None else np.concatenate([x.reshape(-1), y.reshape(-1)])
    formats = ("binary64", "binary32", "bfloat16", "binary16")
    return {"what": what, "kappa": kappa, "storage": {f: storage_loss(both, f, kappa) for f in formats}}


def _kappa(x: np.ndarray, y: Optional[np.ndarray]) -> tuple[str, float]:
    if not all(np.isfinite(z).all() and z.size for z in (x, y) if z is not None):
        raise ValueError("expected finite numbers, and some")
    if y is None and x.ndim == 1:
        return "sum", _halfulp.kappa_of_sum(x)
    if y is None:
        return "system", _halfulp.kappa_1(x)
    if x.ndim == y.ndim == 1 and x.shape == y.shape:
        return "dot", _halfulp.kappa_of_dot(x, y)
    if x.ndim == y.ndim == 2 and x.shape[1] == y.shape[0]:
        return "product", max(_halfulp.kappas_of_product(x, y))
    raise ValueError(f"expected two vectors of one length or matrices that can be multiplied, got {x.shape} and {y.shape}")


def storage_loss(x: Any, format: FormatLike, kappa: float = 1) -> dict[str, Any]:
    """What rounding numbers to a format does to them: how many are beyond its range, lost (become 0), subnormal and changed;
    its unit roundoff; the digits that are left of a result of that condition number; and what speaks against storing them so."""
    return _halfulp.storage_loss(find_format(format), cast_exactly(x, "binary64", "x"), kappa)


def exercises(numbers: Sequence[int] = ()) -> list[dict[str, Any]]:
    """The exercises of the theory as data, those of the numbers or all: questions with exact predictions, what the emulator, this
    CPU and the models of matrix units observed, and verdicts, as `halfulp exercises --json` writes them."""
    if not isinstance(numbers, Sequence):
        raise TypeError(f"exercises: expected numbers: Sequence[int], got {type(numbers).__name__}")
    known = _halfulp.exercise_numbers()
    for number in numbers:
        if number not in known:
            raise ValueError(f"expected exercises of {known}, got {number!r}")
    return json.loads(_halfulp.exercises(list(numbers)))


in_words(globals(), __all__)
