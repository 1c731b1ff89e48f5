"""mmasim: every matrix instruction that it has and this library too, on ordinary numbers and on any codes, NaNs, infinities and
subnormal numbers among them. Both follow the same publications; neither is the hardware."""

from __future__ import annotations

import re

import numpy as np
import torch
from mmasim import amd, nv_ptx
from mmasim.amd import isa_mfma
from mmasim.nv_ptx import isa_mma, isa_tcgen05mma, isa_wgmma

import halfulp
from halfulp import Format

from .check import Check, compare, random_codes

PROCESSORS = {
    "Volta": "V100", "Turing": "T4", "Ampere": "A100", "Ada Lovelace": "Ada", "Hopper": "H100", "Blackwell": "B200",
    "RTX Blackwell": "RTX5090", "CDNA1": "MI100", "CDNA2": "MI250X", "CDNA3": "MI300X",
}
PTX = {"f64": "fp64", "f32": "fp32", "f16": "fp16", "tf32": "tf32", "bf16": "bf16"}
AMD = {**PTX, "xf32": "tf32", "fp8": "e4m3fnuz", "bf8": "e5m2fnuz"}
TORCH = {"fp64": torch.float64, "fp32": torch.float32, "fp16": torch.float16, "tf32": torch.float32, "bf16": torch.bfloat16,
         "e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2, "e4m3fnuz": torch.float8_e4m3fnuz,
         "e5m2fnuz": torch.float8_e5m2fnuz, "ue8m0": torch.float8_e8m0fnu, "ue4m3": torch.float8_e4m3fn}
ROUNDS = 3  #: matrices of each kind for an instruction


def operations() -> list[tuple]:
    """(kind, architecture, mmasim's name, its class); of instructions that differ in their m and n alone, one."""
    rows = []
    for arch, names in isa_mma.mma_shape_and_type.items():
        # This library has no m8n8k4 of fp16 on T4, which computes as on V100.
        rows += [("mma.sync", arch, name, nv_ptx.MMA) for name in names if not (arch == "Turing" and "m8n8k4" in name)]
    for arch, names in isa_wgmma.wgmma_shape_and_type.items():
        rows += [("wgmma", arch, name, nv_ptx.WGMMA) for name in names if "n8k" in name]
    for arch, names in isa_tcgen05mma.tcgen05mma_shape_and_type.items():
        rows += [("tcgen05", arch, name, nv_ptx.TCGen05MMA) for name in names if name.startswith("m64n8k")]
    for arch, names in isa_mma.mma_block_scale_shape_and_type.items():
        rows += [("mma.sync", arch, name, nv_ptx.MMABlockScale) for name in names]
    for arch, names in isa_tcgen05mma.tcgen05mma_block_scale_shape_and_type.items():
        rows += [("tcgen05", arch, name, nv_ptx.TCGen05MMABlockScale) for name in names if "n8k" in name]
    for arch, names in isa_mfma.arch_mfma_suffix.items():
        rows += [("mfma", arch, name, amd.MFMA) for name in names]
    return rows


def formats_of(unit: str, op) -> tuple[str, str, str]:
    if unit == "mfma":
        name = op.suffix
        kinds = re.findall(r"xf32|bf16|f64|f32|f16|fp8|bf8", name.split("_", 1)[1])
        a, b = (kinds[-2], kinds[-1]) if len(kinds) > 1 else (kinds[-1], kinds[-1])
        return AMD[a], AMD[b], AMD[name.split("_")[0]]
    return PTX.get(op.a_type_ptx, op.a_type_ptx), PTX.get(op.b_type_ptx, op.b_type_ptx), {
        torch.float64: "fp64", torch.float32: "fp32", torch.float16: "fp16"}[op.d_type]


