#!/bin/sh
# clauses.sh - which test plays which clause of the notice through: prints the table of tests/CLAUSES.md from
# clauses.txt and the "clauses:" lines above the tests. Complains about ids that the list does not have.
cd "$(dirname "$0")/.." || exit 2
grep -hE '^[0-9a-z.]+\|' tests/clauses.txt >/dev/null || exit 2
awk -F'|' '
    FNR == NR { if ($0 !~ /^#/ && NF == 2) { order[++count] = $1; what[$1] = $2 } next }
    /clauses: [0-9a]/ { ids = $0; sub(/^.*clauses: /, "", ids); sub(/ *\*\/.*$/, "", ids) }
    /^static void [a-z_0-9]+\(void \*\*state\)/ && ids != "" {
        name = $0; sub(/^static void /, "", name); sub(/\(.*/, "", name)
        file = FILENAME; sub(/_test\.c$/, "", file)
        split(ids, list, " ")
        for (i in list) {
            if (!(list[i] in what)) { print FILENAME ": there is no clause " list[i] > "/dev/stderr"; bad = 1 }
            label = file; sub(/^tests\//, "", label)
            if (label ~ /^e2e/) played[list[i]] = played[list[i]] "<br>**" label "** " name
            else stated[list[i]] = stated[list[i]] "<br>" label " " name
        }
        ids = ""
    }
    END {
        print "# The clauses of the notice, and the tests that play them through"
        print ""
        print "Made by `tests/clauses.sh` from `tests/clauses.txt` and the tests; bold: with a real daemon and real clients."
        print ""
        print "| clause | what it asks for | tests |"
        print "|---|---|---|"
        for (i = 1; i <= count; i++) {
            tests = played[order[i]] stated[order[i]]; sub(/^<br>/, "", tests)
            print "| " order[i] " | " what[order[i]] " | " tests " |"
        }
        exit bad
    }' tests/clauses.txt tests/e2e/*_test.c tests/unit/*_test.c
