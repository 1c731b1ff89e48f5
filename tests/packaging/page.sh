#!/usr/bin/env bash
# Claim: what docs/using-the-library.md tells to do with an installation works.
# Oracle: the page: its blocks of sh are run beside its main.cpp and CMakeLists.txt, and the program prints what the example
# does in the build. Usage: page.sh SOURCE PREFIX EXAMPLE FOLDER
set -euo pipefail
source=$1 prefix=$2 example=$3 folder=$4
page=$source/docs/using-the-library.md

if ! command -v pkg-config >/dev/null || ! pkg-config --exists eigen3; then
    echo "skipped: no pkg-config, or no eigen3.pc"
    exit 77
fi
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name halfulp.pc)")
export PKG_CONFIG_PATH CMAKE_PREFIX_PATH=$prefix
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

# blocks LANGUAGE: the text of the page's blocks.
blocks() { awk -v fence='```' -v start='```'"$1" '$0 == start { on = 1; next } $0 == fence { on = 0 } on' "$page"; }
blocks cmake >CMakeLists.txt
cp "$source/docs/examples/ecosystem.cpp" main.cpp

expected=$("$example") count=0
while IFS= read -r line; do
    printed=$(bash -e -c "$line")
    [[ $printed == *"$expected" ]] || { printf '%s\nprinted\n%s\nnot\n%s\n' "$line" "$printed" "$expected"; exit 1; }
    count=$((count + 1))
done < <(blocks sh)
((count == 2))
