"""Claim: plan, condition and exercises deliver the library's answers as data. Oracle: condition numbers by exact rationals, and
those of a matrix whose inverse is known."""

from fractions import Fraction

import numpy as np
import pytest

import halfulp


def test_condition_of_a_sum():
    x = np.float64([1e16, 1, -1e16])
    exact = [Fraction(v) for v in x]
    kappa = halfulp.condition(x)["kappa"]
    assert kappa == float(sum(map(abs, exact)) / abs(sum(exact)))
    assert halfulp.condition(x)["storage"]["binary16"]["beyond"] == 2


def test_condition_of_products_and_systems():
    x, y = np.float32([1, 2, 3]), np.float32([4, -5, 6])
    assert halfulp.condition(x, y)["kappa"] == pytest.approx(2 * 32 / 12, rel=1e-15)
    a = np.float64([[1, 2], [3, 4]])  # inverse [[-2, 1], [1.5, -0.5]]: norms 6 and 3.5
    assert halfulp.condition(a) == {**halfulp.condition(a), "what": "system", "kappa": pytest.approx(21)}
    assert halfulp.condition(a, a)["kappa"] == 2


def test_storage_loss():
    loss = halfulp.storage_loss(np.float32([1e-9, 1e-7, 1, 1e5]), "fp16")
    assert (loss["lost"], loss["subnormal"], loss["beyond"]) == (1, 1, 1)


def test_plan():
    rng = np.random.default_rng(2)
    a, b = (rng.standard_normal((64, 64)).astype(np.float32) for _ in range(2))
    planned = halfulp.plan("gemm", a, b, tolerance=1e-2, processor="H100")
    assert "H100" in planned["text"] and isinstance(planned, dict) and len(planned) > 3


def test_exercises():
    first = halfulp.exercises([1])
    questions = first[0]["questions"]
    assert len(first) == 1 and len(questions) >= 8
    assert {q["verdict"] for q in questions} == {"match"}


BAD = [
    (lambda: halfulp.condition(np.float64([np.inf, 1])), ValueError, "finite"),
    (lambda: halfulp.condition(np.zeros((2, 3, 4))), ValueError, "expected"),
    (lambda: halfulp.condition(np.zeros((2, 3))), ValueError, "square"),
    (lambda: halfulp.condition(np.empty(0)), ValueError, "and some"),
    (lambda: halfulp.condition(np.float64([1]), np.float64([1, 2])), ValueError, "one length"),
    (lambda: halfulp.plan("gemm", np.zeros((2, 3)), np.zeros((3, 2)), tolerance=1), TypeError, "expected float32"),
    (lambda: halfulp.plan("conv", np.float32([1]), tolerance=1), ValueError, "unknown workload 'conv'"),
    (lambda: halfulp.plan("sum", np.float32([1]), tolerance=0), ValueError, "tolerance"),
    (lambda: halfulp.plan("dot", np.float32([1]), tolerance=1), ValueError, "takes a and b"),
    (lambda: halfulp.plan("sum", np.float32([np.nan]), tolerance=1), ValueError, "finite"),
    (lambda: halfulp.exercises([9]), ValueError, "expected exercises of"),
]


@pytest.mark.parametrize("call, error, message", BAD, ids=range(len(BAD)))
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
