"""Errors in the words of the public functions, where the module that these call refuses an argument's type."""

from __future__ import annotations

import functools
import inspect
import typing
from typing import Any, Callable, Optional, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])
_NATIVE = "incompatible function arguments"


def in_words(namespace: dict[str, Any], names: list[str]) -> None:
    """Makes the functions of these names say which of their arguments is not what its annotation says."""
    for name in names:
        if inspect.isfunction(namespace[name]):
            namespace[name] = _in_words(namespace[name])


def native(function: _Function, owner: str = "") -> _Function:
    """A function of the module itself that says what it takes, as its signature has it."""
    signature = getattr(function, "__nb_signature__")[0][0]
    taken = signature.partition("(")[2].rpartition(") ->")[0].replace("self, ", "").replace("self", "")
    name, first = owner + getattr(function, "__name__"), int("self" in signature)

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if _NATIVE not in str(error):
                raise
        given = [type(x).__name__ for x in args[first:]]
        given += [f"{key}={type(x).__name__}" for key, x in kwargs.items()]
        raise TypeError(f"{name}: expected ({taken}), got ({', '.join(given)})") from None

    functools.update_wrapper(call, function)
    return call  # type: ignore[return-value]


def methods_in_words(kind: type) -> None:
    """Makes the methods of a class of the module say what they take. Its constructor is not called through an attribute."""
    for name, method in list(vars(kind).items()):
        if name.startswith("_") or not hasattr(method, "__nb_signature__"):
            continue
        words = native(method, f"{kind.__name__}.")
        setattr(kind, name, words if "self" in method.__nb_signature__[0][0] else staticmethod(words))


def _in_words(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (TypeError, AttributeError) as error:
            wrong = _wrong(function, args, kwargs) if isinstance(error, AttributeError) or _NATIVE in str(error) else None
            if wrong is None:
                raise
            raise TypeError(f"{function.__name__}: {wrong}") from None

    return call


def _wrong(function: Callable[..., Any], args: Any, kwargs: Any) -> Optional[str]:
    given = inspect.signature(function).bind(*args, **kwargs).arguments
    hints = typing.get_type_hints(function)
    for name, x in given.items():
        if not _is(x, hints.get(name, Any)):
            return f"expected {name}: {function.__annotations__[name]}, got {type(x).__name__}"
    numbers = [f"{name}={x}" for name, x in given.items() if isinstance(x, (int, float))]
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
        return hasattr(x, "__float__") or hasattr(x, "__index__")
    return isinstance(x, origin or hint)
