#!/usr/bin/env bash
# run.sh python|peers [PYTHON]: the tests of the package that is installed there, or of its peers; 77 where it is not.
set -euo pipefail
label=$1 python=${2:-python3}
tests=$(dirname "$(realpath "$0")")

# From elsewhere: python/halfulp here has no module built in.
cd /
if ! missing=$("$python" -c 'import halfulp, pytest, hypothesis' 2>&1); then
    echo "skipped: ${missing##*$'\n'}; pip install '.[test]' installs what is missing"
    exit 77
fi
if [[ $label == peers ]]; then
    exec "$python" -m pytest -q -p no:cacheprovider -rs "$tests/test_peers.py"
fi
exec "$python" -m pytest -q -p no:cacheprovider -rs "$tests" --ignore "$tests/test_peers.py"
