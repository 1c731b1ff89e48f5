"""Claim: who type-checks finds the package's types right, and is told what is wrong. Oracle: mypy, and the pages.

Skipped where mypy is not installed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import halfulp

ROOT = Path(__file__).parents[2]
STRICT = ["--strict", "--allow-untyped-defs", "--allow-untyped-calls", "--disable-error-code", "untyped-decorator"]

WRONG = """import halfulp
import halfulp.laws
import numpy as np

x = np.ones(2, np.float32)
halfulp.add(x, x, rounding=3)
halfulp.add(x, x, seeds=3)
halfulp.Plan(accumulator=16)
halfulp.Env(nearest="Up")
halfulp.predict("fp32-fma", x)
halfulp.quantise(x, 0.5)
halfulp.laws.idempotent("fp16", lambda a: a, 1.5)
"""


@pytest.fixture
def checked(tmp_path):
    """Errors of mypy in a program that uses the package: their lines and their text."""
    pytest.importorskip("mypy", reason="mypy is not installed")

    def run(*how):
        command = [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context", "--cache-dir", tmp_path / "cache"]
        done = subprocess.run([*command, *how], cwd=tmp_path, capture_output=True, text=True)
        assert not done.stderr
        return [line for line in done.stdout.splitlines() if ": error: " in line]

    return run


def test_the_tutorial_has_no_errors(checked, tmp_path):
    pytest.importorskip("torch", reason="torch is not installed")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.DOTALL)
    (tmp_path / "tutorial.py").write_text("\n".join(blocks))
    assert checked(*STRICT, "--follow-imports", "silent", "tutorial.py") == []


def test_the_package_has_no_errors(checked):
    assert [line for line in checked("-p", "halfulp") if "halfulp" in line] == []


def test_what_is_wrong_is_found(checked, tmp_path):
    (tmp_path / "wrong.py").write_text(WRONG)
    found = checked(*STRICT, "--follow-imports", "silent", "wrong.py")
    assert {int(line.split(":")[1]) for line in found} == set(range(6, 13))
