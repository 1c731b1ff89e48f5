#!/usr/bin/env bash
# Claim: nvcc compiles the narrow engine to PTX that ptxas accepts, without calls, without carry chains or products of 128
# bits, without floating point and without memory of its own; and each of these is found in the PTX of planted.cu.
#   narrow_ptx.sh SOURCE_DIR BUILD_DIR
# Oracle: nvcc and ptxas. Exit status 77 where there is no nvcc.
set -euo pipefail
source=$1 build=$2

nvcc=$(command -v nvcc) || {
    echo "skipped: no nvcc on the PATH"
    exit 77
}
mkdir -p "$build"
# Warning 186 is about comparisons with 0 in formats without subnormal numbers, where they are known.
for file in narrow planted; do
    "$nvcc" -std=c++20 --expt-relaxed-constexpr -fmad=false -diag-suppress 186 -arch=sm_80 -ptx -I"$source/include" \
        "$source/tests/device/$file.cu" -o "$build/$file.ptx"
done
"$(dirname "$nvcc")/ptxas" -arch=sm_80 "$build/narrow.ptx" -o "$build/narrow.cubin"

status=0
# refuse WHAT PATTERN: a line of the planted file matches, and none of the engine's.
refuse() {
    local found
    if ! grep -qE "$2" "$build/planted.ptx"; then
        printf '%s is not found in %s\n' "$1" "$build/planted.ptx"
        status=1
    fi
    if found=$(grep -nE -m 3 "$2" "$build/narrow.ptx"); then
        printf '%s in %s:\n%s\n' "$1" "$build/narrow.ptx" "$found"
        status=1
    fi
}
refuse "a call" '^[[:space:]]*(@!?%p[0-9]+ )?call'
refuse "a product of 128 bits" 'mul\.hi\.[su]64'
refuse "a carry chain" '(add|sub|mad)c?\.(hi\.|lo\.)?cc|(add|sub|mad)c\.'
refuse "floating point" '\.(f16|f32|f64|bf16)'
refuse "memory on the stack" '\.local'
refuse "a table in memory" '^(\.(visible|extern) )?\.(const|global) '

kernels=$(grep -c '\.entry' "$build/narrow.ptx") wanted=$(grep -c '^__global__' "$source/tests/device/narrow.cu")
if ((kernels != wanted)); then
    echo "expected $wanted kernels, found $kernels"
    status=1
fi
((status == 0)) && echo "$kernels kernels, $(grep -cE '^[[:space:]]+[a-z@].*;$' "$build/narrow.ptx") instructions"
exit "$status"
