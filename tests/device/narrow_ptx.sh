#!/usr/bin/env bash
# Claim: nvcc compiles the narrow engine to PTX that ptxas accepts, without calls, without carry chains or 128-bit
# integers, without floating point and without memory of its own.   narrow_ptx.sh SOURCE_DIR BUILD_DIR
# Oracle: nvcc and ptxas. Exit status 77 where there is no nvcc.
set -euo pipefail
source=$1 ptx=$2/narrow.ptx

nvcc=$(command -v nvcc) || {
    echo "skipped: no nvcc on the PATH"
    exit 77
}
mkdir -p "$2"
# Warning 186 is about comparisons with 0 in formats without subnormal numbers, where they are known.
"$nvcc" -std=c++20 --expt-relaxed-constexpr -fmad=false -diag-suppress 186 -arch=sm_80 -ptx -I"$source/include" \
    "$source/tests/device/narrow.cu" -o "$ptx"
"$(dirname "$nvcc")/ptxas" -arch=sm_80 "$ptx" -o "$2/narrow.cubin"

status=0
# refuse WHAT PATTERN: no instruction of the file matches.
refuse() {
    local found
    if found=$(grep -nE -m 3 "$2" "$ptx"); then
        printf '%s in %s:\n%s\n' "$1" "$ptx" "$found"
        status=1
    fi
}
refuse "a call" '^[[:space:]]*(@!?%p[0-9]+ )?call'
refuse "a 128-bit integer" '\.[bsu]128'
refuse "a carry chain" '(add|sub|mad)c?\.(hi\.|lo\.)?cc|(add|sub|mad)c\.'
refuse "floating point" '\.(f16|f32|f64|bf16)'
refuse "memory on the stack" '\.local'
refuse "a table in memory" '^(\.(visible|extern) )?\.(const|global) '

kernels=$(grep -c '\.entry' "$ptx") wanted=$(grep -c '^__global__' "$source/tests/device/narrow.cu")
if ((kernels != wanted)); then
    echo "expected $wanted kernels, found $kernels"
    status=1
fi
((status == 0)) && echo "$kernels kernels, $(grep -cE '^[[:space:]]+[a-z@].*;$' "$ptx") instructions"
exit "$status"
