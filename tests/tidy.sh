#!/bin/sh
# tidy.sh - the house rules, as a test (TAP): who may include whom, lengths, calls that are banned, the tables'
# numbers, the generated pages, both languages. `BUILD` names the build directory with the programs that help
# (reference); without it the checks that need them are skipped.
cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-}
number=0 failed=0
sources=$(find proto server client tests -name '*.[ch]' | sort)
listing=$(mktemp) || exit 2
trap 'rm -f "$listing"' EXIT

# verdict NAME: ok when the listing of breaches is empty.
verdict() {
    number=$((number + 1))
    if [ -s "$listing" ]; then
        failed=1
        echo "not ok $number - $1"
        head -n 20 "$listing" | sed 's/^/# /'
    else
        echo "ok $number - $1"
    fi
}

# includes PATTERN FILES...: files that include what matches.
includes() {
    pattern=$1
    shift
    grep -nE "^#include [<\"]($pattern)" "$@" /dev/null
}

under() { printf '%s\n' "$sources" | grep -E "^($1)"; }
outside() { under "$1" | grep -vE "^($2)$"; }

{ includes '(server|client|tests)/' $(under 'proto/'); includes '(client|tests)/' $(under 'server/'); includes '(server|tests)/' $(under 'client/'); } >"$listing"
verdict "proto stands alone; server and client know proto and themselves"

includes 'lmdb\.h' $(outside 'server/|client/|proto/' 'server/(store|store_lmdb)\.[ch]|client/core/cache\.c|server/backup\.c') >"$listing"
includes 'zmq\.h' $(outside 'server/|client/|proto/' 'server/net\.c|client/core/link\.c') >>"$listing"
includes 'msgpack' $(outside 'server/|client/|proto/' 'proto/pack\.c') >>"$listing"
includes '(curses|ncursesw?/curses|term)\.h' $(outside 'server/|client/|proto/' 'client/term/[a-z_]*\.c|client/cli/doctor_place\.c') >>"$listing"
includes '(zip|expat)\.h' $(outside 'server/|client/|proto/' 'proto/xlsx_part\.c') >>"$listing"
includes 'xlsxwriter' $(outside 'server/|client/|proto/' 'client/core/book[a-z_]*\.[ch]') >>"$listing"
includes '(pango/|cairo|glib)' $(outside 'server/|client/|proto/' 'client/pdf/[a-z_]*\.[ch]') >>"$listing"
verdict "each library is included in one place"

{ includes 'server/(store|net|serve|fold|engine)\.h' $(under 'proto/'); includes 'client/(screen|cli|term|console)/' $(under 'client/core/')
  includes 'client/(core/[^s][^.]*|screen/[^.]*|cli/[^.]*|console/[^.]*)\.h' $(under 'client/term/'); includes 'client/(cli|console)/' $(under 'client/screen/')
  includes 'client/(screen|term|console)/' $(under 'client/cli/'); } >"$listing"
verdict "core, term, screen, cli and console look down only"

includes 'proto/(wire|pack)\.h|client/core/(link|cache)\.h' $(under 'client/screen/') >"$listing"
verdict "no screen knows the wire"

grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca|tmpnam|mktemp|popen|system|rand|srand|localtime|gmtime|asctime|ctime|strncpy|strncat)\(' \
    $(under 'proto/|server/|client/') /dev/null >"$listing"
verdict "no banned call"

grep -nE '\b(TODO|FIXME|XXX|HACK)\b' $(find proto server client tests Makefile .ci -type f ! -name tidy.sh ! -name '*.csv') /dev/null >"$listing"
verdict "nothing is left for others to do"

# A function's body starts with { and ends with } in the first column.
awk 'FNR == 1 { open = 0 }
     /^\{/ { open = FNR }
     /^\}/ { if (open && FNR - open > 70) print FILENAME ":" open ": a body of " FNR - open " lines"; open = 0 }' $sources >"$listing"
verdict "functions have at most 70 lines"

for file in $sources; do
    lines=$(wc -l <"$file")
    [ "$lines" -gt 600 ] && echo "$file: $lines lines"
done >"$listing"
verdict "files have at most 600 lines"

LC_ALL=C.UTF-8 grep -nE '^.{121,}' $sources /dev/null | sed 's/^\([^:]*:[0-9]*:\).*/\1 more than 120 characters/' >"$listing"
grep -nE '[ 	]+$' $sources /dev/null >>"$listing"
grep -nP '^\t' $sources /dev/null >>"$listing"
verdict "lines are of a readable length, without tabs or trailing blanks"

for file in $sources; do
    head -c 2 "$file" | grep -q '/\*' || echo "$file: has no head that says what it is for"
done >"$listing"
verdict "each file says what it is for"

for file in $(find proto server client -name '*.h'); do
    guard=$(grep -m1 '^#ifndef ' "$file" | cut -d' ' -f2)
    wanted=$(printf %s "$file" | tr 'a-z/.' 'A-Z__')
    [ -z "$guard" ] || [ "$guard" = "$wanted" ] || echo "$file: guard $guard"
done >"$listing"
verdict "headers are guarded by their own path"

find . -maxdepth 1 ! -name '.*' ! -name server ! -name client ! -name proto ! -name tests ! -name Makefile ! -name README.md \
    ! -name LICENSE ! -name build ! -name 'build-*' >"$listing"
verdict "the top level holds what belongs there"

# What a screen says goes through the catalogue; an answer that is understood is no text.
LC_ALL=C.UTF-8 grep -nP '"[^"]*\p{Han}' client/screen/*.c client/console/*.c client/term/*.c client/plain/*.c |
    grep -vE ' L"|:[0-9]+: *(/\*|\*)|"是"|^[^:]*:[0-9]+:/\*' >"$listing"
verdict "no screen says a word of Chinese by itself"

msgfmt --check -o /dev/null proto/po/zh_CN.po 2>"$listing"
msgattrib --untranslated --no-wrap proto/po/zh_CN.po | grep '^msgid' | grep -v '^msgid ""' >>"$listing"
msgattrib --only-fuzzy --no-wrap proto/po/zh_CN.po | grep '^msgid' | grep -v '^msgid ""' >>"$listing"
verdict "the Chinese catalogue is whole"

if [ -n "$build" ]; then
    msgcmp --use-untranslated proto/po/zh_CN.po "$build/duban.pot" >"$listing" 2>&1 && : >"$listing"
    verdict "no text of the programs is missing in the catalogue"
    "$build/reference" --check proto/PROTOCOL.md proto/TABLES.md >"$listing" 2>&1 && : >"$listing"
    verdict "the reference pages are what the tables say"
    "$build/reference" --lock-check tests/tables.lock >"$listing" 2>&1 && : >"$listing"
    verdict "no number of the tables changed its meaning"
fi
tests/clauses.sh 2>"$listing" | diff - tests/CLAUSES.md | head -20 >>"$listing"
verdict "the table of clauses is what the tests say"

# An option without a value is one everywhere: it must not be called like a field that is filled in.
for flag in $(sed -n 's/^static const char flags\[\] = "\(.*\)";/\1/p' client/cli/args.c); do
    grep -nE "^FIELD\([a-z_]*, *[0-9]*, $flag,.*\.fill" proto/kinds/*.def
done >"$listing"
verdict "no option hides a field that is filled in"
# Every command, kind and exit status of the help, and every key of duband.conf, stands in its page as *name*.
page_has() { grep -qE "^\*$2\*( |$)|\*$2\*[,. ]" "$1" || echo "$1: $2 is missing"; }
if [ -n "$build" ] && [ -x "$build/duban" ] && [ -x "$build/duband" ] && [ -d "$build/man" ]; then
    { for name in $(LC_ALL=C.UTF-8 "$build/duban" help | sed -nE 's/^    ([a-z-]+) .*/\1/p; s/^  ([0-9]) .*/\1/p; s/^  (--[a-z-]+) .*/\1/p'); do
          page_has client/man/duban.1.scd "$name"
      done
      for name in $(LC_ALL=C.UTF-8 "$build/duband" help | sed -nE 's/^  ([a-z]+) .*/\1/p'); do
          page_has server/man/duband.8.scd "$name"
      done
      for name in $(sed -nE 's/.*strcmp\(key, "([a-z_]+)"\).*/\1/p' server/config.c); do
          page_has server/man/duband.conf.5.scd "$name"
      done; } >"$listing"
    verdict "the manual pages name every command, kind, option, exit status and setting"
    if command -v mandoc >/dev/null; then
        mandoc -T lint -W warning "$build"/man/man*/*.[158] >"$listing"
        verdict "mandoc is content with the manual pages"
    fi
fi
echo "1..$number"
exit $failed
