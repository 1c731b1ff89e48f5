"""Claim: a wrong argument raises TypeError or ValueError, in words of the public functions: what is accepted, not how the module
behind them is made. Oracle: the errors' text."""

import ml_dtypes
import numpy as np
import pytest

import halfulp
from halfulp import Env, Format, LossScale, Plan, Quantiser, laws, strategies

#: What only those who wrote the module understand.
FOREIGN = ("std::", "nanobind", "_halfulp", "overload", "incompatible function arguments", "__index__", "has no attribute",
           "not iterable", "not callable", "not subscriptable", "unhashable", "unsupported operand")

X = np.float32([1, 2])
A, B, D = np.ones((2, 4), np.float16), np.ones((4, 2), np.float16), np.ones((2, 2), np.float32)
Q = Quantiser([0.5], [0])
HOW = {"to": "fp16", "format": "fp32", "rounding": "Up", "env": Env(), "seed": 1, "flags": False, "out": None}
CAST = {name: HOW[name] for name in ("rounding", "format", "env", "seed", "flags", "out")}
FORMATS = {"formats": {}, "scale_format": None, "a_scales": None, "b_scales": None, "threads": 1}
DRAWN = {"allow_nan": False, "allow_infinity": False, "allow_negative": False}
BLOCK = np.ones(16, ml_dtypes.float4_e2m1fn), np.ones(1, ml_dtypes.float8_e4m3fn)


def same(code, *_):
    return code


#: A call of each public function that is right, with as many of its arguments as it takes.
CALLS = [
    (halfulp.compute, ("add", X, X), HOW),
    *((f, (X, X), HOW) for f in (halfulp.add, halfulp.sub, halfulp.mul, halfulp.div)),
    (halfulp.sqrt, (X,), HOW),
    (halfulp.fma, (X, X, X), HOW),
    (halfulp.cast, (X, "fp16"), CAST),
    (halfulp.round, (X, "fp16"), {name: HOW[name] for name in ("rounding", "env", "seed", "flags")}),
    (halfulp.bits, (X,), {}),
    (halfulp.from_bits, (X.view(np.uint32), "fp32"), {}),
    (halfulp.ulp_distance, (X, X), {"format": "fp32"}),
    (halfulp.dtype, ("fp16",), {}),
    *((f, (), {}) for f in (halfulp.operations, halfulp.formats, halfulp.roundings, halfulp.loss_scalings, halfulp.units,
                            halfulp.plain_sums, halfulp.block_formats)),
    (halfulp.predict, ("fp32-fma", A, B, D, Plan()), FORMATS),
    (halfulp.explain, (A, B, D, D), {"unit": "fp32-fma", "plan": Plan(), "alpha": 1, "beta": 1, "zero_point": 0, "nans_alike": True,
                                     **FORMATS}),
    (halfulp.assert_bits_equal, (X, X), {"nans_alike": True}),
    (halfulp.plan, ("sum", X), {"tolerance": 1e-3}),
    (halfulp.plan, ("gemm", D, D), {"tolerance": 1e-3, "processor": "H100", "order_independent": False, "threads": 1}),
    (halfulp.condition, (X, X), {}),
    (halfulp.storage_loss, (X, "fp16", 1.0), {}),
    (halfulp.exercises, ([1],), {}),
    (halfulp.calibrate, (X, "minmax"), {
        "bits": 8, "signed": True, "restricted": False, "symmetric": False, "rule": "onnx", "rounding": "NearestEven",
        "granularity": "tensor", "axis": -1, "block": 32, "percentile": 99.0}),
    (halfulp.quantise, (X, Q), {"seed": 1, "out": None}),
    (halfulp.fake_quant, (X, Q), {"seed": 1, "out": None}),
    (halfulp.fake_quant_grad, (X, X, Q), {}),
    (halfulp.dequantise, (np.int8([1]), Q), {}),
    (halfulp.to_blocks, (np.ones(16, np.float32), "nvfp4"), {}),
    (halfulp.from_blocks, (*BLOCK, "nvfp4"), {}),
    (Format, ("fp16",), {}),
    (Format, (), {"width": 8, "precision": 4, "bias": 7, "nan_codes": 1, "has_inf": False, "is_signed": True,
                  "has_negative_zero": True, "has_subnormals": True}),
    (Format.ieee, (8, 4), {}),
    *((getattr(Format("fp16"), name), (1,), {}) for name in ("value", "text", "hex", "is_nan")),
    (Env, ("Up",), {"overflow": "Saturate", "tininess": "AfterRounding", "flush_inputs": True, "flush_outputs": "Never",
                    "nan": "ieee_default"}),
    (Env().with_rounding, ("Up",), {}),
    (Plan, (), {"tile_k": 16, "order": "Ascending", "split_k": 1, "merge": "Forward", "c": "Start", "alpha": 1, "beta": 1,
                "accumulator": "fp16", "output": "fp16", "requantised": "Up", "zero_point": 0, "operands": "Up", "env": Env()}),
    (Quantiser, ([0.5], [0], -8, 7), {"rounding": "Up", "quotient": "divide", "granularity": "tensor", "axis": -1, "block": 32,
                                      "method": "given", "sqnr": 1.0, "clipped": 0.0}),
    (LossScale, ("dynamic",), {"initial": 2, "interval": 3, "factor": 2, "good_steps": 0, "patience": 1}),
    (LossScale().update, (True,), {}),
    (laws.on_numbers, (float, "fp32", "fp16"), {}),
    *((f, ("fp32", "fp32", same, 1), {}) for f in (laws.faithful, laws.saturated)),
    (laws.correctly_rounded, ("fp32", "fp32", same, 1, "Up", Env()), {}),
    (laws.monotone, ("fp32", "fp32", same, 1, 2), {}),
    (laws.sign_symmetric, ("fp32", "fp32", same, 1, same), {}),
    (laws.round_trip, ("fp32", same, same, 1), {}),
    (laws.through_odd, ("fp32", "fp32", same, same, same, 1), {}),
    (laws.correctly_rounded_operation, ("fp32", "add", same, 1, 0), {"rounding": "Up", "env": Env()}),
    (laws.commutative, ("fp32", lambda a, b: a + b, 1, 2), {}),
    (laws.exact_product, ("fp32", lambda a, b: 0, 0, 0), {}),
    (laws.vanishing, ("fp32", lambda a, b: 0, 1, "NearestEven"), {}),
    (laws.sterbenz, ("fp32", lambda a, b: 0, 1, 1), {}),
    (laws.idempotent, ("fp32", same, 1), {}),
    *((f, ("fp16",), DRAWN) for f in (strategies.codes, strategies.floats)),
    (strategies.arrays, ("fp16", 3), DRAWN),
]
#: Of no argument the type, and of some.
STRANGE = [object(), None, 3, -1, 2**70, 1.5, 3j, "?", b"?", [], {}, [object()], print]


