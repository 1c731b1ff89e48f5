#!/usr/bin/python3
"""Writes images.npy and layer.npy beside itself: real numbers for docs/planning.md.

    ./make_digits.py [digits.csv.gz]

images.npy: the first 128 images, of 8 x 8 pixels from 0 to 16, of the test part of "Optical Recognition of Handwritten Digits",
E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49, which UCI offers under CC BY
4.0. Read from the copy in Debian's python3-sklearn (scikit-learn 1.2.1), and unchanged but for the format of the file.

layer.npy: 64 x 32 weights in binary32, sums of twelve numbers of Python's random.Random(1), whose stream is documented not to
change, less 6, over 8: near the normal distribution of standard deviation 1/8.
"""

import gzip
import random
import struct
import sys
from pathlib import Path

DEBIAN_DIGITS = "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"
IMAGES, PIXELS, NEURONS = 128, 64, 32


def write_npy(name, kind, rows, columns, data):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    path = Path(__file__).parent / name
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data)


def main():
    with gzip.open(sys.argv[1] if len(sys.argv) > 1 else DEBIAN_DIGITS, "rt") as lines:
        images = [[int(float(field)) for field in line.split(",")[:PIXELS]] for line in lines][:IMAGES]
    write_npy("images.npy", "|u1", IMAGES, PIXELS, bytes(pixel for image in images for pixel in image))
    draw = random.Random(1).random
    weights = [(sum(draw() for _ in range(12)) - 6) / 8 for _ in range(PIXELS * NEURONS)]
    write_npy("layer.npy", "<f4", PIXELS, NEURONS, struct.pack(f"<{len(weights)}f", *weights))


main()
