# duban - build, run, test. Two commands do everything on a fresh Debian 12: make run, make test.
#
#   make            build both programs into build/
#   make run        install what is missing, build, open a demo (AS=HRX: as Huarong county; LANG chooses the language)
#   make test       install what is missing, build, run every test; ends with "N passed, N failed"
#   make bench      the figures of the README, as ratios to floors measured in the same run
#   make asan | ubsan | tsan | valgrind     the tests under a sanitizer
#   make fuzz       longer fuzzing (FUZZ_SECONDS=600); the tests run a short round
#   make link-long  whatever befalls a line, for longer (MINUTES=10, TEST_SEED=...): cuts, losses, roaming, restarts, moves
#   make model      the model check for longer (MODEL_SECONDS=600): every kind's life, at random, with crashes and restarts
#   make lint       clang-tidy and cppcheck over every source (LINT=server/net.c: one of them)
#   make pictures   the pictures of the README, from the real program
#   make deps       install the Debian packages alone
#   make fonts      the fonts that PDFs of bulletins are made with, where there are no others
#   make install    programs, data, catalogue and manual pages into $(DESTDIR)/usr

BUILD_DEPS = gcc libc6-dev pkg-config gettext locales scdoc bzip2 unicode-data \
	libncurses-dev libzmq3-dev libmsgpack-dev liblmdb-dev libsodium-dev libzstd-dev \
	libutf8proc-dev libcsv-dev libinih-dev libzip-dev libexpat1-dev libxlsxwriter-dev libpango1.0-dev
# For PDFs: stand-ins for the fonts of official papers (91 MB). `make fonts` installs them when somebody wants PDFs.
FONTS = fonts-noto-cjk fonts-arphic-ukai
TEST_DEPS = $(FONTS) poppler-utils libcmocka-dev libvterm-dev libical-dev mandoc clang-14 libclang-rt-14-dev \
	libreoffice-calc-nogui

CC = gcc
B = build
# The operator whose client `make run` opens. (make itself presets AS with the assembler's name.)
ifeq ($(origin AS),default)
AS = XMB
endif
PKGS = libsodium libzstd libutf8proc msgpack libzip expat
SERVER_PKGS = lmdb libzmq inih
CLIENT_PKGS = lmdb libzmq ncursesw xlsxwriter
PDF_PKGS = pangocairo cairo-pdf inih
OPT = -O2 -g
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wswitch-enum -Wvla -Wcast-align=strict \
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef -Werror
HARDEN = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -fstack-clash-protection -fcf-protection
CFLAGS = -std=c17 -D_GNU_SOURCE -I. -I$(B)/gen $(OPT) $(WARN) $(HARDEN) $(EXTRA) -pthread
LDFLAGS = -pie -Wl,-z,relro,-z,now $(EXTRA) -pthread

