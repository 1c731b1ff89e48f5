#!/usr/bin/env bash
# Claim: every public name has a sentence in the reference. Oracle: Doxygen. Usage: check.sh FOLDER, for what Doxygen writes.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."

if ! command -v doxygen >/dev/null; then
    echo "skipped: no doxygen (Debian: doxygen)"
    exit 77
fi
rm -rf "$1"
mkdir -p "$1"
HALFULP_REFERENCE=$(realpath "$1") HALFULP_REFERENCE_HTML=NO HALFULP_REFERENCE_XML=YES doxygen docs/reference/Doxyfile
undocumented=$(sed -n "s#^$PWD/##; / is not documented/p" "$1/warnings")
echo "$(grep -c . <<<"$undocumented" || true) names without a sentence"
[[ -z $undocumented ]] || { printf '%s\n' "$undocumented"; exit 1; }
