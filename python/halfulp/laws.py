"""The laws of the property kit, to be asked of any implementation, with operands from @given and halfulp.strategies.

Functions under test take codes and return a code, with whatever rounding and library behind them; on_numbers() makes such a
function of one that takes and returns numbers. A law that is broken raises LawBroken, an AssertionError that shows the
operands; one that does not apply to its operands holds.

>>> @given(strategies.codes("fp32"), strategies.codes("fp32"))
... def test_my_cast_is_monotone(a, b):
...     laws.monotone("fp32", "bf16", my_cast, a, b)
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from . import _halfulp
from ._arrays import FormatLike, checked_env, code_dtype, find_format
from ._halfulp import Env, Format
from ._words import in_words
from .arithmetic import bits, cast

__all__ = [
    "LawBroken", "commutative", "correctly_rounded", "correctly_rounded_operation", "exact_product", "faithful",
    "idempotent", "monotone", "on_numbers", "round_trip", "saturated", "sign_symmetric", "sterbenz", "through_odd",
    "vanishing",
]

OnCodes = Callable[..., int]


class LawBroken(AssertionError):
    """What refutes a law: law, operands, got and against are codes."""

    def __init__(self, law: str, operands: list[int], got: int, against: int, source: Format, target: Format) -> None:
        super().__init__(law, operands, got, against, source, target)
        self.law, self.operands, self.got, self.against = law, operands, got, against

    def __str__(self) -> str:
        law, operands, got, against, source, target = self.args
        lines = [f"not {law}"]
        lines += [f"    operand  {_shown(source, code)}" for code in operands]
        lines += [f"    got      {_shown(target, got)}", f"    against  {_shown(target, against)}"]
        return "\n".join(lines)


def _shown(format: Format, code: int) -> str:
    digits = (format.width + 3) // 4
    if code >> format.width:
        return f"{code:#x}, which is no code of {format.short_name}"
    return f"0x{code:0{digits}x} = {format.hex(code)} = {format.text(code)} in {format.short_name}"


def _expect(refuted: Any, count: int, source: Format, target: Format) -> None:
    if refuted is not None:
        law, operands, got, against = refuted
        raise LawBroken(law, list(operands)[:count], got, against, source, target)


def on_numbers(function: Callable[..., Any], source: FormatLike, target: FormatLike) -> OnCodes:
    """A function on codes from one on floats, whose result, a number of Python or numpy, must be one of the target format;
    what is not raises LawBroken."""
    f, t = find_format(source), find_format(target)
    if not callable(function):
        raise TypeError(f"on_numbers: expected a function, got {type(function).__name__}")

    def on_codes(*codes: int) -> int:
        given = function(*(f.value(code) for code in codes))
        number = float(given)
        code = int(bits(cast(number, t)) if _has_dtype(t) else cast(number, t))
        if t.value(code) != number and number == number:
            raise LawBroken(f"a number of {t.short_name}: {given!r}", list(codes), code, code, f, t)
        return code

    return on_codes


def _has_dtype(format: Format) -> bool:
    from ._arrays import dtype

    return dtype(format) != code_dtype(format)


def correctly_rounded(
    source: FormatLike, target: FormatLike, convert: OnCodes, a: int, rounding: Optional[str] = None, env: Optional[Env] = None
) -> None:
    """convert(a) is a rounded once, as rounding and env say."""
    f, t = find_format(source), find_format(target)
    _expect(_halfulp.law_correctly_rounded(f, t, convert, checked_env(env, rounding), a), 1, f, t)


def faithful(source: FormatLike, target: FormatLike, convert: OnCodes, a: int) -> None:
    """convert(a) is a, or one of the two numbers next to it: what every rounding allows."""
    f, t = find_format(source), find_format(target)
    _expect(_halfulp.law_faithful(f, t, convert, a), 1, f, t)


def monotone(source: FormatLike, target: FormatLike, convert: OnCodes, a: int, b: int) -> None:
    """a <= b implies convert(a) <= convert(b)."""
    f, t = find_format(source), find_format(target)
    _expect(_halfulp.law_monotone(f, t, convert, a, b), 2, f, t)


def sign_symmetric(
    source: FormatLike, target: FormatLike, convert: OnCodes, a: int, mirrored: Optional[OnCodes] = None
) -> None:
    """convert(-a) is -mirrored(a), where mirrored rounds up if convert rounds down, and else is convert."""
    f, t = find_format(source), find_format(target)
    _expect(_halfulp.law_sign_symmetric(f, t, convert, mirrored or convert, a), 1, f, t)


def round_trip(narrow: FormatLike, widen: OnCodes, back: OnCodes, a: int) -> None:
    """back(widen(a)) is a."""
    f = find_format(narrow)
    _expect(_halfulp.law_round_trip(f, widen, back, a), 1, f, f)


def saturated(source: FormatLike, target: FormatLike, convert: OnCodes, a: int) -> None:
    """A saturating conversion makes a finite number of everything but NaN."""
    f, t = find_format(source), find_format(target)
    _expect(_halfulp.law_saturated(f, t, convert, a), 1, f, t)


def through_odd(
    source: FormatLike, target: FormatLike, to_odd: OnCodes, from_odd: OnCodes, direct: OnCodes, a: int
) -> None:
    """Rounding to odd first, with two bits more, does no harm: from_odd(to_odd(a)) is direct(a)."""
    f, t = find_format(source), find_format(target)
    _expect(_halfulp.law_through_odd(t, to_odd, from_odd, direct, a), 1, f, t)


def correctly_rounded_operation(
    format: FormatLike, operation: str, op: OnCodes, *operands: int, rounding: Optional[str] = None, env: Optional[Env] = None
) -> None:
    """op(operands) is the exact sum, difference, product, quotient, root or fma ("add", ..., "fma") rounded once."""
    f = find_format(format)
    codes = [*operands, 0, 0, 0][:3]
    refuted = _halfulp.law_correctly_rounded_operation(f, operation, op, checked_env(env, rounding), codes)
    _expect(refuted, len(operands), f, f)


def commutative(format: FormatLike, op: OnCodes, a: int, b: int) -> None:
    """op(a, b) is op(b, a)."""
    f = find_format(format)
    _expect(_halfulp.law_commutative(f, op, a, b), 2, f, f)


def exact_product(format: FormatLike, multiply: OnCodes, a: int, b: int) -> None:
    """A product that the format has is not rounded, whatever the rounding."""
    f = find_format(format)
    _expect(_halfulp.law_exact_product(f, multiply, a, b), 2, f, f)


def vanishing(format: FormatLike, subtract: OnCodes, a: int, rounding: Optional[str] = None) -> None:
    """a - a is +0, and -0 in Down."""
    f = find_format(format)
    _expect(_halfulp.law_vanishing(f, subtract, checked_env(None, rounding), a), 2, f, f)


def sterbenz(format: FormatLike, subtract: OnCodes, a: int, b: int) -> None:
    """b/2 <= a <= 2b implies that a - b is exact, whatever the rounding."""
    f = find_format(format)
    _expect(_halfulp.law_sterbenz(f, subtract, a, b), 2, f, f)


def idempotent(format: FormatLike, op: OnCodes, a: int) -> None:
    """op(op(a)) is op(a)."""
    f = find_format(format)
    _expect(_halfulp.law_idempotent(f, op, a), 1, f, f)


in_words(globals(), __all__)
