# bench.mk - measuring. Included by the Makefile after tests/tests.mk, whose variables it uses.
#
#   make bench                    every figure: measured, floor or content, ratio, goal
#   make bench FIGURES="push"     some of them: push start memory writers wire screen
#   make bench BENCH=--long       with real minutes of idleness; BENCH="--rounds 9" for more rounds

FIGURES ?=
BENCH ?=
BENCH_SRC = $(wildcard tests/bench/*.c)
BENCH_OBJ = $(BENCH_SRC:%.c=$(B)/%.o)
BENCH_RIG_OBJ = $(patsubst %,$(B)/tests/lib/%.o,rig pty)
BENCH_PKGS = $(PKGS) $(SERVER_PKGS) vterm

.PHONY: bench bench-build

$(B)/bench: $(BENCH_OBJ) $(BENCH_RIG_OBJ) $(B)/libserver.a $(B)/libcore.a $(B)/libproto.a
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs $(BENCH_PKGS)) -lcsv -lutil

bench-build: all $(B)/bench

bench: bench-build
	@DUBAN_BUILD=$(B) DUBAN_DATA=$(CURDIR)/server/data $(B)/bench $(BENCH) $(FIGURES)

-include $(BENCH_OBJ:.o=.d) $(BENCH_RIG_OBJ:.o=.d)
