#!/bin/sh
# short.sh - every fuzz target for a fixed number of runs from its seeds, as a test (TAP): some two seconds each.
#
# Environment: BUILD, the build directory with fuzz/NAME and fuzz/seeds/NAME; FUZZ_LIMITS, further flags of
# libFuzzer. The same build gives the same runs. An input that breaks something is kept in fuzz/crashes.
fuzz=${BUILD:-build}/fuzz
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log
# As many as two seconds allow on the machine where this was written: some do more in a run than others.
runs() {
    case $1 in
    setup) echo 1000 ;; # writes files
    xlsx) echo 1500 ;;
    client) echo 3000 ;;
    server) echo 8000 ;;
    acts) echo 10000 ;;
    delta) echo 2500 ;;
    config | csv | profile | value) echo 50000 ;;
    keyfile | ticket) echo 120000 ;;
    *) echo 250000 ;;
    esac
}

number=0 failed=0
mkdir -p "$fuzz/crashes"
for source in "$(dirname "$0")"/*_fuzz.c; do
    name=$(basename "$source" _fuzz.c)
    number=$((number + 1))
    if [ ! -x "$fuzz/$name" ]; then
        echo "ok $number - $name # SKIP not built: it needs clang-14 with libFuzzer (libclang-rt-14-dev)"
        continue
    fi
    mkdir "$scratch/$name" # what is new goes there, so that the seeds stay as they are
    if "$fuzz/$name" $FUZZ_LIMITS -seed=1 -runs="$(runs "$name")" -artifact_prefix="$fuzz/crashes/$name-" \
        "$scratch/$name" "$fuzz/seeds/$name" >"$log" 2>&1; then
        echo "ok $number - $name"
    else
        failed=1
        echo "not ok $number - $name"
        grep -aE 'does not hold|ERROR: |runtime error|    #[0-9] |Test unit written' "$log" | head -n 30 | sed 's/^/# /'
    fi
done
echo "1..$number"
exit $failed
