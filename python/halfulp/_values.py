"""What is a value: it equals what its constructor makes of its fields, and is pickled and copied so."""

from __future__ import annotations

import copyreg
from typing import Any

from ._halfulp import Env, Format, LossScale, Plan, Quantiser
from ._words import methods_in_words

#: The keywords of each constructor, which are attributes too.
_FIELDS: dict[type, tuple[str, ...]] = {
    Format: (
        "width", "precision", "bias", "nan_codes", "has_inf", "is_signed", "has_negative_zero", "has_subnormals",
    ),
    Env: ("rounding", "overflow", "tininess", "flush_inputs", "flush_outputs", "nan"),
    Plan: (
        "tile_k", "order", "split_k", "merge", "c", "alpha", "beta", "accumulator", "output", "requantised", "zero_point",
        "operands", "env",
    ),
    Quantiser: (
        "scale", "zero_point", "least", "greatest", "rounding", "quotient", "granularity", "axis", "block", "method", "sqnr",
        "clipped",
    ),
    LossScale: ("rule", "initial", "interval", "factor", "good_steps", "patience"),
}

#: Fields that tell where a value comes from.
_ORIGIN = {"method", "sqnr", "clipped"}


def _made(kind: type, fields: dict[str, Any]) -> Any:
    return kind(**fields)


def _reduced(x: Any) -> tuple[Any, ...]:
    return _made, (type(x), {name: getattr(x, name) for name in _FIELDS[type(x)]})


def _compared(x: Any) -> tuple[Any, ...]:
    fields = (getattr(x, name) for name in _FIELDS[type(x)] if name not in _ORIGIN)
    return tuple(tuple(field) if isinstance(field, list) else field for field in fields)


def _equal(x: Any, y: Any) -> Any:
    return _compared(x) == _compared(y) if type(x) is type(y) else NotImplemented


for _kind in _FIELDS:
    copyreg.pickle(_kind, _reduced)
    methods_in_words(_kind)
for _kind in (Plan, Quantiser):
    setattr(_kind, "__eq__", _equal)
    setattr(_kind, "__hash__", lambda x: hash(_compared(x)))