def unit_name(kind: str, arch: str, name: str, op, a: str, b: str, d: str) -> str:
    """What this library calls it."""
    words = kind
    if kind == "mfma":
        words = "mfma_1k" if name.endswith("_1k") else "mfma"
    scale = getattr(op, "s_type", None)
    if scale is not None:
        vector = {32: "2X", 16: "4X"}.get(op.block_size)
        scales = "ue4m3" if scale is torch.float8_e4m3fn else "ue8m0"
        words += {"mxf8f6f4": ".mxf8f6f4", "mxf4": ".mxf4"}.get(
            op.kind, f".mxf4nvf4.{vector}" + (f".{scales}" if vector == "4X" else ""))
    pair = a if a == b else f"{a}x{b}"
    return f"{PROCESSORS[arch]}:{words}:{pair}-{d}"


def packed(codes: np.ndarray, ptx: str, packs: bool) -> torch.Tensor:
    """As mmasim holds them: fp6 and fp4 in bytes, and for scaled fp4 two in a byte, the first one above."""
    if packs:
        return torch.from_numpy((codes[..., ::2] << 4 | codes[..., 1::2]).astype(np.uint8))
    if ptx == "e2m1":
        return torch.from_numpy((codes << 2).astype(np.uint8))
    if ptx in ("e3m2", "e2m3"):
        return torch.from_numpy(codes.astype(np.uint8))
    if ptx == "tf32":
        return torch.from_numpy(codes.astype(np.uint32)).view(torch.float32)
    return torch.from_numpy(codes).view(TORCH[ptx])


def drawn(of: Format, shape: tuple[int, int], ordinary: bool, seed: int) -> np.ndarray:
    size = shape[0] * shape[1]
    codes = random_codes(of, size, seed)
    return (codes[size:] if ordinary else codes[:size]).reshape(shape)


def held_on_registers(codes: np.ndarray, kind: str) -> np.ndarray:
    """tf32 lies in the upper bits of a register: mmasim's operands are registers."""
    return codes.astype(np.uint32) << 13 if kind == "tf32" else codes


def scales_of(op, rows: int, ordinary: bool, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    near = {torch.float8_e8m0fnu: (124, 131), torch.float8_e4m3fn: (0x30, 0x48)}[op.s_type]
    return rng.integers(*(near if ordinary else (0, 128 if op.s_type is torch.float8_e4m3fn else 256)),
                        (rows, op.k // op.block_size)).astype(np.uint8)


def compared(kind: str, arch: str, name: str, make) -> list[Check]:
    op = make(arch, name)
    a, b, d = formats_of(kind, op)
    unit, of = unit_name(kind, arch, name, op, a, b, d), Format(d)
    addend = halfulp.Format(str(op.c_type).partition(".")[2])
    packs = getattr(op, "packing", 1) == 2
    checks = []
    for ordinary in (True, False):
        parts = []
        for seed in range(ROUNDS):
            x, y = drawn(Format(a), (op.m, op.k), ordinary, seed), drawn(Format(b), (op.n, op.k), ordinary, seed + 50)
            c = drawn(addend, (op.m, op.n), ordinary, seed + 100)
            given = [packed(held_on_registers(x, a), a, packs), packed(held_on_registers(y, b), b, packs).T, torch.from_numpy(c).view(op.c_type)]
            scales = {}
            if hasattr(op, "s_type"):
                s, t = scales_of(op, op.m, ordinary, seed + 150), scales_of(op, op.n, ordinary, seed + 200)
                given += [torch.from_numpy(s).view(op.s_type), torch.from_numpy(t).view(op.s_type).T]
                dtype = "ue4m3" if op.s_type is torch.float8_e4m3fn else "e8m0"
                scales = {"a_scales": s, "b_scales": t.T.copy(), "scale_format": dtype}
            theirs = halfulp.bits(op(*given).contiguous())
            formats = {"a": a, "b": b, "c": addend}
            ours = halfulp.predict(unit, x, y.T.copy(), c, formats=formats, **scales)
            parts.append(compare(f"{arch} {kind} {name}", halfulp.bits(np.asarray(ours)), theirs, of))
        checks.append(Check(f"{arch} {kind} {name}, {'ordinary' if ordinary else 'any'} codes as {unit}",
                            sum(p.compared for p in parts), sum(p.differ for p in parts),
                            first=next((p.first for p in parts if p.first), "")))
    return checks


def checks() -> list[Check]:
    return [check for operation in operations() for check in compared(*operation)]
