# duban - build, run, test. Two commands do everything on a fresh Debian 12: make run, make test.
#
#   make            build both programs into build/
#   make run        install what is missing, build, open a demo (AS=HRX: as Huarong county; LANG chooses the language)
#   make test       install what is missing, build, run every test; ends with "N passed, N failed"
#   make bench      the figures of the README, as ratios to floors measured in the same run
#   make asan | ubsan | tsan | valgrind     the tests under a sanitizer
#   make fuzz       longer fuzzing (FUZZ_SECONDS=600); the tests run a short round
#   make lint       clang-tidy, cppcheck, clang-format
#   make deps       install the Debian packages alone

BUILD_DEPS = gcc libc6-dev pkg-config gettext locales scdoc unicode-data \
	libncurses-dev libzmq3-dev libmsgpack-dev liblmdb-dev libsodium-dev libzstd-dev \
	libutf8proc-dev libcsv-dev libinih-dev
TEST_DEPS = libcmocka-dev libvterm-dev mandoc clang-14 libclang-rt-14-dev

CC = gcc
B = build
PKGS = libsodium libzstd libutf8proc msgpack
SERVER_PKGS = lmdb libzmq inih
CLIENT_PKGS = lmdb libzmq ncursesw
OPT = -O2 -g
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wswitch-enum -Wvla -Wcast-align=strict \
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef -Werror
HARDEN = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -fstack-clash-protection -fcf-protection
CFLAGS = -std=c17 -D_GNU_SOURCE -I. -I$(B)/gen $(OPT) $(WARN) $(HARDEN) $(EXTRA) -pthread
LDFLAGS = -pie -Wl,-z,relro,-z,now $(EXTRA) -pthread

PROTO_SRC = $(wildcard proto/*.c proto/rules/*.c)
SERVER_SRC = $(wildcard server/*.c)
CLIENT_SRC = $(filter-out client/tool/%,$(wildcard client/*.c client/*/*.c))
PROTO_OBJ = $(PROTO_SRC:%.c=$(B)/%.o)
SERVER_OBJ = $(SERVER_SRC:%.c=$(B)/%.o)
CLIENT_OBJ = $(CLIENT_SRC:%.c=$(B)/%.o)

.PHONY: all deps test-deps run test clean
all: $(B)/duband $(B)/duban

$(B)/libproto.a: $(PROTO_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(B)/duband: $(SERVER_OBJ) $(B)/libproto.a
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $(SERVER_OBJ) $(B)/libproto.a $$(pkg-config --libs $(PKGS) $(SERVER_PKGS)) -lcsv

$(B)/duban: $(CLIENT_OBJ) $(B)/libproto.a
	@echo "LD $@"
	@$(CC) $(LDFLAGS) -o $@ $(CLIENT_OBJ) $(B)/libproto.a $$(pkg-config --libs $(PKGS) $(CLIENT_PKGS))

# The table of pinyin initials, from Debian's unicode-data.
$(B)/gen/pinyin.inc: client/tool/pinyin.c
	@mkdir -p $(@D)
	@$(CC) -O1 -o $(B)/pinyin-tool $< && bzcat -f /usr/share/unicode/Unihan_Readings.txt* | $(B)/pinyin-tool >$@.new && mv $@.new $@
$(B)/client/core/search.o: $(B)/gen/pinyin.inc

$(B)/client/%.o: client/%.c
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CFLAGS) $$(pkg-config --cflags $(PKGS) $(CLIENT_PKGS)) -MMD -MP -c -o $@ $<

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CFLAGS) $$(pkg-config --cflags $(PKGS) $(SERVER_PKGS)) -MMD -MP -c -o $@ $<

clean:
	rm -rf $(B)

-include $(PROTO_OBJ:.o=.d) $(SERVER_OBJ:.o=.d) $(CLIENT_OBJ:.o=.d)
