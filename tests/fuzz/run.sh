#!/bin/sh
# run.sh - runs fuzz targets for a time each, one line of result for each.
#
#   tests/fuzz/run.sh DIRECTORY SECONDS NAME...
#
# DIRECTORY holds the targets, seeds/NAME, and what a run leaves: corpus/NAME (inputs that reached something new,
# where the next run goes on) and crashes/NAME-* (inputs that broke something: run the target with the file to see
# it again). Environment: FUZZ_LIMITS, further flags of libFuzzer. Exit status 1 when anything was found.
directory=$1 seconds=$2
shift 2
found=0
mkdir -p "$directory/crashes" "$directory/log"
for name in "$@"; do
    log=$directory/log/$name corpus=$directory/corpus/$name seeds=$directory/seeds/$name
    mkdir -p "$corpus" "$seeds"
    if "$directory/$name" $FUZZ_LIMITS -print_final_stats=1 -max_total_time="$seconds" \
        -artifact_prefix="$directory/crashes/$name-" "$corpus" "$seeds" >"$log" 2>&1; then
        word=ok
    else
        word=FOUND found=1
    fi
    awk -v name="$name" -v word="$word" -F ':[ \t]*' '
        /^stat::number_of_executed_units/ { runs = $4 }
        /^stat::average_exec_per_sec/ { speed = $4 }
        END { printf "%-6s %-10s %10d runs %8d/s\n", word, name, runs, speed }' "$log"
    [ "$word" = FOUND ] && grep -aE 'does not hold|ERROR: |runtime error|Test unit written' "$log" | sed 's/^/    /'
done
exit $found
