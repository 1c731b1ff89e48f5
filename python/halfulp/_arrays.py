"""Arrays of numpy, PyTorch and others as codes of a format, without copies."""

from __future__ import annotations

import functools
import sys
from typing import Any, NamedTuple, Optional, Union

import ml_dtypes
import numpy as np

from ._halfulp import Env, Format, contains, elementwise, is_known_format

FormatLike = Union[str, Format, np.dtype, type]

#: ml_dtypes' formats that are not rows of halfulp.formats().
_MADE_UP = {
    "float8_e3m4": Format.ieee(8, 5),
    "float8_e4m3b11fnuz": Format(width=8, precision=4, bias=11, has_negative_zero=False),
}
DEFAULT_ENV = Env()
_ACCEPTED = "numpy arrays, CPU tensors of PyTorch, and what has the buffer protocol or DLPack"


class Numbers(NamedTuple):
    """Codes and what they are codes of."""

    codes: np.ndarray
    format: Format
    is_torch: bool


def find_format(format: FormatLike) -> Format:
    """The Format of that name or alias, or of a numpy dtype.

    Raises ValueError, with the known names, for an unknown name, and TypeError for anything else.
    """
    if isinstance(format, Format):
        return format
    if format is None:
        raise TypeError("expected a format by name, a Format or a numpy dtype, got None")
    return _format_of(format if isinstance(format, str) else _dtype_name(format))


@functools.lru_cache(maxsize=None)
def _format_of(name: str) -> Format:
    return _MADE_UP[name] if name in _MADE_UP else Format(name)


def _dtype_name(dtype: Any) -> str:
    try:
        return np.dtype(dtype).name
    except TypeError:
        raise TypeError(f"expected a format by name, a Format or a numpy dtype, got {dtype!r}") from None


def dtype(format: FormatLike) -> np.dtype:
    """numpy's or ml_dtypes' dtype of a format; without one (tf32, formats made up) unsigned integers for its codes."""
    return _dtype_of(find_format(format))


@functools.lru_cache(maxsize=256)
def _dtype_of(wanted: Format) -> np.dtype:
    for name in (wanted.name, *wanted.aliases):
        if name.startswith(("float", "bfloat")) and name != "float":
            found = getattr(ml_dtypes, name, None) or getattr(np, name, None)
            if found is not None:
                return np.dtype(found)
    for name, made_up in _MADE_UP.items():
        if made_up == wanted:
            return np.dtype(getattr(ml_dtypes, name))
    return code_dtype(wanted)


@functools.lru_cache(maxsize=256)
def code_dtype(format: Format) -> np.dtype:
    """The narrowest unsigned integers that hold codes of the format."""
    return np.dtype(next(f"u{size}" for size in (1, 2, 4, 8) if 8 * size >= format.width))


def _is_torch(x: Any) -> bool:
    return type(x).__module__.partition(".")[0] == "torch" and hasattr(x, "data_ptr")


def _torch_array(x: Any, what: str) -> tuple[np.ndarray, str]:
    torch = sys.modules["torch"]
    if x.device.type != "cpu" or x.layout is not torch.strided:
        raise TypeError(f"{what}: expected a dense tensor on the CPU, got {x.layout} on {x.device}; x.cpu() makes one")
    if not x.is_contiguous():
        raise ValueError(f"{what}: expected a contiguous tensor, got strides {x.stride()}; x.contiguous() makes one")
    name = str(x.dtype).partition(".")[2]
    if name.endswith("_x2"):
        raise TypeError(f"{what}: two numbers a byte are not accepted, got torch.{name}: expected a byte each")
    size = x.element_size()
    kind = "int" if name.startswith("int") else "uint"
    if name == "bool" or name.startswith("complex") or size > 8:
        raise TypeError(f"{what}: expected numbers of a format or unsigned codes, got torch.{name}")
    return x.detach().view(getattr(torch, f"{kind}{8 * size}")).numpy(), name


