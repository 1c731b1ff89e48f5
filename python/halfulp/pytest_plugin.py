"""pytest finds this by itself where halfulp is installed: the fixture assert_bits_equal."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def assert_bits_equal() -> Any:
    """halfulp.testing.assert_bits_equal: assert_bits_equal(actual, predicted)."""
    from halfulp.testing import assert_bits_equal

    return assert_bits_equal
