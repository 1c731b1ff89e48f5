#!/usr/bin/env bash
# run.sh PROGRAM SECONDS FOLDER [TARGET...]: libFuzzer on each parser for so long, from the committed corpus on. FOLDER keeps
# what it finds: a corpus for each parser that goes on growing, a log, and what crashed. Exits with 1 if anything did.
set -euo pipefail

corpus=$(dirname "$(realpath "$0")")/corpus
program=$(realpath "$1") seconds=$2 folder=$3
shift 3
(($# > 0)) || mapfile -t targets < <(ls "$corpus")
(($# == 0)) || targets=("$@")

status=0
for target in "${targets[@]}"; do
    mkdir -p "$folder/$target"
    log=$folder/$target.log
    if HALFULP_FUZZ=$target nice -n 5 "$program" -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=512 -timeout=10 \
        -print_final_stats=1 -artifact_prefix="$folder/$target-" "$folder/$target" "$corpus/$target" >"$log" 2>&1; then
        result=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" executions"
    else
        status=1
        result="a finding: $log"
    fi
    echo "$target: $result"
done
exit "$status"
