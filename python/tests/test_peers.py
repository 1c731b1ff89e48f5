"""Claim: other libraries that compute the same compute the same, but for what is explained. Oracle: those libraries.

As a program (python test_peers.py [PEER...]) it prints the table of docs/python.md.
"""

import importlib
import importlib.metadata
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

#: What is installed, and what it must have besides.
PEERS = {
    "ml_dtypes": ["ml_dtypes"], "gfloat": ["gfloat"], "softfloatpy": ["softfloatpy"], "apytypes": ["apytypes"],
    "onnxruntime": ["onnxruntime", "onnx"], "torch": ["torch"], "mmasim": ["mmasim"],
}


def checks_of(peer):
    return importlib.import_module(f"peers.{peer}_peer").checks()


@pytest.mark.parametrize("peer", PEERS)
def test_peer(peer):
    for package in PEERS[peer]:
        pytest.importorskip(package, reason=f"{package} is not installed", exc_type=ImportError)
    checks = checks_of(peer)
    assert sum(check.compared for check in checks) > 1000
    unexplained = [f"{c.what}: {c.differ - c.expected} of {c.compared}, {c.first}" for c in checks if c.differ != c.expected]
    assert not unexplained, "\n".join(unexplained)


def grouped(checks):
    """Checks of one reason, or of none, put together by the first word."""
    rows = {}
    for check in checks:
        row = rows.setdefault(check.why, [0, 0, 0, []])
        row[0] += 1
        row[1] += check.compared
        row[2] += check.differ
        row[3].append(check)
    return rows


def main(names):
    print("| peer | version | checks | results compared | differences | why |\n|---|---|---|---|---|---|")
    for peer in names or PEERS:
        try:
            checks = checks_of(peer)
        except ImportError as error:
            print(f"| {peer} | not installed: {error} | | | | |")
            continue
        version = importlib.metadata.version(PEERS[peer][0])
        for why, (count, compared, differ, parts) in grouped(checks).items():
            print(f"| {peer} | {version} | {count} | {compared} | {differ} | {why} |")
            for check in parts:
                if check.first:
                    print(f"UNEXPLAINED {check.what}: {check.differ - check.expected}, {check.first}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
