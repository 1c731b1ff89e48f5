"""Errors in the words of the public functions, where the module that these call refuses an argument's type."""

from __future__ import annotations

import functools
import inspect
import re
import typing
from typing import Any, Callable, Optional, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])
_NATIVE = "incompatible function arguments"


def in_words(namespace: dict[str, Any], names: list[str]) -> None:
    """Makes the functions of these names say which of their arguments is not what its annotation says."""
    for name in names:
        if inspect.isfunction(namespace[name]):
            namespace[name] = _in_words(namespace[name])


def native(function: _Function, name: str = "", signatures: Any = None) -> _Function:
    """A function of the module itself that says what it takes, as its signatures have it."""
    name = name or getattr(function, "__name__")
    taken = [_taken(text) for text, *_ in signatures or getattr(function, "__nb_signature__")]
    first = int(getattr(function, "__nb_signature__")[0][0].partition("(")[2].startswith("self"))

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if _NATIVE not in str(error):
                raise
        given = [_given(x) for x in args[first:]] + [f"{key}={_given(x)}" for key, x in kwargs.items()]
        raise TypeError(f"{name}: expected {' or '.join(taken)}, got ({', '.join(given)})") from None

    functools.update_wrapper(call, function)
    return call  # type: ignore[return-value]


def _taken(signature: str) -> str:
    inner = signature.partition("(")[2].rpartition(") ->")[0]
    return f"({re.sub('^self(, )?', '', inner).replace('halfulp._halfulp.', '')})"


def _given(x: Any) -> str:
    """A number, which may be out of range, else a type."""
    return repr(x) if type(x) in (int, float) else type(x).__name__


def methods_in_words(kind: type) -> None:
    """Makes the methods of a class of the module say what they take, and its constructor, which calls _made."""
    for name, method in list(vars(kind).items()):
        if not hasattr(method, "__nb_signature__") or (name.startswith("_") and name != "_made"):
            continue
        if name == "_made":
            words = native(method, kind.__name__, vars(kind)["__init__"].__nb_signature__)
        else:
            words = native(method, f"{kind.__name__}.{name}")
        setattr(kind, name, words if "(self" in method.__nb_signature__[0][0] else staticmethod(words))


def _in_words(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (TypeError, AttributeError) as error:
            refused = _NATIVE in str(error)
            wrong = _wrong_type(function, args, kwargs) if refused or isinstance(error, AttributeError) else None
            if wrong is None and refused:
                wrong = _out_of_range(function, args, kwargs)
            if wrong is None:
                raise
            raise TypeError(f"{function.__name__}: {wrong}") from None

    return call


def _wrong_type(function: Callable[..., Any], args: Any, kwargs: Any) -> Optional[str]:
    signature, hints = inspect.signature(function), typing.get_type_hints(function)
    for name, given in signature.bind(*args, **kwargs).arguments.items():
        if not _is(given, hints.get(name, Any)):
            return f"expected {name}: {function.__annotations__[name]}, got {type(given).__name__}"
    return None


def _out_of_range(function: Callable[..., Any], args: Any, kwargs: Any) -> Optional[str]:
    given = inspect.signature(function).bind(*args, **kwargs).arguments
    numbers = [f"{name}={x}" for name, x in given.items() if isinstance(x, (int, float, tuple))]
    return f"expected numbers in range, got {', '.join(numbers)}" if numbers else None


def _is(x: Any, hint: Any) -> bool:
    """Is it of the type of an annotation, as far as that can be told without looking into containers?"""
    if hint is Any:
        return True
    if hint is None or hint is type(None):
        return x is None
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union:
        return any(_is(x, one) for one in inner)
    if hint is int:
        return hasattr(x, "__index__")
    if hint is float:
        is_complex = isinstance(x, complex)  # which has a __float__, until Python 3.10, that refuses it
        return not is_complex and (hasattr(x, "__float__") or hasattr(x, "__index__"))
    return isinstance(x, origin or hint)
