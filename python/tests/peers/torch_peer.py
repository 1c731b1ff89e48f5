"""PyTorch on the CPU: casts, fake quantisation and its gradients, sums, GradScaler."""

from __future__ import annotations

import numpy as np
import torch

import halfulp
from halfulp import Env, Quantiser

from .check import Check, all_codes, compare, random_codes, ties

FORMATS = {"fp16": torch.float16, "bf16": torch.bfloat16, "e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2,
           "e4m3fnuz": torch.float8_e4m3fnuz, "e5m2fnuz": torch.float8_e5m2fnuz, "e8m0": torch.float8_e8m0fnu}
#: torch.float8_e4m3fn is saturating, for infinities too; the others are not.
SATURATES = {"e4m3"}
E8M0 = ("torch takes e8m0 of the magnitude where ours is NaN, rounds ties up where ours go to the even code (OCP MX defines "
        "neither), and rounds all between 2^-127 and 2^-126 up, which is not to nearest: there ours is right")
ZERO = "where a code was clamped torch has upstream * 0, whose zero has a sign, ours is +0: the same number"


def codes_of(tensor: torch.Tensor) -> np.ndarray:
    return halfulp.bits(tensor)


def cast(name: str) -> list[Check]:
    of = halfulp.Format(name)
    codes = np.concatenate([ties(of), random_codes(halfulp.Format("fp32"), 100000, 1)])
    x = torch.from_numpy(codes.view(np.float32))
    env = Env(overflow="saturate" if name in SATURATES else "ieee")
    numbers = codes.view(np.float32)
    odd = (numbers < 0) | (np.abs(np.frexp(numbers)[0]) == 0.75) | (np.abs(numbers) < 2.0**-126)
    narrowed = compare(f"fp32 to {name}", codes_of(halfulp.cast(x, name, env=env)), codes_of(x.to(FORMATS[name])), of,
                       given=[codes], excused=odd & (name == "e8m0"), why=E8M0)
    every = torch.from_numpy(all_codes(of)).view(FORMATS[name])
    widened = compare(f"{name} to fp32", codes_of(halfulp.cast(every, "fp32")), codes_of(every.to(torch.float32)),
                      halfulp.Format("fp32"), given=[all_codes(of)])
    return [narrowed, widened]


def arithmetic(name: str, operation: str) -> Check:
    of = halfulp.Format(name)
    a, b = (torch.from_numpy(random_codes(of, 100000, seed)).view(FORMATS[name]) for seed in (2, 3))
    theirs = getattr(torch, operation)(a, b)
    return compare(f"{name} {operation}", codes_of(halfulp.compute(operation, a, b)), codes_of(theirs), of,
                   given=[codes_of(a), codes_of(b)])


def fake(scale: float, zero: int, least: int, greatest: int) -> list[Check]:
    rng = np.random.default_rng(5)
    halves = rng.integers(-1200, 1200, 100000).astype(np.float32) / 2 * np.float32(scale)
    x = torch.from_numpy(np.concatenate([halves, (rng.standard_normal(100000) * 80 * scale).astype(np.float32)]))
    up = torch.from_numpy(rng.standard_normal(x.shape[0]).astype(np.float32))
    q = Quantiser([scale], [zero], least, greatest, quotient="reciprocal")
    leaf = x.clone().requires_grad_()
    theirs = torch.fake_quantize_per_tensor_affine(leaf, scale, zero, least, greatest)
    theirs.backward(up)
    fp32, what = halfulp.Format("fp32"), f"scale {scale:.4g}, codes {least} to {greatest}"
    ours, grad = halfulp.fake_quant_grad(x, up, q), leaf.grad
    return [compare(f"fake_quantize, {what}", codes_of(halfulp.fake_quant(x, q)), codes_of(theirs), fp32, given=[codes_of(x)]),
            compare(f"its gradient, {what}", codes_of(ours), codes_of(grad), fp32, given=[codes_of(x)],
                    excused=((ours == 0) & (grad == 0)).numpy(), why=ZERO)]


def fake_channels() -> Check:
    x = torch.from_numpy(np.random.default_rng(6).standard_normal((8, 500)).astype(np.float32))
    q = halfulp.calibrate(x, rule="pytorch", symmetric=True, granularity="channel", axis=0)
    theirs = torch.fake_quantize_per_channel_affine(
        x, torch.tensor(q.scale), torch.tensor(q.zero_point, dtype=torch.int32), 0, q.least, q.greatest)
    return compare("fake_quantize per channel", codes_of(halfulp.fake_quant(x, q)), codes_of(theirs), halfulp.Format("fp32"))


def grad_scaler(interval: int, seed: int) -> list[Check]:
    """GradScaler on random infinities, few and many by turns: the factors, the steps that count, and which were skipped."""
    theirs = torch.amp.GradScaler("cpu", growth_interval=interval)
    ours = halfulp.LossScale("dynamic", interval=interval)
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=2.0**-12)
    taken: list[bool] = []
    optimizer.register_step_post_hook(lambda *_: taken.append(True))
    rng = np.random.default_rng(seed)
    seen: list[tuple[float, int, bool]] = []
    expected: list[tuple[float, int, bool]] = []
    for step in range(3000):
        few = step % (8 * interval + 6) >= 6  # so that the factor goes up about as often as down
        infinite = bool(rng.random() < (0.02 if few else 0.9))
        taken.clear()
        theirs.scale(weight.sum()).backward()
        weight.grad.fill_(float("inf") if infinite else theirs.get_scale())
        theirs.step(optimizer)
        theirs.update()
        optimizer.zero_grad()
        skipped = ours.update(infinite)
        seen.append((ours.factor, ours.good_steps, skipped))
        expected.append((theirs.get_scale(), theirs.state_dict()["_growth_tracker"], not taken))
    columns = zip(np.array(seen, np.float32).T, np.array(expected, np.float32).T)
    return [compare(f"GradScaler, interval {interval}: {what}", halfulp.bits(a.copy()), halfulp.bits(b.copy()), halfulp.Format("fp32"))
            for what, (a, b) in zip(("factor", "good steps", "skipped"), columns)]


def checks() -> list[Check]:
    rows = [check for name in FORMATS for check in cast(name)]
    rows += [arithmetic(name, operation) for name in ("fp16", "bf16") for operation in ("add", "sub", "mul", "div")]
    for limits in ((-128, 127), (0, 255), (-8, 7)):
        for scale in (0.5, 0.1, 0.0123):
            rows += fake(scale, 2, *limits)
    for interval in (1, 3, 20):
        rows += grad_scaler(interval, interval)
    return rows + [fake_channels()]
