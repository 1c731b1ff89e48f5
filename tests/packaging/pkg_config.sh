#!/usr/bin/env bash
# Claim: with what pkg-config says of an installation, a compiler builds the consumer, and one of headers alone.
# Oracle: tests/consumer/main.cpp, which checks what it computes. Usage: pkg_config.sh PREFIX COMPILER FOLDER
set -euo pipefail
prefix=$1 compiler=$2 folder=$3
source=$(dirname "$(dirname "$(realpath "$0")")")

if ! command -v pkg-config >/dev/null; then
    echo "skipped: no pkg-config"
    exit 77
fi
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name halfulp.pc)")
export PKG_CONFIG_PATH
mkdir -p "$folder"

read -ra flags <<<"$(pkg-config --cflags --libs halfulp)"
"$compiler" -std=c++20 "$source/consumer/main.cpp" "${flags[@]}" -o "$folder/consumer"
"$folder/consumer"

read -ra flags <<<"$(pkg-config --cflags --libs halfulp-softfloat)"
cat >"$folder/headers.cpp" <<'END'
#include <halfulp/softfloat/limits.hpp>
static_assert(std::numeric_limits<halfulp::Float<halfulp::e4m3fn>>::max().code == 0x7E);
int main() {}
END
"$compiler" -std=c++20 "$folder/headers.cpp" "${flags[@]}" -o "$folder/headers"
"$folder/headers"
[[ $(pkg-config --modversion halfulp) == "$("$prefix/bin/halfulp" --version)" ]]