def as_array(x: Any, what: str) -> tuple[np.ndarray, str, bool]:
    """x as a contiguous array, the name of its dtype, and whether it is a tensor of PyTorch; numbers of Python count as
    binary64."""
    if _is_torch(x):
        array, name = _torch_array(x, what)
        return array, name, True
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{what}: masked arrays are not accepted, as masks would be lost: x.filled() or x.data has none")
    if isinstance(x, (float, list, tuple)):
        x = np.asarray(x)
        if x.dtype != np.float64:
            raise TypeError(f"{what}: expected floats, got {x.dtype} of Python's numbers")
    elif not isinstance(x, (np.ndarray, np.generic)):
        x = _foreign_array(x, what)
    array = np.asarray(x)
    _check_layout(array, what)
    return array, array.dtype.name, False


def _foreign_array(x: Any, what: str) -> np.ndarray:
    try:
        if hasattr(x, "__dlpack__"):
            return np.from_dlpack(x)
        return np.asarray(memoryview(x))
    except (TypeError, BufferError, RuntimeError, ValueError) as error:
        raise TypeError(f"{what}: expected {_ACCEPTED}, got {type(x).__name__}: {error}") from None


def _check_layout(array: np.ndarray, what: str) -> None:
    if array.dtype.hasobject:
        raise TypeError(f"{what}: object arrays are not accepted: expected numbers of a format or unsigned codes")
    if not array.dtype.isnative:
        raise ValueError(
            f"{what}: expected this machine's byte order, got {array.dtype.str}; "
            "x.astype(x.dtype.newbyteorder('=')) has it"
        )
    if not array.flags.c_contiguous:
        raise ValueError(
            f"{what}: expected a C-contiguous array, got strides {array.strides}; numpy.ascontiguousarray makes one"
        )


def numbers(x: Any, format: Optional[FormatLike] = None, what: str = "x") -> Numbers:
    """An array's codes and format: that of its dtype or, of unsigned integers, the one given.

    Raises TypeError for a dtype that is none, or is not the one given, and ValueError for what is not contiguous or has
    another byte order, and for integers that are no codes of the format. Nothing is copied.
    """
    given = _described(x, format, what)
    codes, width = given.codes, given.format.width
    if 8 * codes.itemsize > width and codes.size and int(codes.max()) >> width:
        raise ValueError(f"{what}: codes of {given.format.name} have {width} bits, got {int(codes.max()):#x}")
    return given


def _described(x: Any, format: Optional[FormatLike], what: str) -> Numbers:
    """As numbers(), whatever the codes are."""
    array, name, is_torch = as_array(x, what)
    wanted = None if format is None else find_format(format)
    if name.startswith("uint") and name in ("uint8", "uint16", "uint32", "uint64"):
        if wanted is None:
            raise TypeError(f"{what}: an array of {name} needs format=, which says what its codes are of")
        if 8 * array.itemsize < wanted.width:
            raise TypeError(f"{what}: codes of {wanted.name} have {wanted.width} bits, got an array of {name}")
        return Numbers(array, wanted, is_torch)
    if not _is_format(name):
        raise TypeError(
            f"{what}: expected a dtype of numpy or ml_dtypes that is a format, or unsigned codes, got {name}"
        )
    own = find_format(name)
    if wanted is not None and wanted != own:
        raise TypeError(f"{what}: expected numbers of {wanted.name}, got {name}")
    return Numbers(array.view(code_dtype(own)), own, is_torch)


@functools.lru_cache(maxsize=None)
def _is_format(name: str) -> bool:
    return is_known_format(name) or name in _MADE_UP


def broadcast(*arrays: np.ndarray) -> list[np.ndarray]:
    """Arrays of one shape, by numpy's rules: those of another are copied. Raises numpy's ValueError."""
    if all(a.shape == arrays[0].shape for a in arrays):
        return list(arrays)
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    return [a if a.shape == shape else np.ascontiguousarray(np.broadcast_to(a, shape)) for a in arrays]


