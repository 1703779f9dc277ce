# tests.mk - building and running the tests in C. Included by the Makefile, whose variables it uses.
#
#   make test                all of it: unit, end to end, house rules, a short round of fuzzing
#   make unit                the unit tests and the house rules; ends with "N passed, N failed"
#   make e2e                 real daemon, real clients
#   make reference           writes the generated parts of proto/PROTOCOL.md anew; the tests check them
#   make link-long           whatever befalls a line, for MINUTES=10, in an order by TEST_SEED, which it prints
#   make model               the model check (lives) for MODEL_SECONDS; TEST_SEED=0x... begins with that episode
#   make fuzz-short          every fuzz target for FUZZ_SHORT_SECONDS
#   make fuzz                the same for FUZZ_SECONDS each
#   make asan|ubsan|tsan|valgrind    the unit tests under a sanitizer, in a build directory of its own
#   make asan-e2e|ubsan-e2e|tsan-e2e  the end-to-end tests with programs built so
#   make asan TEST=journal   one of them (works with unit, too)
#
# A test program is one tests/unit/NAME_test.c, linked with what it needs of the libraries below. One that
# includes a fake (tests/lib/fake_*.h) gets it in place of the real thing.

TEST ?= *
FUZZ_SECONDS ?= 600
FUZZ_SHORT_SECONDS ?= 10
FUZZ_CC ?= clang-14
MODEL_SECONDS ?= 600

