"""Claim: what docs/python.md shows runs, and prints what it says. Oracle: the document."""

import contextlib
import io
import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "python.md").read_text()
#: A block of Python, and the block of output after it, where there is one.
BLOCKS = re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", TEXT, re.DOTALL)


def test_every_block_runs():
    if "import torch" in TEXT:
        pytest.importorskip("torch", reason="torch is not installed", exc_type=ImportError)
    names = {}
    assert len(BLOCKS) >= 4
    for code, output in BLOCKS:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/python.md", "exec"), names)
        assert printed.getvalue() == output