def name_of(function):
    return getattr(function, "__qualname__", None) or function.__name__


def replaced():
    for function, args, kwargs in CALLS:
        for i in range(len(args)):
            yield pytest.param(function, i, args, kwargs, id=f"{name_of(function)}-{i}")
        for name in kwargs:
            yield pytest.param(function, name, args, kwargs, id=f"{name_of(function)}-{name}")


def called(function, place, x, args, kwargs):
    """What it raises, with x in the place of an argument, if that is no answer (a law is broken, bits differ)."""
    args, kwargs = list(args), dict(kwargs)
    (kwargs if isinstance(place, str) else args)[place] = x
    try:
        function(*args, **kwargs)
    except AssertionError:
        return None
    except Exception as error:
        return error
    return None


def is_in_words(error):
    return isinstance(error, (TypeError, ValueError)) and str(error) and not any(word in str(error) for word in FOREIGN)


@pytest.mark.parametrize("function, args, kwargs", CALLS, ids=[name_of(call[0]) for call in CALLS])
def test_the_calls_are_right(function, args, kwargs):
    function(*args, **kwargs)


def test_every_public_function_is_called():
    public = {getattr(module, name) for module in (halfulp, laws, strategies) for name in module.__all__}
    of_others = {halfulp.Explanation, halfulp.Flags, halfulp.Predicted, laws.LawBroken}
    assert public - of_others <= {call[0] for call in CALLS}


@pytest.mark.parametrize("function, place, args, kwargs", list(replaced()))
def test_a_wrong_argument_is_named_in_words(function, place, args, kwargs):
    right = kwargs[place] if isinstance(place, str) else args[place]
    for x in STRANGE:
        error = called(function, place, x, args, kwargs)
        assert error is None or is_in_words(error), f"{x!r}: {type(error).__name__}: {error}"
    if not isinstance(right, bool):  # truth is asked of any object
        assert called(function, place, STRANGE[0], args, kwargs) is not None


@pytest.mark.parametrize("function, args, kwargs", CALLS, ids=[name_of(call[0]) for call in CALLS])
def test_too_many_and_unknown_arguments(function, args, kwargs):
    for error in (called(function, "nothing", 1, args, kwargs), called(function, "nothing", 1, (*args, *[1] * 9), kwargs)):
        assert is_in_words(error), f"{type(error).__name__}: {error}"


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: Env(5), "Env: expected (rounding: str = 'NearestEven', *, overflow: str = 'ByRounding', "),
        (lambda: Env("Up", "Saturate"), "Env: expected (rounding: str = 'NearestEven', *, overflow: str = 'ByRounding', "),
        (lambda: Plan(3), "Plan: expected (*, tile_k: int = 0, order: str = 'Ascending', "),
        (lambda: Plan(tile_k=-1), "got (tile_k=-1)"),
        (lambda: Format(7), "Format: expected (name: str) or (*, width: int, precision: int, bias: int, "),
        (lambda: halfulp.exercises(3), "exercises: expected numbers: Sequence[int], got int"),
        (lambda: halfulp.add(X, X, rounding=3), "rounding: expected a name of halfulp.roundings(), got int"),
    ],
)
def test_says_what_is_accepted(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    assert message in str(caught.value)
