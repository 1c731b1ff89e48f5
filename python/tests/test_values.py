"""Values are pickled, copied and compared; wrong arguments are named in the words of the public functions.

Oracle: literals."""

import copy
import pickle
from unittest import mock

import numpy as np
import pytest

import halfulp
from halfulp import laws

X = np.float32([-3, 0.5, 2, 7])
PLAN = halfulp.Plan(
    tile_k=16, order="Interleaved", split_k=2, merge="Halves", c="Epilogue", alpha=0.5, beta=2, accumulator="fp16", output="s8",
    requantised="NearestAway", zero_point=3, operands="Up", env=halfulp.Env(flush_inputs=True),
)
VALUES = [
    halfulp.Format("bf16"),
    halfulp.Format(width=6, precision=3, bias=5, nan_codes=2, has_negative_zero=False),
    halfulp.Env(),
    halfulp.Env("Up", overflow="Saturate", tininess="BeforeRounding", flush_inputs=True, flush_outputs="AfterRounding", nan="x86"),
    halfulp.Plan(),
    PLAN,
    halfulp.Quantiser([0.5, 0.25], [0, 1], -8, 7, rounding="TowardZero", granularity="channel", axis=0),
    halfulp.calibrate(X, "max"),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_is_pickled_and_copied(value):
    for other in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert other is not value
        assert other == value and hash(other) == hash(value) and repr(other) == repr(value)


A, B = np.ones((2, 4), np.float16), np.ones((4, 2), np.float16)


def broken_law():
    with pytest.raises(laws.LawBroken) as caught:
        laws.idempotent("fp16", lambda code: code + 1, 1)
    return caught.value


#: One of each public class whose values are not compared by ==, and what is to stay.
OTHERS = [
    (halfulp.LossScale("megatron", initial=256), lambda x: (x.rule, x.initial, x.factor, x.good_steps, x.patience)),
    (halfulp.predict("fp32-fma", A, B, plan=halfulp.Plan(alpha=0.5)), lambda x: (x.tobytes(), x.shape, x.dtype, repr(x.question))),
    (halfulp.explain(A, B, d=halfulp.predict("fp32-fma", A, B)), lambda x: (x.text, x.holds, x.data)),
    (halfulp.Flags.INEXACT | halfulp.Flags.OVERFLOW, int),
    (broken_law(), lambda x: (str(x), x.law, x.operands, x.got, x.against)),
]


@pytest.mark.parametrize("value, kept", OTHERS, ids=[type(value).__name__ for value, _ in OTHERS])
def test_keeps_what_it_says_when_pickled_and_copied(value, kept):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        other = pickle.loads(pickle.dumps(value, protocol))
        assert type(other) is type(value) and kept(other) == kept(value)
    for other in (copy.copy(value), copy.deepcopy(value)):
        assert type(other) is type(value) and kept(other) == kept(value)


def test_every_public_class_is_pickled():
    public = {getattr(module, name) for module in (halfulp, laws) for name in module.__all__}
    assert {x for x in public if isinstance(x, type)} == {type(x) for x in VALUES} | {type(x) for x, _ in OTHERS}


def test_a_copy_of_a_prediction_explains():
    copied = copy.deepcopy(halfulp.predict("fp32-fma", A, B))
    with pytest.raises(AssertionError, match="asked: fp32-fma"):
        halfulp.assert_bits_equal(copied + np.float32(1), copied)


def test_a_copy_is_another_array():
    a = A.copy()
    predicted = halfulp.predict("fp32-fma", a, B)
    shallow, deep = copy.copy(predicted), copy.deepcopy(predicted)
    a[:] = 2
    np.testing.assert_array_equal(shallow.question["a"], a)
    np.testing.assert_array_equal(deep.question["a"], A)
    predicted[:] = 0
    assert (shallow == 4).all() and (deep == 4).all()


def test_differs_by_each_field():
    assert len({repr(x) for x in VALUES}) == len(VALUES) == len(set(VALUES))
    fields = {
        "tile_k": 8, "order": "Ascending", "split_k": 1, "merge": "Forward", "c": "Start", "alpha": 1, "beta": 1,
        "accumulator": None, "output": "fp16", "requantised": "NearestEven", "zero_point": 0, "operands": "Down", "env": None,
    }
    own = {name: getattr(PLAN, name) for name in fields}
    assert halfulp.Plan(**own) == PLAN
    for name, other in fields.items():
        assert halfulp.Plan(**{**own, name: other}) != PLAN, name
    assert PLAN != halfulp.Env() and PLAN != 1
    assert PLAN == mock.ANY  # who knows more of both is asked
    assert hash(PLAN) != hash(halfulp.Plan())


#: What each constructor takes where nothing is said.
DEFAULTS = [
    (halfulp.Format(width=8, precision=4, bias=7), {
        "nan_codes": 0, "has_inf": False, "is_signed": True, "has_negative_zero": True, "has_subnormals": True}),
    (halfulp.Env(), {
        "rounding": "NearestEven", "overflow": "ByRounding", "tininess": "AfterRounding", "flush_inputs": False,
        "flush_outputs": "Never", "nan": "ieee_default"}),
    (halfulp.Plan(), {
        "tile_k": 0, "order": "Ascending", "split_k": 1, "merge": "Forward", "c": "Start", "alpha": 1, "beta": 1,
        "accumulator": None, "output": None, "requantised": "NearestEven", "zero_point": 0, "operands": "TowardZero",
        "env": halfulp.Env(nan="cuda")}),
    (halfulp.Quantiser([0.5], [0]), {
        "least": -128, "greatest": 127, "rounding": "NearestEven", "quotient": "divide", "granularity": "tensor", "axis": -1,
        "block": 32, "method": "given"}),
    (halfulp.LossScale(), {
        "rule": "dynamic", "initial": 65536, "interval": 2000, "factor": 65536, "good_steps": 0, "patience": 1}),
]


@pytest.mark.parametrize("value, fields", DEFAULTS, ids=[type(value).__name__ for value, _ in DEFAULTS])
def test_has_the_documented_defaults(value, fields):
    assert {name: getattr(value, name) for name in fields} == fields


def test_shows_what_a_plan_was_made_of():
    assert (PLAN.order, PLAN.merge, PLAN.c, PLAN.output) == ("Interleaved", "Halves", "Epilogue", "s8")
    assert PLAN.accumulator == halfulp.Format("fp16") and PLAN.requantised == "NearestAway" and PLAN.operands == "Up"
    assert PLAN.env.flush_inputs


def test_keeps_what_calibration_measured():
    made = halfulp.calibrate(X, "max")
    other = pickle.loads(pickle.dumps(made))
    assert (other.method, other.sqnr, other.clipped) == (made.method, made.sqnr, made.clipped)
    np.testing.assert_array_equal(halfulp.quantise(X, other), halfulp.quantise(X, made))


def test_a_loss_scale_goes_on_where_it_was():
    scale = halfulp.LossScale("megatron", initial=256, interval=3)
    steps = [False, True, False, True, False, False, False, True]
    for i in range(len(steps)):
        other = copy.deepcopy(scale) if i % 2 else pickle.loads(pickle.dumps(scale))
        for found in steps:
            assert scale.update(found) == other.update(found)
            assert (scale.factor, scale.good_steps) == (other.factor, other.good_steps)
    with pytest.raises(ValueError, match="finite factor"):
        halfulp.LossScale(factor=-1)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: halfulp.predict(7, A, B), "predict: expected unit: str, got int"),
        (lambda: halfulp.predict("A100:fp16-fp32", A, B, plan="fp32"), "predict: expected plan: Optional[Plan], got str"),
        (lambda: halfulp.predict("A100:fp16-fp32", A, B, threads=-1), "predict: expected numbers in range, got threads=-1"),
        (lambda: halfulp.explain(A, B, d=A, alpha="1"), "explain: expected alpha: float, got str"),
        (lambda: halfulp.quantise(X, 0.5), "quantise: expected quantiser: Quantiser, got float"),
        (lambda: halfulp.calibrate(X, bits="8"), "calibrate: expected bits: int, got str"),
        (lambda: halfulp.plan("sum", X, tolerance="small"), "plan: expected tolerance: float, got str"),
    ],
)
def test_names_the_argument(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: halfulp.Format("fp16").value("x"), "Format.value: expected (code: int), got (str)"),
        (lambda: halfulp.Format.ieee(8), "Format.ieee: expected (width: int, precision: int), got (8)"),
        (lambda: halfulp.Env().with_rounding(3), "Env.with_rounding: expected (rounding: str), got (3)"),
        (lambda: halfulp.Env().with_rounding(0.5), "Env.with_rounding: expected (rounding: str), got (0.5)"),
        (lambda: halfulp.LossScale().update(), "LossScale.update: expected (found_infinite: bool), got ()"),
        (lambda: halfulp.formats(1), "formats: expected (), got (1)"),
        (lambda: halfulp.roundings(x=1), "roundings: expected (), got (x=1)"),
    ],
)
def test_methods_and_lists_say_what_they_take(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


def test_laws_take_codes_alone():
    from halfulp import laws

    for given in (lambda a: a + 0.5, lambda a: None, lambda a: -1, lambda a: 2**64):
        with pytest.raises(TypeError, match="expected a function that returns codes"):
            laws.idempotent("fp16", given, 1)
    laws.idempotent("fp16", lambda a: np.uint16(a), 1)
    with pytest.raises(TypeError, match="idempotent: expected a: int, got float"):
        laws.idempotent("fp16", lambda a: a, 1.5)


def test_a_plan_has_no_draws():
    for bad in ({"requantised": "Stochastic"}, {"operands": "Stochastic"}, {"env": halfulp.Env("Stochastic")}):
        with pytest.raises(ValueError, match="unknown rounding of a plan 'Stochastic': expected one of"):
            halfulp.Plan(**bad)
    with pytest.raises(ValueError, match="unknown format 'fp12'"):
        halfulp.Plan(accumulator="fp12")