TEST_PKGS = cmocka xlsxwriter $(PKGS) $(SERVER_PKGS)
UNIT_SRC = $(wildcard tests/unit/*_test.c)
UNIT_NAMES = $(UNIT_SRC:tests/unit/%_test.c=%)
UNIT_BIN = $(UNIT_NAMES:%=$(B)/tests/%)
UNIT_CHOSEN = $(foreach name,$(UNIT_NAMES),$(if $(filter $(subst *,%,$(TEST)),$(name)),$(B)/tests/$(name)))
TEST_LIB_OBJ = $(patsubst %,$(B)/tests/lib/%.o,world rng sample frames disk history seat grants parts) $(patsubst %.c,$(B)/%.o,$(wildcard tests/life/*.c))
TEST_FAKE_OBJ = $(patsubst %.c,$(B)/%.o,$(wildcard tests/lib/fake_*.c))
TEST_LIBS = $(B)/libtests.a $(B)/libserver.a $(B)/libcore.a $(B)/libproto.a

.PHONY: e2e e2e-build model reference unit unit-build fuzz fuzz-short fuzz-build fuzz-programs asan ubsan tsan valgrind asan-e2e ubsan-e2e tsan-e2e

$(B)/libserver.a: $(filter-out $(B)/server/main.o,$(SERVER_OBJ))
	@rm -f $@ && ar rcs $@ $^

$(B)/libcore.a: $(filter $(B)/client/core/%.o,$(CLIENT_OBJ)) $(B)/client/term/cells.o $(B)/client/term/chart.o $(B)/client/term/copy.o $(B)/client/console/sheet.o \
	$(patsubst %,$(B)/client/screen/%.o,keys prefs setup) $(B)/client/term/theme.o
	@rm -f $@ && ar rcs $@ $^

$(B)/libtests.a: $(TEST_LIB_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(B)/tests/%: $(B)/tests/unit/%_test.o $(TEST_LIBS) $(TEST_FAKE_OBJ)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $< $$(sed -n 's|^#include "\(tests/lib/fake_[a-z]*\).h"|$(B)/\1.o|p' tests/unit/$*_test.c) $(TEST_LIBS) $$(pkg-config --libs $(TEST_PKGS)) -lcsv -lm

.SECONDARY: $(UNIT_NAMES:%=$(B)/tests/unit/%_test.o)

unit-build: $(UNIT_BIN)

unit: $(UNIT_CHOSEN) $(B)/reference $(B)/duban.pot $(B)/locale/zh_CN/LC_MESSAGES/duban.mo
	@BUILD=$(B) tests/run.sh $(if $(filter *,$(TEST)),$(B)/tests,$(UNIT_CHOSEN))

# ---- the model check for longer than the unit tests: random acts, clock jumps, crashes and restarts ----

model: $(B)/tests/lives
	@MODEL_SECONDS=$(MODEL_SECONDS) TEST_SEED=$(TEST_SEED) $<

# ---- what the tables write: the pages' generated parts ----

REFERENCE_OBJ = $(patsubst %.c,$(B)/%.o,$(wildcard tests/reference*.c))
$(B)/reference: $(REFERENCE_OBJ) $(B)/libproto.a
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs $(PKGS))

reference: $(B)/reference
	@$< --update proto/PROTOCOL.md && $< --lock-update tests/tables.lock && tests/clauses.sh >tests/CLAUSES.md

# ---- end to end: programs against programs ----

E2E_NAMES = $(patsubst tests/e2e/%_test.c,%,$(wildcard tests/e2e/*_test.c))
E2E_CHOSEN = $(foreach name,$(E2E_NAMES),$(if $(filter $(subst *,%,$(TEST)),$(name)),$(B)/e2e/$(name)))
E2E_LIB_OBJ = $(patsubst %,$(B)/tests/lib/%.o,rig rig_json rig_report sitting pty catalogue svg raw relay shaper outpost devices fleet)

$(B)/libe2e.a: $(E2E_LIB_OBJ)
	@rm -f $@ && ar rcs $@ $^

# Preloaded: into daemons whose machine's clock a test sets, into clients whose writes are counted.
PRELOADED = $(B)/clock_shift.so $(B)/write_count.so
$(PRELOADED): $(B)/%.so: tests/lib/%.c
	@echo "LD $@"
	@$(CC) -std=c17 -D_GNU_SOURCE -O2 -fPIC -shared $(filter-out -Wpedantic,$(WARN)) -o $@ $< -ldl

# Programs that let every text pass, for what readers do with it (tests/e2e/hostile_test.c).
TRUSTING = $(B)/trusting/duband $(B)/trusting/duban
$(B)/trusting/duband: $(SERVER_OBJ)
$(B)/trusting/duban: $(CLIENT_OBJ)
$(TRUSTING): $(B)/tests/lib/trusting.o $(B)/libproto.a
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -Wl,--wrap=text_offence -o $@ $(filter %.o,$^) $(B)/libproto.a $$(pkg-config --libs $(PKGS) $(SERVER_PKGS) $(CLIENT_PKGS)) -lcsv

$(B)/e2e/%: $(B)/tests/e2e/%_test.o $(B)/libe2e.a $(TEST_LIBS) | $(PRELOADED) $(TRUSTING)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $< $(B)/libe2e.a $(TEST_LIBS) $$(pkg-config --libs $(TEST_PKGS) vterm libical) -lcsv -lutil

.SECONDARY: $(E2E_NAMES:%=$(B)/tests/e2e/%_test.o)

e2e-build: $(E2E_NAMES:%=$(B)/e2e/%) all

e2e: $(E2E_CHOSEN) all
	@DUBAN_BUILD=$(abspath $(B)) DUBAN_DATA=$(CURDIR)/server/data TEST_SECONDS=300 tests/run.sh $(E2E_CHOSEN)

# The worst weather for longer than the tests: cuts of a minute, lines of five seconds.
.PHONY: link-long
MINUTES ?= 10
link-long: $(B)/e2e/weather all
	@TEST_SEED=$${TEST_SEED:-$$(date +%s)} LINK_MINUTES=$(MINUTES) DUBAN_BUILD=$(abspath $(B)) DUBAN_DATA=$(CURDIR)/server/data $<

# The README's pictures, from the program itself.
.PHONY: pictures
pictures: $(B)/e2e/pictures all
	@mkdir -p client/pictures
	@PICTURES_TO=client/pictures DUBAN_BUILD=$(abspath $(B)) DUBAN_DATA=$(CURDIR)/server/data $<

# ---- everything, from nothing ----

test: test-deps
	@$(MAKE) --no-print-directory -s -j$$(nproc) B=$(B) all unit-build e2e-build $(if $(FUZZ_NAMES),fuzz-build) $(B)/reference $(B)/duban.pot >&2
	@export BUILD=$(B) DUBAN_BUILD=$(abspath $(B)) DUBAN_DATA=$(CURDIR)/server/data TEST_SECONDS=300 FUZZ_LIMITS="$(FUZZ_LIMITS)"; \
	tests/run.sh $(UNIT_BIN) tests/tidy.sh $(E2E_NAMES:%=$(B)/e2e/%) $(if $(FUZZ_NAMES),tests/fuzz/short.sh)

# ---- sanitizers: the same tests, built again ----

# Their instrumentation makes gcc see uninitialised and null values where there are none: no -Werror here.
SANITIZED = $(MAKE) --no-print-directory TEST='$(TEST)' WARN="-Wall -Wextra -Wno-maybe-uninitialized -Wno-nonnull" HARDEN=-fPIE TEST_SECONDS=1200

ASAN = B=$(B)-asan EXTRA="-fsanitize=address -fno-omit-frame-pointer" OPT="-O1 -g"
UBSAN = B=$(B)-ubsan EXTRA="-fsanitize=undefined -fno-sanitize-recover=all" OPT="-O1 -g"
TSAN = B=$(B)-tsan EXTRA="-fsanitize=thread" OPT="-O1 -g"

asan:
	@$(SANITIZED) unit $(ASAN)
asan-e2e:
	@$(SANITIZED) e2e $(ASAN)
ubsan:
	@$(SANITIZED) unit $(UBSAN)
ubsan-e2e:
	@$(SANITIZED) e2e $(UBSAN)
tsan:
	@$(SANITIZED) unit $(TSAN)
tsan-e2e:
	@$(SANITIZED) e2e $(TSAN)
valgrind: unit-build
	@TEST_SECONDS=3000 TEST_WRAP="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite" \
	tests/run.sh $(if $(filter *,$(TEST)),$(B)/tests,$(UNIT_CHOSEN))

# ---- fuzzing: whatever reads bytes from outside, instrumented; seeds come from real frames ----

FUZZ_SAN = -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_CFLAGS = -std=c17 -D_GNU_SOURCE -I. -I$(B)/gen -O1 -gline-tables-only -Wall -Wextra $(FUZZ_SAN) -fsanitize=fuzzer-no-link -pthread
FUZZ_PARTS = $(PROTO_SRC) $(filter-out server/main.c,$(SERVER_SRC)) $(wildcard client/core/*.c) \
	$(patsubst %,client/%.c,screen/arrange screen/keys screen/prefs screen/setup term/theme term/cells) \
	$(patsubst %,tests/lib/%.c,world rng sample frames disk history seat parts)
FUZZ_NAMES = $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_BIN = $(FUZZ_NAMES:%=$(B)/fuzz/%)
FUZZ_PART_OBJ = $(FUZZ_PARTS:%.c=$(B)/fuzz/obj/%.o)
FUZZ_FAKE_OBJ = $(patsubst %.c,$(B)/fuzz/obj/%.o,$(wildcard tests/lib/fake_*.c))
FUZZ_SEED_OBJ = $(patsubst %.c,$(B)/%.o,$(wildcard tests/fuzz/seeds*.c))
FUZZ_LIMITS = -max_len=8192 -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=256 -verbosity=0

$(B)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC $< (fuzz)"
	@$(FUZZ_CC) $(FUZZ_CFLAGS) $$(pkg-config --cflags $(TEST_PKGS)) -MMD -MP -c -o $@ $<
$(B)/fuzz/obj/client/core/search.o: $(B)/gen/pinyin.inc

$(B)/fuzz/libparts.a: $(FUZZ_PART_OBJ)
	@rm -f $@ && ar rcs $@ $^

# A target that includes a fake gets it in place of the real thing, as tests do.
$(B)/fuzz/%: $(B)/fuzz/obj/tests/fuzz/%_fuzz.o $(B)/fuzz/libparts.a $(FUZZ_FAKE_OBJ)
	@echo "LD $@"
	@$(FUZZ_CC) $(FUZZ_SAN) -fsanitize=fuzzer -pthread -o $@ $< $$(sed -n 's|^#include "\(tests/lib/fake_[a-z]*\).h"|$(B)/fuzz/obj/\1.o|p' tests/fuzz/$*_fuzz.c) \
		$(B)/fuzz/libparts.a $$(pkg-config --libs xlsxwriter $(PKGS) $(SERVER_PKGS)) -lcsv

$(B)/fuzz/make-seeds: $(FUZZ_SEED_OBJ) $(B)/tests/lib/fake_cache.o $(TEST_LIBS)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $(FUZZ_SEED_OBJ) $(B)/tests/lib/fake_cache.o $(TEST_LIBS) $$(pkg-config --libs $(TEST_PKGS)) -lcsv

$(B)/fuzz/seeds: $(B)/fuzz/make-seeds
	@rm -rf $@ && mkdir -p $@ && $< $@

.SECONDARY: $(FUZZ_NAMES:%=$(B)/fuzz/obj/tests/fuzz/%_fuzz.o) $(FUZZ_PART_OBJ) $(FUZZ_FAKE_OBJ) $(FUZZ_SEED_OBJ)

# Nothing is built where clang or its libFuzzer is missing; tests/fuzz/short.sh says so then.
fuzz-build:
	@if echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d == 0 && n; }' | \
		$(FUZZ_CC) $(FUZZ_SAN) -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null; then \
		$(MAKE) --no-print-directory fuzz-programs; \
	else \
		echo "no libFuzzer for $(FUZZ_CC): fuzzing is left out" >&2; \
	fi
fuzz-programs: $(FUZZ_BIN) $(B)/fuzz/seeds

fuzz-short: fuzz-build
	@FUZZ_LIMITS="$(FUZZ_LIMITS)" tests/fuzz/run.sh $(B)/fuzz $(FUZZ_SHORT_SECONDS) $(FUZZ_NAMES)

fuzz: fuzz-build
	@FUZZ_LIMITS="$(FUZZ_LIMITS)" tests/fuzz/run.sh $(B)/fuzz $(FUZZ_SECONDS) $(FUZZ_NAMES)

-include $(TEST_LIB_OBJ:.o=.d) $(TEST_FAKE_OBJ:.o=.d) $(UNIT_NAMES:%=$(B)/tests/unit/%_test.d) $(FUZZ_PART_OBJ:.o=.d) $(FUZZ_SEED_OBJ:.o=.d) $(FUZZ_FAKE_OBJ:.o=.d) $(E2E_LIB_OBJ:.o=.d) $(E2E_NAMES:%=$(B)/tests/e2e/%_test.d) $(REFERENCE_OBJ:.o=.d)
-include $(FUZZ_NAMES:%=$(B)/fuzz/obj/tests/fuzz/%_fuzz.d)