def result(shape: tuple[int, ...], format: Format, out: Any, is_torch: bool) -> tuple[np.ndarray, Any]:
    """Room for codes, and the array to return that shows them as numbers: `out`, or a new one."""
    if out is None:
        codes = np.empty(shape, code_dtype(format))
        return codes, (to_torch(codes, format) if is_torch else codes.view(dtype(format)))
    expect_array(out)
    given = _described(out, format, "out")
    if given.codes.shape != shape:
        raise ValueError(f"out: expected shape {shape}, got {given.codes.shape}")
    if not given.codes.flags.writeable:
        raise ValueError("out: the array is read-only")
    if given.codes.itemsize != code_dtype(format).itemsize:
        raise TypeError(f"out: expected {dtype(format)} or {code_dtype(format)}, got {given.codes.dtype}")
    return given.codes, out


def expect_array(out: Any) -> None:
    """Raises TypeError for what would be copied, so that nothing would be written to it, and ValueError for a tensor that
    autograd would not know to be written to."""
    if isinstance(out, (float, list, tuple, np.generic)):
        raise TypeError(f"out: expected an array, got {type(out).__name__}")
    if _is_torch(out) and out.requires_grad:
        raise ValueError("out: out=... does not support automatic differentiation, but the tensor requires grad")


def apart(out: np.ndarray, *operands: np.ndarray) -> np.ndarray:
    """Room to compute in: `out`, or a new array where it overlaps an operand otherwise than element upon element. The results
    are then to be copied to `out`: they are those of operands that nothing wrote to."""
    same = (out.__array_interface__["data"][0], out.nbytes, out.itemsize)
    for x in operands:
        if np.may_share_memory(out, x) and same != (x.__array_interface__["data"][0], x.nbytes, x.itemsize):
            return np.empty_like(out)
    return out


def to_torch(codes: np.ndarray, format: Format) -> Any:
    """A tensor over the same memory, of the format's dtype or, where PyTorch has none, of its codes."""
    torch = sys.modules["torch"]
    tensor = torch.from_numpy(codes)
    for name in (format.name, *format.aliases):
        found = getattr(torch, name, None)
        if isinstance(found, torch.dtype):
            return tensor.view(found)
    return tensor


def checked_seed(seed: Any, env: Env) -> int:
    """A seed of 64 bits; only stochastic rounding needs one."""
    if seed is None:
        if env.rounding == "Stochastic":
            raise ValueError("stochastic rounding needs a seed, from 0 to 2**64 - 1")
        return 0
    try:
        number = seed.__index__()
    except AttributeError:
        raise TypeError(f"seed: expected an integer from 0 to 2**64 - 1, got {type(seed).__name__}") from None
    if not 0 <= number < 2**64:
        raise ValueError(f"seed: expected an integer from 0 to 2**64 - 1, got {number}")
    return number


def checked_env(env: Optional[Env], rounding: Optional[str]) -> Env:
    """The Env, with another rounding where one is named."""
    if env is None:
        env = DEFAULT_ENV
    elif not isinstance(env, Env):
        raise TypeError(f"env: expected a halfulp.Env, got {type(env).__name__}")
    if rounding is None:
        return env
    if not isinstance(rounding, str):
        raise TypeError(f"rounding: expected a name of halfulp.roundings(), got {type(rounding).__name__}")
    return env.with_rounding(rounding)


def cast_exactly(x: Any, to: FormatLike, what: str) -> np.ndarray:
    """The numbers in a wider format. Raises TypeError unless that has all of them."""
    given, target = numbers(x, what=what), find_format(to)
    if not contains(target, given.format):
        raise TypeError(f"{what}: expected numbers that {target.name} has, got {given.format.name}")
    codes, shown = result(given.codes.shape, target, None, False)
    elementwise("convert", target, [(given.format, given.codes)], codes, DEFAULT_ENV, None, 0)
    return shown
