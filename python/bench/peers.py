"""How fast this library is beside others, on the same arrays in one run: thread CPU time, the best of many, and their ratio.

python python/bench/peers.py. Times alone mean nothing on a shared machine: the runs of both sides alternate, and all rows are
measured again and again, as what slows a machine down lasts for seconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Callable

import ml_dtypes
import numpy as np

import halfulp
from halfulp import Quantiser

PASSES = 6
RUNS = 15
COUNT = 1 << 20


def best(calls: list[Callable[[], object]]) -> list[float]:
    """The least CPU seconds of each, their runs taking turns."""
    least = [float("inf")] * len(calls)
    for _ in range(RUNS):
        for i, call in enumerate(calls):
            start = time.thread_time()
            call()
            least[i] = min(least[i], time.thread_time() - start)
    return least


rows: dict[str, list[float]] = {}  # what beside whom: the least nanoseconds of both


def row(what: str, peer: str, count: int, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    key = f"{what} | {peer}"
    seconds = best([ours, theirs])
    rows[key] = [min(1e9 * new / count, old) for new, old in zip(seconds, rows.get(key, [float("inf")] * 2))]


def casts() -> None:
    x = np.random.default_rng(1).standard_normal(COUNT).astype(np.float32)
    for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float4_e2m1fn", "float6_e2m3fn", "bfloat16"):
        dtype, out, wide = getattr(ml_dtypes, name), np.empty(COUNT, getattr(ml_dtypes, name)), np.empty(COUNT, np.float32)
        y = x.astype(dtype)
        their_out, their_wide = np.empty_like(out), np.empty_like(wide)
        row(f"fp32 to {name}", "ml_dtypes", COUNT, lambda: halfulp.cast(x, name, out=out),
            lambda: np.copyto(their_out, x, casting="unsafe"))
        row(f"{name} to fp32", "ml_dtypes", COUNT, lambda: halfulp.cast(y, "fp32", out=wide),
            lambda: np.copyto(their_wide, y, casting="unsafe"))


def torch_rows() -> None:
    import torch

    torch.set_num_threads(1)
    x = torch.randn(COUNT)
    for name, dtype in (("bf16", torch.bfloat16), ("fp16", torch.float16), ("e4m3", torch.float8_e4m3fn), ("e5m2", torch.float8_e5m2)):
        out, theirs = torch.empty(COUNT, dtype=dtype), torch.empty(COUNT, dtype=dtype)
        row(f"fp32 to {name}", "torch", COUNT, lambda: halfulp.cast(x, name, out=out), lambda: theirs.copy_(x))
    q = Quantiser([0.02], [3], -128, 127, quotient="reciprocal")
    levels = np.empty(COUNT, np.float32)
    row("fake quantisation", "torch", COUNT, lambda: halfulp.fake_quant(x, q, out=levels),
        lambda: torch.fake_quantize_per_tensor_affine(x, 0.02, 3, -128, 127))
    codes = np.empty(COUNT, np.int8)
    row("quantisation to int8", "torch", COUNT, lambda: halfulp.quantise(x, Quantiser([0.02], [3]), out=codes),
        lambda: torch.quantize_per_tensor(x, 0.02, 3, torch.qint8))


def onnxruntime_rows() -> None:
    import onnxruntime
    from onnx import TensorProto, helper

    x = np.random.default_rng(1).standard_normal(COUNT).astype(np.float32)
    node = helper.make_node("QuantizeLinear", ["x", "s", "z"], ["y"])
    graph = helper.make_graph(
        [node], "one", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [COUNT])],
        [helper.make_tensor_value_info("y", TensorProto.INT8, [COUNT])],
        [helper.make_tensor("s", TensorProto.FLOAT, [], [0.02]), helper.make_tensor("z", TensorProto.INT8, [], [3])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    q, codes = Quantiser([0.02], [3]), np.empty(COUNT, np.int8)
    row("quantisation to int8", "onnxruntime", COUNT, lambda: halfulp.quantise(x, q, out=codes), lambda: session.run(None, {"x": x}))


def units() -> None:
    import torch

    torch.set_num_threads(1)
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from peers import mmasim_peer

    m, n, k = 128, 128, 128
    for kind, arch, name, make in mmasim_peer.operations():
        if name not in ("m16n8k16.f32.f16.f16.f32", "m64n8k32.f32.e4m3.e4m3") or arch not in ("Ampere", "Hopper"):
            continue
        op = make(arch, name)
        a, b, d = mmasim_peer.formats_of(kind, op)
        rng = np.random.default_rng(1)
        x, y = (halfulp.cast(rng.standard_normal(s), a) for s in ((m, k), (k, n)))
        c = np.zeros((m, n), np.float32)
        given = [torch.from_numpy(halfulp.bits(z).copy()).view(mmasim_peer.TORCH[a]) for z in (x, y)] + [torch.from_numpy(c)]
        unit = mmasim_peer.unit_name(kind, arch, name, op, a, b, d)
        row(f"{unit}, {m} x {n} x {k}, a product", "mmasim", m * n * k, lambda: halfulp.predict(unit, x, y, c), lambda: op(*given))


def main() -> None:
    missing = {}
    for _ in range(PASSES):
        for measure in (casts, onnxruntime_rows, torch_rows, units):
            try:
                measure()
            except ImportError as error:
                missing[measure.__name__] = error
    print("| what | beside | ours, ns | theirs, ns | ratio |\n|---|---|---|---|---|")
    for key, (mine, other) in rows.items():
        print(f"| {key} | {mine:.3f} | {other:.3f} | {other / mine:.1f} |")
    for name, error in missing.items():
        print(f"| {name} | not run: {error} | | | |")


if __name__ == "__main__":
    main()
