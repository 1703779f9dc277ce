#!/bin/sh
# run.sh - runs test programs and the house rules, shows what failed, and sums up.
#
#   tests/run.sh DIRECTORY        every executable file in it, then tests/tidy.sh
#   tests/run.sh PROGRAM...       these alone
#
# A test program speaks TAP ("ok 1 - name", "not ok 2 - name"; "# SKIP" is neither). One that dies, hangs or
# says fewer results than it announced counts as one more failure. Several run side by side, since most of them wait most
# of the time; each is told of when it ends, with the seconds it took. Environment: TEST_SECONDS, the time limit
# of each program (120); TEST_JOBS, how many at a time (as many as processors); TEST_WRAP, a command to run them
# under. The last line is "N passed, N failed"; the exit status is 1 when any failed.
here=$(dirname "$0")
limit=${TEST_SECONDS:-120}

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

# Tells of one program: its name, seconds and exit status; its output is in $own.out and $own.err.
tell() {
    name=$1 seconds=$2 status=$3
    set -- $(count "$own.out")
    good=$1 bad=$2 skip=$3 announced=$4 note=
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        note="took longer than $limit s"
    elif [ $((good + bad + skip)) -ne "$announced" ] || [ "$announced" -eq 0 ]; then
        note="said $((good + bad + skip)) of $announced results, exit status $status"
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        note="exit status $status"
    fi
    [ -n "$note" ] && bad=$((bad + 1))
    printf '%d %d %d\n' "$good" "$bad" "$skip" >"$own.sum"
    if [ $bad -gt 0 ]; then
        printf 'FAIL %s (%d passed, %d failed) %d s%s\n' "$name" "$good" "$bad" "$seconds" "${note:+: $note}"
        grep -v '^ok ' "$own.out" | sed 's/^/    /'
        tail -n 60 "$own.err" | sed 's/^/    /'
    else
        printf 'ok   %s (%d) %d s\n' "$name" "$good" "$seconds"
        grep '# SKIP' "$own.out" | sed 's/^.*# SKIP/    skipped:/'
        [ "$skip" -gt 0 ] && tail -n 3 "$own.err" | sed 's/^/    /'
    fi
}

# One of several, called by itself below; what it tells is not mixed with what others tell.
if [ "$1" = --one ]; then
    own=$2/$(printf %s "$3" | tr / _)
    begun=$(date +%s)
    wrap=$TEST_WRAP
    [ -z "${3##*.sh}" ] && wrap=
    CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 10 "$limit" $wrap "$3" >"$own.out" 2>"$own.err" </dev/null
    status=$?
    tell "$(basename "$3")" $(($(date +%s) - begun)) $status >"$own.told"
    flock "$2/lock" cat "$own.told"
    exit 0
fi

if [ $# -eq 0 ]; then
    echo "usage: tests/run.sh DIRECTORY | PROGRAM..." >&2
    exit 2
fi
log=$(mktemp -d) || exit 2
trap 'rm -rf "$log"' EXIT
trap 'exit 130' INT TERM
if [ -d "$1" ]; then
    set -- $(find "$1" -maxdepth 1 -type f -executable | sort) "$here/tidy.sh"
fi
printf '%s\n' "$@" | xargs -P "${TEST_JOBS:-$(nproc)}" -n 1 "$0" --one "$log"
cat "$log"/*.sum 2>/dev/null | awk -v asked=$# '
    { good += $1; bad += $2; skip += $3 }
    END {
        bad += asked - NR # of which nothing was heard
        if (skip) printf "%d skipped\n", skip
        printf "%d passed, %d failed\n", good, bad
        exit bad > 0
    }'
