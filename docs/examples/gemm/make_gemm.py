#!/usr/bin/env python3
"""Writes a.npy and b.npy, two 64 x 64 matrices of fp16 for docs/validate-a-gemm.md: whole numbers of up to 11 bits times
powers of two, from a linear congruence. b.npy holds B column after column (n x k), as the kernel wants it."""

import struct
from pathlib import Path

FOLDER = Path(__file__).parent


def numbers(state, count):
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64  # Knuth's MMIX
        yield ((state >> 33) % 4095 - 2047) * 2.0 ** -((state >> 60) % 8 + 8)


def write(name, state):
    header = "{'descr': '<f2', 'fortran_order': False, 'shape': (64, 64), }"
    header = header.ljust(117) + "\n"  # so that data begins at a multiple of 64
    data = b"".join(struct.pack("<e", x) for x in numbers(state, 64 * 64))
    (FOLDER / name).write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


write("a.npy", 1)
write("b.npy", 2)
