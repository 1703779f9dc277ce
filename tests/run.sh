#!/bin/sh
# run.sh - runs test programs and the house rules, shows what failed, and sums up.
#
#   tests/run.sh DIRECTORY        every executable file in it, then tests/tidy.sh
#   tests/run.sh PROGRAM...       these alone
#
# A test program speaks TAP ("ok 1 - name", "not ok 2 - name"; "# SKIP" is neither). One that dies, hangs or
# says fewer results than it announced counts as one more failure. Environment: TEST_SECONDS, the time limit
# of each program (120); TEST_WRAP, a command to run them under. The last line is "N passed, N failed"; the
# exit status is 1 when any failed.
here=$(dirname "$0")
limit=${TEST_SECONDS:-120}
log=$(mktemp -d) || exit 2
trap 'rm -rf "$log"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 skipped=0

# The results of one program from its output: "passed failed skipped announced".
count() {
    awk '
        /^1\.\.[0-9]+/ { announced += substr($0, 4) + 0 }
        /^(not )?ok [0-9]+/ && /# SKIP/ { skip++; next }
        /^not ok [0-9]+/ { bad++; next }
        /^ok [0-9]+/ { good++ }
        END { printf "%d %d %d %d\n", good, bad, skip, announced }
    ' "$1"
}

run() {
    name=$1
    shift
    CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 10 "$limit" "$@" >"$log/out" 2>"$log/err" </dev/null
    status=$?
    set -- $(count "$log/out")
    good=$1 bad=$2 skip=$3 announced=$4 note=
    if [ $status -eq 124 ] || [ $status -eq 137 ]; then
        note="took longer than $limit s"
    elif [ $((good + bad + skip)) -ne "$announced" ] || [ "$announced" -eq 0 ]; then
        note="said $((good + bad + skip)) of $announced results, exit status $status"
    elif [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
        note="exit status $status"
    fi
    [ -n "$note" ] && bad=$((bad + 1))
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
    if [ $bad -gt 0 ]; then
        printf 'FAIL %s (%d passed, %d failed)%s\n' "$name" "$good" "$bad" "${note:+: $note}"
        grep -v '^ok ' "$log/out" | sed 's/^/    /'
        tail -n 60 "$log/err" | sed 's/^/    /'
    else
        printf 'ok   %s (%d)\n' "$name" "$good"
        grep '# SKIP' "$log/out" | sed 's/^.*# SKIP/    skipped:/'
        [ "$skip" -gt 0 ] && tail -n 3 "$log/err" | sed 's/^/    /'
    fi
}

if [ $# -eq 0 ]; then
    echo "usage: tests/run.sh DIRECTORY | PROGRAM..." >&2
    exit 2
elif [ -d "$1" ]; then
    for program in "$1"/*; do
        [ -f "$program" ] && [ -x "$program" ] && run "$(basename "$program")" $TEST_WRAP "$program"
    done
    run tidy "$here/tidy.sh"
else
    for program in "$@"; do run "$(basename "$program")" $TEST_WRAP "$program"; done
fi
[ $skipped -gt 0 ] && printf '%d skipped\n' "$skipped"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ $failed -eq 0 ]
