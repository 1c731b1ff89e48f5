# Sourced by the checks of coq, gappa and smt: the claims of a file, and what is said of them.
# shellcheck shell=bash

proofs=$(dirname "$(realpath "${BASH_SOURCE[0]}")")

# claims FILE STATUS: says it of each claim of CLAIMS.md that is the file's.
claims() {
    awk -F ' *[|] *' -v file="$1" -v status="$2" '$6 == file { print "claim " $2 " " status }' "$proofs/CLAIMS.md"
}

# need FILE TOOL...: where one of them is missing, the file's claims are skipped, which ends the check.
need() {
    local file=$1 tool
    shift
    for tool; do
        if ! command -v "$tool" >/dev/null; then
            claims "$file" "skipped: needs $tool"
            exit 77
        fi
    done
}
