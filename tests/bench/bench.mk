# bench.mk - measuring. Included by the Makefile after tests/tests.mk, whose variables it uses.
#
#   make bench                    every figure: measured, floor or content, ratio, goal
#   make bench FIGURES="push"     some of them: push start memory writers wire screen past thin storm
#   make bench BENCH=--long       with real minutes of idleness and outage; BENCH="--rounds 9" for more rounds

FIGURES ?=
BENCH ?=
BENCH_SRC = $(wildcard tests/bench/*.c)
BENCH_OBJ = $(BENCH_SRC:%.c=$(B)/%.o)
BENCH_PKGS = $(PKGS) $(SERVER_PKGS) vterm

.PHONY: bench bench-build

# The client's clock is wrapped: an idle hour need not be waited for.
$(B)/bench: $(BENCH_OBJ) $(B)/libe2e.a $(B)/libserver.a $(B)/libcore.a $(B)/libtests.a $(B)/libproto.a
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -Wl,--wrap=now_ms -o $@ $^ $$(pkg-config --libs $(BENCH_PKGS)) -lcsv -lutil

bench-build: all $(B)/bench $(B)/write_count.so

bench: bench-build
	@DUBAN_BUILD=$(abspath $(B)) DUBAN_DATA=$(CURDIR)/server/data $(B)/bench $(BENCH) $(FIGURES)

-include $(BENCH_OBJ:.o=.d)
