# tests.mk - building and running the tests in C. Included by the Makefile, whose variables it uses.
#
#   make unit                the unit tests and the house rules; ends with "N passed, N failed"
#   make fuzz-short          every fuzz target for FUZZ_SHORT_SECONDS
#   make fuzz                the same for FUZZ_SECONDS each
#   make asan|ubsan|tsan|valgrind    the unit tests under a sanitizer, in a build directory of its own
#   make asan TEST=journal   one of them (works with unit, too)
#
# A test program is one tests/unit/NAME_test.c, linked with what it needs of the libraries below. libtests.a
# comes first, so that a test which refers to a fake (tests/lib/fake_*.c) gets it in place of the real thing.

TEST ?= *
FUZZ_SECONDS ?= 600
FUZZ_SHORT_SECONDS ?= 10
FUZZ_CC ?= clang-14

TEST_PKGS = cmocka $(PKGS) $(SERVER_PKGS)
UNIT_SRC = $(wildcard tests/unit/*_test.c)
UNIT_NAMES = $(UNIT_SRC:tests/unit/%_test.c=%)
UNIT_BIN = $(UNIT_NAMES:%=$(B)/tests/%)
UNIT_CHOSEN = $(foreach name,$(UNIT_NAMES),$(if $(filter $(subst *,%,$(TEST)),$(name)),$(B)/tests/$(name)))
TEST_LIB_OBJ = $(patsubst %,$(B)/tests/lib/%.o,world rng sample frames fake_net fake_cache disk history)
TEST_LIBS = $(B)/libtests.a $(B)/libserver.a $(B)/libcore.a $(B)/libproto.a

.PHONY: unit unit-build fuzz fuzz-short fuzz-build asan ubsan tsan valgrind

$(B)/libserver.a: $(filter-out $(B)/server/main.o,$(SERVER_OBJ))
	@rm -f $@ && ar rcs $@ $^

$(B)/libcore.a: $(filter $(B)/client/core/%.o,$(CLIENT_OBJ))
	@rm -f $@ && ar rcs $@ $^

$(B)/libtests.a: $(TEST_LIB_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(B)/tests/%: $(B)/tests/unit/%_test.o $(TEST_LIBS)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $< $(TEST_LIBS) $$(pkg-config --libs $(TEST_PKGS)) -lcsv

.SECONDARY: $(UNIT_NAMES:%=$(B)/tests/unit/%_test.o)

unit-build: $(UNIT_BIN)

unit: $(UNIT_CHOSEN)
	@tests/run.sh $(if $(filter *,$(TEST)),$(B)/tests,$(UNIT_CHOSEN))

# ---- sanitizers: the same tests, built again ----

SANITIZED = $(MAKE) --no-print-directory unit TEST='$(TEST)' HARDEN=-fPIE TEST_SECONDS=600

asan:
	@$(SANITIZED) B=$(B)-asan EXTRA="-fsanitize=address -fno-omit-frame-pointer" OPT="-O1 -g"
ubsan:
	@$(SANITIZED) B=$(B)-ubsan EXTRA="-fsanitize=undefined -fno-sanitize-recover=all" OPT="-O1 -g"
tsan:
	@$(SANITIZED) B=$(B)-tsan EXTRA="-fsanitize=thread" OPT="-O1 -g"
valgrind: unit-build
	@TEST_SECONDS=3000 TEST_WRAP="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite" \
	tests/run.sh $(if $(filter *,$(TEST)),$(B)/tests,$(UNIT_CHOSEN))

# ---- fuzzing: proto and what reads bytes from outside, instrumented; seeds come from real frames ----

FUZZ_SAN = -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_CFLAGS = -std=c17 -D_GNU_SOURCE -I. -I$(B)/gen -O1 -g -Wall -Wextra $(FUZZ_SAN) -fsanitize=fuzzer-no-link -pthread
FUZZ_PARTS = $(PROTO_SRC) server/csv.c server/files.c
FUZZ_NAMES = $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_BIN = $(FUZZ_NAMES:%=$(B)/fuzz/%)
FUZZ_PART_OBJ = $(FUZZ_PARTS:%.c=$(B)/fuzz/obj/%.o)
FUZZ_LIMITS = -max_len=8192 -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=256 -print_final_stats=0 -verbosity=0

$(B)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC $< (fuzz)"
	@$(FUZZ_CC) $(FUZZ_CFLAGS) $$(pkg-config --cflags $(TEST_PKGS)) -MMD -MP -c -o $@ $<

$(B)/fuzz/libparts.a: $(FUZZ_PART_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(B)/fuzz/%: $(B)/fuzz/obj/tests/fuzz/%_fuzz.o $(B)/fuzz/libparts.a
	@echo "LD $@"
	@$(FUZZ_CC) $(FUZZ_SAN) -fsanitize=fuzzer -pthread -o $@ $^ $$(pkg-config --libs $(PKGS)) -lcsv

$(B)/fuzz/make-seeds: $(B)/tests/fuzz/seeds.o $(TEST_LIBS)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $< $(TEST_LIBS) $$(pkg-config --libs $(TEST_PKGS)) -lcsv

$(B)/fuzz/seeds: $(B)/fuzz/make-seeds
	@rm -rf $@ && mkdir -p $@ && $< $@

.SECONDARY: $(FUZZ_NAMES:%=$(B)/fuzz/obj/tests/fuzz/%_fuzz.o) $(FUZZ_PART_OBJ) $(B)/tests/fuzz/seeds.o

fuzz-build: $(FUZZ_BIN) $(B)/fuzz/seeds

fuzz-short: fuzz-build
	@FUZZ_LIMITS="$(FUZZ_LIMITS)" tests/fuzz/run.sh $(B)/fuzz $(FUZZ_SHORT_SECONDS) $(FUZZ_NAMES)

fuzz: fuzz-build
	@FUZZ_LIMITS="$(FUZZ_LIMITS)" tests/fuzz/run.sh $(B)/fuzz $(FUZZ_SECONDS) $(FUZZ_NAMES)

-include $(TEST_LIB_OBJ:.o=.d) $(UNIT_NAMES:%=$(B)/tests/unit/%_test.d) $(FUZZ_PART_OBJ:.o=.d) $(B)/tests/fuzz/seeds.d
-include $(FUZZ_NAMES:%=$(B)/fuzz/obj/tests/fuzz/%_fuzz.d)
