#!/usr/bin/python3
"""Prints digits_gradients.cpp: the gradients of one real training step, as binary32 codes.

    ./make_digits_gradients.py [digits.csv.gz] > digits_gradients.cpp

Data: the test part (1797 images) of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, UCI Machine
Learning Repository, 1998, https://doi.org/10.24432/C50P49, which UCI offers under CC BY 4.0. Read from the copy in
Debian's python3-sklearn (scikit-learn 1.2.1), whose copyright file puts the whole package under BSD-3-Clause and does
not mention the data by itself. No image is stored in the output.

Network: 64 pixels (divided by 16) -> 8 ReLU -> 10 classes, softmax cross-entropy, the mean over a batch. Plain gradient
descent, step 1/2, batches of 32 consecutive images in the file's order (the last 5 images are left out), 4 epochs.
Recorded is the step after that, on the first batch: every gradient with respect to the logits, and every gradient with
respect to the parameters. None is left out and nothing is sampled.

Reproducible to the byte on any machine: all arithmetic is binary32, one correctly rounded elementwise operation of numpy
after another, and every sum is a loop in ascending order, because numpy's own sums and products of matrices choose their
order by machine. exp is decimal's, which is correctly rounded. The initial weights are integers of RandomState(0), whose
stream numpy promises not to change, times a power of two. Tried with numpy 1.24.2, Python 3.11.2.

Exit status 77: numpy or the data is not there.
"""

import gzip
import os
import sys
from decimal import Context, Decimal

try:
    import numpy as np
except ImportError:
    print("numpy is not installed: apt-get install python3-numpy", file=sys.stderr)
    sys.exit(77)

DEBIAN_DIGITS = "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"
BATCH, HIDDEN, CLASSES, EPOCHS = 32, 8, 10, 4
STEP = np.float32(0.5)
DECIMAL = Context(prec=30)


def load(path):
    if not os.path.exists(path):
        print(f"{path} is not there: apt-get install python3-sklearn", file=sys.stderr)
        sys.exit(77)
    with gzip.open(path, "rt") as lines:
        rows = np.array([[int(float(field)) for field in line.split(",")] for line in lines])
    return rows[:, :-1].astype(np.float32) / np.float32(16), rows[:, -1]


def ordered_sum(terms):
    """Over the first axis, one after another."""
    total = np.zeros_like(terms[0])
    for term in terms:
        total = total + term
    return total


def product(a, b):
    return ordered_sum([a[:, k, None] * b[None, k, :] for k in range(a.shape[1])])


def exp(x):
    return np.array([[float(Decimal(float(v)).exp(DECIMAL)) for v in row] for row in x]).astype(np.float32)


def initial_weights(random, inputs, outputs, scale):
    return random.randint(-64, 65, (inputs, outputs)).astype(np.float32) * np.float32(scale)


def gradients(parameters, images, labels):
    """With respect to the logits, and to each of the parameters."""
    w1, b1, w2, b2 = parameters
    before_relu = product(images, w1) + b1
    hidden = np.maximum(before_relu, np.float32(0))
    logits = product(hidden, w2) + b2
    powers = exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = powers / ordered_sum(powers.T)[:, None]
    wanted = (labels[:, None] == np.arange(CLASSES)).astype(np.float32)
    of_logits = (probabilities - wanted) / np.float32(len(images))
    of_hidden = product(of_logits, w2.T) * (before_relu > 0)
    return of_logits, (product(images.T, of_hidden), ordered_sum(of_hidden),
                       product(hidden.T, of_logits), ordered_sum(of_logits))


def train(images, labels):
    random = np.random.RandomState(0)
    parameters = [initial_weights(random, images.shape[1], HIDDEN, 2.0**-8), np.zeros(HIDDEN, np.float32),
                  initial_weights(random, HIDDEN, CLASSES, 2.0**-7), np.zeros(CLASSES, np.float32)]
    for _ in range(EPOCHS):
        for start in range(0, len(images) - BATCH + 1, BATCH):
            batch = slice(start, start + BATCH)
            _, steps = gradients(parameters, images[batch], labels[batch])
            parameters = [p - STEP * g for p, g in zip(parameters, steps)]
    return parameters


def array_text(name, tables):
    rows = [row for table in tables for row in np.atleast_2d(table).view(np.uint32)]
    text = "\n".join(" ".join(f"0x{code:08x}," for code in row) for row in rows)
    return f"const std::array<std::uint32_t, {sum(len(row) for row in rows)}> {name} = {{\n{text}\n}};\n"


def main():
    images, labels = load(sys.argv[1] if len(sys.argv) > 1 else DEBIAN_DIGITS)
    of_logits, of_parameters = gradients(train(images, labels), images[:BATCH], labels[:BATCH])
    print("// Written by make_digits_gradients.py, which says what this is. Data: E. Alpaydin, C. Kaynak, Optical Recognition\n"
          "// of Handwritten Digits, UCI Machine Learning Repository, 1998, CC BY 4.0, https://doi.org/10.24432/C50P49.\n"
          "#include <halfulp/lib/exercise/loss_scaling/digits_gradients.h>\n\n"
          "namespace halfulp {\n\n"
          "// clang-format off\n"
          "// A row an image, a column a class.\n"
          + array_text("digits_logit_gradients", [of_logits]) +
          "\n// A row a pixel, then the biases of the hidden layer; a row a hidden unit, then the biases of the classes.\n"
          + array_text("digits_parameter_gradients", of_parameters) +
          "// clang-format on\n\n"
          "}  // namespace halfulp")


main()
