"""Claim: the Python that the README and docs/ show runs, and prints what they say. Oracle: the pages."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: A block of Python, and the block of output after it, where there is one.
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
PAGES = {
    str(page.relative_to(ROOT)): blocks
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    if (blocks := BLOCK.findall(page.read_text()))
}


def test_there_are_pages():
    assert {"README.md", "docs/python.md"} <= PAGES.keys()


@pytest.mark.parametrize("page", PAGES)
def test_every_block_runs(page):
    if any("import torch" in code for code, _ in PAGES[page]):
        pytest.importorskip("torch", reason="torch is not installed", exc_type=ImportError)
    names = {}
    for code, output in PAGES[page]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, page, "exec"), names)
        assert printed.getvalue() == output
