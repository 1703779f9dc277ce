#!/bin/bash
# demo.sh - what `make run` does: a demo registry, a daemon on it, and a client, all under one directory.
#
#   demo.sh BUILD_DIR [LOGIN]
#
# With a terminal the full-screen client of LOGIN (XMB: the project office) opens; a second `make run AS=HRX`
# joins the same daemon. Without one, the main job is played through with the scriptable clients. Leaving
# stops the daemon that this call started. The full-screen client's demo has six weeks of simulated work behind it. The demo's passphrase is no secret; a registry that is not
# marked as a demo has none like it.
set -u
build=$(cd "$1" && pwd)
login=${2:-XMB}
demo=$build/demo
[ -t 0 ] && [ -t 1 ] || { demo=$build/play; rm -rf "$demo"; } # the job by scripts begins in a registry of its own
registry=$demo/registry
export DUBAN_HOME=$demo/home
export DUBAN_PASSPHRASE_FILE=$demo/passphrase
export DUBAN_DATA=${DUBAN_DATA:-$(cd "$(dirname "$0")/.." && pwd)/server/data}
daemon_pid=
demo_day=2009-11-05 # the day on which the reports for October are due

say() { printf '%s\n' "$*" >&2; }
fail() { say "demo: $*"; exit 1; }

# A locale that this machine lacks is made under the build directory; without any, UTF-8 is needed at least.
choose_locale() {
    local wanted=${LC_ALL:-${LC_CTYPE:-${LANG:-}}}
    case $wanted in
    ''|C|POSIX) export LC_ALL=C.UTF-8; return ;;
    esac
    if ! locale -a 2>/dev/null | tr 'A-Z' 'a-z' | tr -d - | grep -qx "$(printf %s "$wanted" | tr 'A-Z' 'a-z' | tr -d -)"; then
        if [ -d "$build/locales/$wanted" ] || { mkdir -p "$build/locales" &&
            localedef -i "${wanted%%.*}" -f "${wanted#*.}" "$build/locales/$wanted" 2>/dev/null; }; then
            export LOCPATH=$build/locales
        fi
    fi
}

free_port() {
    local port
    for port in 7009 17009 27009 37009 47009; do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    fail "no free port"
}

make_registry() {
    [ -d "$registry" ] && return
    mkdir -p "$demo" && chmod 700 "$demo" || exit 1
    printf 'duban-demo' >"$demo/passphrase" && chmod 600 "$demo/passphrase"
    rm -rf "$demo/new"
    "$build/duband" demo "$demo/new" --listen "tcp://127.0.0.1:$(free_port)" >/dev/null || fail "no demo registry could be made"
    [ "$1" = worked ] && { "$build/duband" simulate "$demo/new" --until "$demo_day" --seed 4 >"$demo/simulated" || fail "nobody could be simulated"; }
    mv "$demo/new" "$registry"
}

start_daemon() {
    "$build/duband" status "$registry" >/dev/null 2>&1 && return
    "$build/duband" serve "$registry" 2>>"$demo/daemon.log" &
    daemon_pid=$!
    local i
    for i in $(seq 100); do
        "$build/duband" status "$registry" >/dev/null 2>&1 && return
        kill -0 "$daemon_pid" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 3 "$demo/daemon.log" >&2
    fail "the daemon did not start"
}

stop_daemon() {
    [ -n "$daemon_pid" ] && kill "$daemon_pid" 2>/dev/null && wait "$daemon_pid" 2>/dev/null
    daemon_pid=
}

# First run of an operator: his well-known ticket is used up.
enrol() {
    [ -f "$DUBAN_HOME/$1/key" ] && return
    local ticket
    ticket=$(sed -n "s/^$1 //p" "$registry/tickets")
    [ -n "$ticket" ] || fail "there is no operator $1; see $registry/tickets for their names"
    "$build/duban" enrol --profile "$1" --label demo --passphrase-file "$DUBAN_PASSPHRASE_FILE" "$ticket" >/dev/null ||
        fail "operator $1 could not be enrolled"
}

as() { local who=$1; shift; "$build/duban" --profile "$who" --passphrase-file "$DUBAN_PASSPHRASE_FILE" "$@"; }

# A watcher says on standard error when it is connected: from then on nothing escapes it.
await_connected() {
    local i
    for i in $(seq 200); do
        grep -qE "connected|已连接" "$1" 2>/dev/null && return
        kill -0 "$2" 2>/dev/null || break
        sleep 0.1
    done
    cat "$1" >&2
    fail "a watcher did not connect"
}

# The main job by scripts: the county reports, the office sees it pushed, returns it, the county sees that.
play() {
    local status=0 office county reply
    enrol XMB; enrol HRX
    say "== the office (XMB) and Huarong county (HRX) watch; the county submits its report for September 2009"
    as XMB watch --count 1 >"$demo/office.seen" 2>"$demo/office.link" & office=$!
    as HRX watch --count 1 >"$demo/county.seen" 2>"$demo/county.link" & county=$!
    await_connected "$demo/office.link" "$office"
    await_connected "$demo/county.link" "$county"
    local project
    project=$(as HRX project list --responsible HRX --json | sed -n '1s/.*"code":"\([^"]*\)".*/\1/p')
    [ -n "$project" ] || { kill $office $county; fail "Huarong has no project"; }
    local last
    last=$(as HRX project show "$project" --json | sed -n 's/.*"invested":\([0-9.]*\).*/\1/p')
    as HRX report submit "$project" 2009-09 --invested 100 --cumulative "$(awk "BEGIN{print $last+100}")" \
        --progress "路基完成,桥涵施工过半" --difficulties "无" --next "开始铺设路面" ||
        { status=$?; kill $office $county; return $status; }
    wait $office || status=$?
    say "== the office saw:"; cat "$demo/office.seen"
    as XMB report return "$project" 2009-09 --reason "请补充本月完成的工程量" || status=$?
    wait $county || status=$?
    say "== the county saw:"; cat "$demo/county.seen"
    as HRX report submit "$project" 2009-09 --progress "路基12公里完成,桥涵施工过半" || status=$?
    as XMB report accept "$project" 2009-09 || status=$?
    say "== how it stands now:"; as HRX report show "$project" 2009-09 || status=$?
    return $status
}

choose_locale
if [ -t 0 ] && [ -t 1 ]; then make_registry worked; else make_registry plain; fi
start_daemon
trap stop_daemon EXIT
if [ -t 0 ] && [ -t 1 ]; then
    enrol "$login"
    say "demo: opinions and :lock ask for the passphrase; here it is $(cat "$DUBAN_PASSPHRASE_FILE")"
    "$build/duban" --profile "$login" --passphrase-file "$DUBAN_PASSPHRASE_FILE"
else
    play
fi
