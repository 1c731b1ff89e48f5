"""onnxruntime: quantisation, dynamic quantisation, casts to fp8 and integer products."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

import halfulp
from halfulp import Env, Plan, Quantiser

from .check import Check, compare, ties

TYPES = {np.dtype("f4"): TensorProto.FLOAT, np.dtype("i1"): TensorProto.INT8, np.dtype("u1"): TensorProto.UINT8,
         np.dtype("i4"): TensorProto.INT32, np.dtype("f2"): TensorProto.FLOAT16}
FP8 = {"float8_e4m3fn": TensorProto.FLOAT8E4M3FN, "float8_e5m2": TensorProto.FLOAT8E5M2,
       "float8_e4m3fnuz": TensorProto.FLOAT8E4M3FNUZ, "float8_e5m2fnuz": TensorProto.FLOAT8E5M2FNUZ}


def run(operator: str, inputs: list[np.ndarray], outputs: list[int], nodes=None, **attributes) -> list[np.ndarray]:
    """What a graph of one operator, or of the nodes, gives."""
    names = [f"x{i}" for i in range(len(inputs))]
    results = [f"y{i}" for i in range(len(outputs))]
    nodes = nodes or [helper.make_node(operator, names, results, **attributes)]
    graph = helper.make_graph(
        nodes, "one",
        [helper.make_tensor_value_info(n, TYPES[x.dtype], x.shape) for n, x in zip(names, inputs)],
        [helper.make_tensor_value_info(n, kind, None) for n, kind in zip(results, outputs)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip(names, inputs)))


def numbers(scale: float, count: int = 100000) -> np.ndarray:
    """Many of them halfway between two codes, and beyond the last ones."""
    rng = np.random.default_rng(1)
    halves = (rng.integers(-600, 600, count) / 2).astype(np.float32) * np.float32(scale)
    return np.concatenate([halves, (rng.standard_normal(count) * 60 * scale).astype(np.float32), np.float32([np.inf, -np.inf])])


def codes_of(array: np.ndarray) -> np.ndarray:
    return array.view(f"u{array.itemsize}")


def plain(what: str, ours: np.ndarray, theirs: np.ndarray) -> Check:
    differs = int((codes_of(ours) != codes_of(theirs)).sum())
    return Check(what, ours.size, differs, first="" if not differs else f"at {np.argmax(codes_of(ours) != codes_of(theirs))}")


def quantise(kind: str, scale: float, zero: int) -> list[Check]:
    limits, x = np.iinfo(kind), numbers(scale)
    q = Quantiser([scale], [zero], limits.min, limits.max)
    s, z = np.array(scale, np.float32), np.array(zero, kind)
    theirs, = run("QuantizeLinear", [x, s, z], [TYPES[np.dtype(kind)]])
    ours = halfulp.quantise(x, q)
    back, = run("DequantizeLinear", [theirs, s, z], [TensorProto.FLOAT])
    return [plain(f"QuantizeLinear to {np.dtype(kind)}, scale {scale:.4g}", ours, theirs),
            plain(f"DequantizeLinear of {np.dtype(kind)}", halfulp.dequantise(theirs, q), back)]


def dynamic(seed: int) -> list[Check]:
    x = (np.random.default_rng(seed).standard_normal(5000) * 3).astype(np.float32)
    codes, scale, zero = run("DynamicQuantizeLinear", [x], [TensorProto.UINT8, TensorProto.FLOAT, TensorProto.UINT8])
    q = halfulp.calibrate(x, signed=False)
    return [plain("DynamicQuantizeLinear: codes", halfulp.quantise(x, q), codes),
            plain("DynamicQuantizeLinear: scale", np.float32(q.scale), scale.reshape(1)),
            plain("DynamicQuantizeLinear: zero point", np.uint8(q.zero_point), zero.reshape(1))]


def cast(name: str, saturates: bool) -> Check:
    of = halfulp.Format(name)
    x = ties(of).view(np.float32)
    cast_node = helper.make_node("Cast", ["x0"], ["f8"], to=FP8[name], saturate=int(saturates))
    back_node = helper.make_node("Cast", ["f8"], ["y0"], to=TensorProto.FLOAT)
    theirs, = run("", [x], [TensorProto.FLOAT], [cast_node, back_node])
    ours = halfulp.cast(x, of, env=Env(overflow="saturate" if saturates else "ieee"))
    wide = halfulp.cast(ours, "fp32")
    return compare(f"Cast to {name}{', saturating' if saturates else ''}", wide.view(np.uint32), theirs.view(np.uint32),
                   halfulp.Format("fp32"), given=[x.view(np.uint32)])


def products(seed: int) -> list[Check]:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-128, 128, (32, 64)).astype(np.int8), rng.integers(-128, 128, (64, 48)).astype(np.int8)
    whole, = run("MatMulInteger", [a, b], [TensorProto.INT32])
    scales = [np.array(x, np.float32) for x in (0.02, 0.03, 0.7)]
    zero, shift = np.array(0, np.int8), np.array(5, np.int8)
    theirs, = run("QLinearMatMul", [a, scales[0], zero, b, scales[1], zero, scales[2], shift], [TensorProto.INT8])
    alpha = np.float32(scales[0] * scales[1]) / scales[2]
    plan = Plan(alpha=float(alpha), accumulator="fp32", output="s8", zero_point=5, c="Epilogue", beta=0)
    return [plain("MatMulInteger", np.asarray(halfulp.predict("A100:mma.sync:s8-s32", a, b)), whole),
            plain("QLinearMatMul", np.asarray(halfulp.predict("A100:mma.sync:s8-s32", a, b, plan=plan)), theirs)]


def checks() -> list[Check]:
    rows = []
    for kind in ("i1", "u1"):
        for scale in (1.0, 0.1, 0.0123):
            rows += quantise(kind, scale, 3)
    for seed in range(5):
        rows += dynamic(seed) + products(seed)
    return rows + [cast(name, saturates) for name in FP8 for saturates in (False, True)]