PROTO_SRC = $(wildcard proto/*.c proto/rules/*.c)
SERVER_SRC = $(wildcard server/*.c server/*/*.c)
CLIENT_SRC = $(filter-out client/tool/% client/pdf/%,$(wildcard client/*.c client/*/*.c))
PROTO_OBJ = $(PROTO_SRC:%.c=$(B)/%.o)
SERVER_OBJ = $(SERVER_SRC:%.c=$(B)/%.o)
CLIENT_OBJ = $(CLIENT_SRC:%.c=$(B)/%.o)
PDF_SRC = $(wildcard client/pdf/*.c)
PDF_OBJ = $(PDF_SRC:%.c=$(B)/%.o)

.PHONY: all deps fonts test-deps run test install clean po
MAN = $(B)/man/man1/duban.1 $(B)/man/man8/duband.8 $(B)/man/man5/duband.conf.5
all: $(B)/duband $(B)/duban $(B)/duban-pdf $(B)/locale/zh_CN/LC_MESSAGES/duban.mo $(MAN)

# Installs the packages of a list that are not there, and says which. apt's lists are fetched when needed.
define install
	@missing=""; for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing:$$missing" >&2; log=$$(mktemp); \
	sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo"; \
	if ! $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing >$$log 2>&1; then \
	$$sudo apt-get update -q >>$$log 2>&1; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing >>$$log 2>&1 || { tail -n 20 $$log >&2; exit 1; }; fi; rm -f $$log; fi
endef

deps:
	$(call install,$(BUILD_DEPS))

fonts:
	$(call install,$(FONTS))

test-deps: deps
	$(call install,$(TEST_DEPS))

run: deps
	@$(MAKE) --no-print-directory -j$$(nproc) -s B=$(B) all >&2
	@client/demo.sh $(B) $(AS)

$(B)/libproto.a: $(PROTO_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(B)/duband: $(SERVER_OBJ) $(B)/libproto.a
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $(SERVER_OBJ) $(B)/libproto.a $$(pkg-config --libs $(PKGS) $(SERVER_PKGS)) -lcsv

$(B)/duban: $(CLIENT_OBJ) $(B)/libproto.a
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $(CLIENT_OBJ) $(B)/libproto.a $$(pkg-config --libs $(PKGS) $(CLIENT_PKGS))

$(B)/duban-pdf: $(PDF_OBJ)
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $(PDF_OBJ) $$(pkg-config --libs $(PDF_PKGS)) -lm

# The table of pinyin initials, from Debian's unicode-data.
$(B)/gen/pinyin.inc: client/tool/pinyin.c
	@mkdir -p $(@D)
	@$(CC) -O1 -o $(B)/pinyin-tool $< && bzcat -f /usr/share/unicode/Unihan_Readings.txt* | $(B)/pinyin-tool >$@.new && mv $@.new $@
$(B)/client/core/search.o: $(B)/gen/pinyin.inc

# Headers of libraries are not ours to warn about.
$(B)/client/pdf/%.o: client/pdf/%.c
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CFLAGS) $$(pkg-config --cflags $(PDF_PKGS) | sed 's/-I/-isystem /g') -MMD -MP -c -o $@ $<

$(B)/client/%.o: client/%.c
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CFLAGS) $$(pkg-config --cflags $(PKGS) $(CLIENT_PKGS)) -MMD -MP -c -o $@ $<

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CFLAGS) $$(pkg-config --cflags $(PKGS) $(SERVER_PKGS)) -MMD -MP -c -o $@ $<

# The Chinese catalogue. `make po` takes new msgids over into proto/po/zh_CN.po.
$(B)/locale/zh_CN/LC_MESSAGES/duban.mo: proto/po/zh_CN.po
	@mkdir -p $(@D)
	@msgfmt -o $@ $<

# The manual pages. scdoc puts paragraphs where none can be; mandoc's lint wants them away.
define page
	@mkdir -p $(@D)
	@SOURCE_DATE_EPOCH=$$(stat -c %Y $<) scdoc <$< >$@.new && awk '/^\.P$$/ { held = !fresh; next } /^\.RE$$/ { print; next } \
	held && !/^\.SH/ { print ".P" } { held = 0; fresh = /^\.SH/; print }' $@.new >$@ && rm $@.new
endef
$(B)/man/man1/%.1: client/man/%.1.scd
	$(page)
$(B)/man/man8/%.8: server/man/%.8.scd
	$(page)
$(B)/man/man5/%.5: server/man/%.5.scd
	$(page)

# Where the programs look for their data and catalogue by themselves. DESTDIR=... for a package.
install: all
	install -D -t $(DESTDIR)/usr/bin $(B)/duban $(B)/duban-pdf $(B)/duband
	install -D -m 644 -t $(DESTDIR)/usr/share/duban/data server/data/*.csv
	install -D -m 644 -t $(DESTDIR)/usr/share/locale/zh_CN/LC_MESSAGES $(B)/locale/zh_CN/LC_MESSAGES/duban.mo
	install -D -m 644 -t $(DESTDIR)/usr/share/man/man1 $(B)/man/man1/duban.1
	install -D -m 644 -t $(DESTDIR)/usr/share/man/man5 $(B)/man/man5/duband.conf.5
	install -D -m 644 -t $(DESTDIR)/usr/share/man/man8 $(B)/man/man8/duband.8

POT_SRC = $(PROTO_SRC) $(SERVER_SRC) $(CLIENT_SRC) $(wildcard proto/*.def proto/kinds/*.def client/*/*.def)
$(B)/duban.pot: $(POT_SRC)
	@xgettext -L C --from-code=UTF-8 -kN_ -ktr --no-location --no-wrap -o $@ $(POT_SRC)
	@sed -i '/^#, c-format$$/d' $@ # "% of the plan" is no directive; texts here take {name}
po: $(B)/duban.pot
	@msgmerge -q --no-wrap --no-location -N -U --backup=none proto/po/zh_CN.po $<
	@msgattrib --untranslated proto/po/zh_CN.po | grep -c '^msgid' || true

# ---- reading without running; no part of the tests ----

LINT = $(PROTO_SRC) $(SERVER_SRC) $(CLIENT_SRC) $(PDF_SRC) $(wildcard client/tool/*.c tests/*.c tests/*/*.c)
LINT_PKGS = cmocka vterm $(PKGS) $(SERVER_PKGS) $(CLIENT_PKGS) $(PDF_PKGS)
# cmocka's assertions and the rig's own do not tell the analyzer that a test ends there; bidirectional text is what
# tests of refusing it are made of.
LINT_TESTS = -clang-analyzer-*,-misc-misleading-bidirectional,-bugprone-integer-division
# What cppcheck gets wrong: memory that is handed on within a struct, unsigned enums, NULL at the end of words,
# readdir (safe on streams of one's own), and a loop's two conditions.
CPPCHECK = cppcheck -q -j2 --std=c11 --enable=warning,portability,performance --error-exitcode=1 --library=posix \
	-I. -I$(B)/gen -D_GNU_SOURCE --template='{file}:{line}: {message} [{id}]' --suppress=memleak:client/core/outbox.c \
	--suppress=memleak:server/dispatch.c --suppress=invalidPrintfArgType_uint --suppress=varFuncNullUB \
	--suppress=readdirCalled --suppress=arrayIndexThenCheck

.PHONY: lint
lint: $(B)/gen/pinyin.inc
	@command -v clang-tidy >/dev/null && command -v cppcheck >/dev/null || { echo "lint needs the packages clang-tidy and cppcheck" >&2; exit 1; }
	@flags="-std=c17 -D_GNU_SOURCE -I. -I$(B)/gen $$(pkg-config --cflags $(LINT_PKGS))"; \
	printf '%s\n' $(LINT) | xargs -P$$(nproc) -n1 sh -c 'case $$1 in tests/*) checks=$(LINT_TESTS) ;; *) checks= ;; esac; \
		clang-tidy --quiet --checks="$$checks" "$$1" -- '"$$flags"' 2>/dev/null' lint
	@$(if $(filter-out tests/%,$(LINT)),$(CPPCHECK) $(filter-out tests/%,$(LINT)))

include tests/tests.mk
include tests/bench/bench.mk

clean:
	rm -rf $(B)

-include $(PROTO_OBJ:.o=.d) $(SERVER_OBJ:.o=.d) $(CLIENT_OBJ:.o=.d) $(PDF_OBJ:.o=.d)
