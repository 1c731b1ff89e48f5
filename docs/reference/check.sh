#!/usr/bin/env bash
# Claim: every public name of the folders below has a sentence in the reference. Oracle: Doxygen. The names that others lack
# are counted. Usage: check.sh FOLDER, for what Doxygen writes.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."

documented=(gpu/device gpu/kernel gpu/observe gpu/ptx gpu/sass softfloat lib/accumulate lib/adapter lib/condition
            lib/conformance lib/diagnose lib/exercise lib/io lib/matrix_unit lib/measure lib/onnx lib/plan lib/property lib/quantize lib/report
            lib/solve lib/workload)

if ! command -v doxygen >/dev/null; then
    echo "skipped: no doxygen (Debian: doxygen)"
    exit 77
fi
rm -rf "$1"
mkdir -p "$1"
HALFULP_REFERENCE=$(realpath "$1") HALFULP_REFERENCE_HTML=NO HALFULP_REFERENCE_XML=YES doxygen docs/reference/Doxyfile
undocumented=$(sed -n "s#^$PWD/##; / is not documented/p" "$1/warnings")
wrong=$(grep -E "^($(IFS='|' && echo "${documented[*]}"))/" <<<"$undocumented" || true)
others=$(grep -vE "^($(IFS='|' && echo "${documented[*]}"))/" <<<"$undocumented" || true)
echo "$(grep -c . <<<"$wrong" || true) names without a sentence in ${#documented[@]} folders; of the others:"
sed -E 's#/[^/]*: .*##' <<<"$others" | sort | uniq -c
[[ -z $wrong ]] || { printf '%s\n' "$wrong"; exit 1; }
