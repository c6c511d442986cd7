# migrate: schema migrations for SQLite, inside SQLite.
#
#   make            migrate.so and migrate, what is missing installed first
#   make demo       the main job on real input, shown
#   make test       the tests; TESTS='runner graph' some of them; SQLITE=DIR on
#                   another SQLite, the one that DIR/sqlite3.c makes
#   make bench      speed, against its limits
#   make fuzz       input that nobody would write; FUZZ='ini graph' some of it
#   make size       bytes of code, heap and stack, against their limits
#   make npm        Node's SQLite modules, for the test of hosts
#   make cross      the cases of test/cases on other machines; ARCH='armhf arm64
#                   s390x musl windows sqlcipher' some of them
#   make valgrind   the tests under valgrind
#   make coverage   how much of ext/ the tests run
#   make static     migrate-static: the program with the extension inside
#   make SIGNATURES=no   without libsodium: signatures cannot be checked then
#   make AUTHORING=no    without what writes and judges revisions: for a device
#   make INIH=no         with a reader of our own in place of inih
#   make TRUSTED_KEY=KEY only sources signed with that minisign key are believed
#   make amalgamation    migrate.c and migrate.h: the extension as one file, which
#                   needs nothing but SQLite
#   make install    PREFIX=/usr/local DESTDIR=
#   make uninstall  the same
#   make clean

PREFIX  = /usr/local
DESTDIR =
bindir  = $(PREFIX)/bin
libdir  = $(PREFIX)/lib
incdir  = $(PREFIX)/include

CC       = cc
OPT      = -O2
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes
CFLAGS   = $(OPT) -g -std=c99 $(WARN)
LDFLAGS  =
BUILD    = build
OUT      =
# The cache of this machine, not of a package; only root may write it.
LDCONFIG = @[ -n '$(DESTDIR)' ] || [ "$$(id -u)" != 0 ] || \
           PATH="$$PATH:/sbin:/usr/sbin" ldconfig

# What is compiled in, and the libraries that it needs.
SIGNATURES  = yes
AUTHORING   = yes
INIH        = yes
TRUSTED_KEY =
FEATURES    = $(if $(filter no,$(SIGNATURES)),-DMIGRATE_OMIT_SIGNATURES) \
              $(if $(filter no,$(AUTHORING)),-DMIGRATE_OMIT_AUTHORING \
              -Wno-unused-function) \
              $(if $(filter no,$(INIH)),-DMIGRATE_OMIT_INIH) \
              $(if $(TRUSTED_KEY),-DMIGRATE_TRUSTED_KEY='"$(TRUSTED_KEY)"')
LIBS        = $(if $(filter no,$(INIH)),,-linih) \
              $(if $(filter no,$(SIGNATURES)),,-lsodium)

# Linked in statically: migrate.so alone is enough.
STATIC_LIBS = -Wl,-Bstatic $(LIBS) -Wl,-Bdynamic

EXT   = $(wildcard ext/*.[ch] ext/*/*.[ch])
SHELL_SRC = $(wildcard shell/*.c)

.PHONY: all static amalgamation demo test sanitize valgrind fault power bench fuzz size \
        cross npm coverage install uninstall clean deps FORCE

all: $(OUT)migrate.so $(OUT)migrate

# What a fresh Debian machine lacks, installed by its package manager.
deps: $(BUILD)/deps

# Changes when what is compiled in does.
$(BUILD)/features: FORCE
	@mkdir -p $(@D)
	@echo "$(SIGNATURES) $(AUTHORING) $(INIH) $(TRUSTED_KEY)" >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/deps: test/setup
	@mkdir -p $(BUILD)
	@sh test/setup
	@touch $@

# What makes migrate.so small: functions that nobody calls, tables for unwinding a C
# stack and the room between pages are left out.
SMALL = -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
        -Wl,--gc-sections -Wl,-z,noseparate-code \
        $(if $(filter -Os,$(CFLAGS)),$(SMALLER))

# With -Os more of it: what GCC believes to be small, and is not here; the page that
# the loader would protect once it has filled it in.
SMALLER = -Wl,-z,norelro $(if $(findstring Free Software,$(shell $(CC) --version)),\
          $(shell $(CC) -Oz -E -x c /dev/null >/dev/null 2>&1 && echo -Oz) \
          -fno-inline-functions-called-once -fno-move-loop-invariants \
          -fno-caller-saves -fno-optimize-sibling-calls -fno-thread-jumps)

# It stays in memory once it was loaded: what is left registered after a failure is
# never called where it is no more.
$(OUT)migrate.so: $(EXT) $(BUILD)/features | $(BUILD)/deps
	$(CC) $(CFLAGS) $(FEATURES) $(SMALL) -fPIC -fvisibility=hidden -shared -o $@ ext/one.c \
	    $(LDFLAGS) $(STATIC_LIBS) -Wl,--exclude-libs,ALL -Wl,-soname,migrate.so \
	    -Wl,-z,nodelete

$(OUT)migrate: $(SHELL_SRC) $(wildcard shell/*.h) ext/migrate.h | $(BUILD)/deps
	$(CC) $(CFLAGS) -Iext -DMIGRATE_LIBDIR='"$(libdir)"' -o $@ $(SHELL_SRC) \
	    $(LDFLAGS) -lsqlite3

static: $(OUT)migrate-static

$(BUILD)/static.o: $(EXT) $(BUILD)/features | $(BUILD)/deps
	$(CC) $(CFLAGS) $(FEATURES) -DSQLITE_CORE -fvisibility=hidden -c -o $@ ext/one.c

$(OUT)migrate-static: $(BUILD)/static.o $(SHELL_SRC) $(wildcard shell/*.h)
	$(CC) $(CFLAGS) -Iext -DMIGRATE_STATIC -DMIGRATE_LIBDIR='"$(libdir)"' -o $@ \
	    $(SHELL_SRC) $(BUILD)/static.o $(LDFLAGS) -lsqlite3 $(STATIC_LIBS)

# To be linked into programs.
$(OUT)libmigrate.a: $(BUILD)/static.o
	rm -f $@
	$(AR) rcs $@ $<

amalgamation: $(OUT)migrate.c $(OUT)migrate.h

$(OUT)migrate.c: $(EXT) ext/amalgamation.awk
	awk -f ext/amalgamation.awk ext/one.c >$@

$(OUT)migrate.h: ext/migrate.h
	sed 's/<sqlite3.h>/"sqlite3.h"/' $< >$@

# What the tests need to be there.
TESTED = all static amalgamation $(OUT)libmigrate.a $(BUILD)/host $(BUILD)/driver \
         $(BUILD)/listen

# A C host with everything linked in statically, for the tests.
$(BUILD)/host: test/host.c $(BUILD)/static.o
	$(CC) $(CFLAGS) $(if $(OUT),,-static) -o $@ test/host.c $(BUILD)/static.o $(LDFLAGS) \
	    -lsqlite3 $(LIBS) -lm 2>$(BUILD)/host.log || \
	    { cat $(BUILD)/host.log; exit 1; }

# Hears the progress of a change.
$(BUILD)/listen: test/listen.c ext/migrate.h $(BUILD)/static.o
	$(CC) $(CFLAGS) -o $@ test/listen.c $(BUILD)/static.o $(LDFLAGS) -lsqlite3 \
	    $(STATIC_LIBS)

# A C host that runs the cases of test/cases.
$(BUILD)/driver: test/driver.c ext/migrate.h $(BUILD)/static.o
	$(CC) $(CFLAGS) -D_DEFAULT_SOURCE -o $@ test/driver.c $(BUILD)/static.o $(LDFLAGS) \
	    -lsqlite3 $(STATIC_LIBS) -lpthread

# Every allocation and every operation on a file made to fail in turn.
FAULT_WRAP = $(foreach call,open close fsync read write stat mkdir opendir readdir,\
             -Wl,--wrap=$(call))
$(BUILD)/fault: test/fault.c $(EXT) | $(BUILD)/deps
	$(CC) -std=c99 -D_DEFAULT_SOURCE -g -O1 $(SANITIZE) $(FEATURES) -DSQLITE_CORE \
	    $(FAULT_WRAP) -o $@ test/fault.c ext/one.c $(LDFLAGS) -lsqlite3 $(LIBS)

# The power taken away at every sync, and every disk that may be left.
POWER_WRAP = -Wl,--wrap=open,--wrap=open64,--wrap=close,--wrap=fsync,--wrap=unlink \
             -Wl,--wrap=kill,--wrap=getpid
$(BUILD)/power: test/power.c $(EXT) | $(BUILD)/deps
	$(CC) -std=c99 -D_DEFAULT_SOURCE -g -O1 $(FEATURES) -DSQLITE_CORE $(POWER_WRAP) -o $@ \
	    test/power.c ext/one.c $(LDFLAGS) -lsqlite3 $(LIBS)

# The whole suite, and fault injection, under the address and undefined behaviour
# sanitizers.  The hosts are not built with them: so the runtime is preloaded.
ASAN = -fsanitize=address,undefined -fno-sanitize-recover=undefined \
       -fno-omit-frame-pointer
sanitize: all amalgamation $(OUT)libmigrate.a
	@mkdir -p $(BUILD)/asan/build
	@$(MAKE) --no-print-directory -s OPT=-O1 LDFLAGS='$(ASAN)' \
	    CFLAGS='-O1 -g -std=c99 $(ASAN)' OUT=$(BUILD)/asan/ \
	    BUILD=$(BUILD)/asan/build all static $(BUILD)/asan/build/host \
	    $(BUILD)/asan/libmigrate.a $(BUILD)/asan/build/driver \
	    $(BUILD)/asan/build/listen $(BUILD)/asan/build/fault SANITIZE='$(ASAN)'
	@MIGRATE_BUILD=$(CURDIR)/$(BUILD)/asan ASAN_OPTIONS=detect_leaks=0 \
	    LD_PRELOAD="$$($(CC) -print-file-name=libasan.so)" \
	    tclsh test/run.tcl $(TESTS)

# The same under valgrind, with what takes hours left out, and the host that is linked
# statically, whose malloc valgrind does not see.  It is quiet, but for what is wrong:
# then its logs are not empty.
MEMCHECK = valgrind -q --leak-check=full --show-leak-kinds=definite \
           --trace-children=yes --trace-children-skip=/bin/*,/usr/bin/*,*/sqlite/bin/*,*/build/host \
           --log-file=$(CURDIR)/$(BUILD)/valgrind/%p.log
SLOW_TESTS = crash concurrency install graph-random sync-random shell-alembic script \
             device pairs-1 pairs-2 pairs-3 pairs-4

$(BUILD)/valgrind/setup: | $(BUILD)/deps
	@mkdir -p $(@D)
	@sh test/setup valgrind
	@touch $@

valgrind: $(TESTED) $(BUILD)/valgrind/setup
	@rm -f $(BUILD)/valgrind/*.log
	@UNDER='$(MEMCHECK)' tclsh test/run.tcl $(or $(TESTS),$(filter-out $(SLOW_TESTS),\
	    $(basename $(notdir $(wildcard test/*.test)))))
	@! grep -h . $(BUILD)/valgrind/*.log

fault: all $(BUILD)/fault
	@mkdir -p $(BUILD)/test/fault
	@cd $(BUILD)/test/fault && tclsh ../../../test/fault.tcl $(TESTS)

power: all $(BUILD)/power
	@mkdir -p $(BUILD)/test/power
	@cd $(BUILD)/test/power && tclsh ../../../test/power.tcl $(TESTS)

# How large migrate.so is, and how much memory an upgrade takes, against the limits.
$(BUILD)/size/heap: test/size.c $(EXT) | $(BUILD)/deps
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_DEFAULT_SOURCE $(FEATURES) -DSQLITE_CORE -static -o $@ test/size.c \
	    ext/one.c $(LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free \
	    -lsqlite3 $(LIBS) -lm -lpthread 2>$(@D)/log || { cat $(@D)/log; exit 1; }

size: $(BUILD)/size/heap
	@for build in yes-yes no-yes yes-no no-no; do \
	    mkdir -p $(BUILD)/size/$$build; \
	    $(MAKE) --no-print-directory -s OPT=-Os SIGNATURES=$${build%-*} \
	        AUTHORING=$${build#*-} BUILD=$(BUILD)/size/$$build \
	        OUT=$(BUILD)/size/$$build/ $(BUILD)/size/$$build/migrate.so || exit 1; \
	    strip $(BUILD)/size/$$build/migrate.so; \
	done
	@sh test/size $(BUILD)/size

ARCH = armhf arm64 s390x musl windows sqlcipher
cross: all
	@CFLAGS='-O1 -std=c99 $(WARN)' sh test/cross $(ARCH)

# Node's hosts for test/hosts.test, where there is npm.
npm:
	@for name in libsql better-sqlite3; do \
	    npm install --silent --no-audit --no-fund --prefix $(BUILD)/npm $$name || \
	        echo "npm: $$name cannot be installed here"; \
	done

demo: all
	@sh test/demo

# With SQLITE=DIR the suite runs on the library that DIR/sqlite3.c makes.  The
# sqlite3 shell wants the library that it was made with, and keeps it.
ifdef SQLITE
SQLITE_LIB = $(BUILD)/sqlite/libsqlite3.so.0
SQLITE_ENV = LD_LIBRARY_PATH=$(CURDIR)/$(BUILD)/sqlite \
             PATH=$(CURDIR)/$(BUILD)/sqlite/bin:$$PATH

$(SQLITE_LIB): $(SQLITE)/sqlite3.c
	@mkdir -p $(@D)/bin
	$(CC) -O2 -fPIC -shared -Wl,-soname,libsqlite3.so.0 -DSQLITE_ENABLE_FTS4 \
	    -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE -DSQLITE_ENABLE_COLUMN_METADATA \
	    -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_UNLOCK_NOTIFY \
	    -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_PREUPDATE_HOOK \
	    -DSQLITE_ENABLE_SESSION -DSQLITE_SECURE_DELETE -o $@ $< -lm -lpthread -ldl
	printf '#!/bin/sh\nLD_LIBRARY_PATH=$${LD_LIBRARY_PATH%%%%*%s} exec %s "$$@"\n' \
	    '$(CURDIR)/$(@D)' "$$(command -v sqlite3)" >$(@D)/bin/sqlite3
	chmod +x $(@D)/bin/sqlite3
endif

test: $(TESTED) $(SQLITE_LIB)
	@$(SQLITE_ENV) tclsh test/run.tcl $(TESTS)

# The graph in memory, in a stack of 64 KB for a line of a million; then a
# directory of 10,000 revisions against cat.
$(BUILD)/bench/graph: test/bench/graph.c $(EXT) | $(BUILD)/deps
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FEATURES) -DSQLITE_CORE -o $@ $< $(LDFLAGS) -lsqlite3 $(STATIC_LIBS)

bench: all $(BUILD)/bench/graph
	@$(BUILD)/bench/graph
	@ulimit -s 64 && $(BUILD)/bench/graph linear 1000000
	@cd $(BUILD)/bench && tclsh ../../test/bench/files.tcl
	@cd $(BUILD)/bench && tclsh ../../test/bench/diff.tcl
	@cd $(BUILD)/bench && tclsh ../../test/bench/alter.tcl

# Damaged files, rows, targets and graphs, made up by libFuzzer for a minute each.
FUZZ = $(basename $(notdir $(wildcard test/fuzz/*.c)))
SECONDS_EACH = 60

$(BUILD)/fuzz/setup: | $(BUILD)/deps
	@mkdir -p $(@D)
	@sh test/setup clang libclang-rt-dev
	@touch $@

$(BUILD)/fuzz/%: test/fuzz/%.c $(wildcard test/fuzz/*.h) $(EXT) | $(BUILD)/fuzz/setup
	clang -std=c99 -D_DEFAULT_SOURCE -g -O1 -Wall -Wextra -Wno-unused-function \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	    $(FEATURES) -DSQLITE_CORE -o $@ $< $(LDFLAGS) -lsqlite3 $(LIBS)

fuzz: $(addprefix $(BUILD)/fuzz/,$(FUZZ))
	@cd $(BUILD)/fuzz && SECONDS_EACH=$(SECONDS_EACH) $(CURDIR)/test/fuzz/run $(FUZZ)

# The suite, but what kills processes or takes what is at the top; a part of the faults;
# the fuzzers' inputs: on builds that count.
COUNT = -O0 -g -w -std=c99 -D_DEFAULT_SOURCE --coverage
COUNTED = $(BUILD)/coverage
COUNTED_STEP = /300
coverage: all amalgamation
	@rm -rf $(COUNTED)
	@mkdir -p $(COUNTED)/build $(COUNTED)/faults
	@$(MAKE) --no-print-directory -s SMALL= CFLAGS='$(COUNT)' OUT=$(COUNTED)/ \
	    BUILD=$(COUNTED)/build all static $(COUNTED)/libmigrate.a \
	    $(COUNTED)/build/host $(COUNTED)/build/driver $(COUNTED)/build/listen
	-@MIGRATE_BUILD=$(CURDIR)/$(COUNTED) tclsh test/run.tcl $(filter-out \
	    crash concurrency install device,$(basename $(notdir $(wildcard test/*.test))))
	@$(CC) $(COUNT) -DSQLITE_CORE $(FEATURES) $(FAULT_WRAP) -o $(COUNTED)/build/fault \
	    test/fault.c ext/one.c $(LDFLAGS) -lsqlite3 $(LIBS)
	-@cd $(COUNTED)/faults && STEP=$(COUNTED_STEP) \
	    MIGRATE_BUILD=$(CURDIR)/$(COUNTED) tclsh $(CURDIR)/test/fault.tcl
	@for name in $(FUZZ); do \
	    $(CC) $(COUNT) -DSQLITE_CORE $(FEATURES) -o $(COUNTED)/$$name test/replay.c \
	        test/fuzz/$$name.c $(LDFLAGS) -lsqlite3 $(LIBS) && \
	    $(COUNTED)/$$name test/fuzz/corpus/$$name/* || exit 1; \
	done
	@tclsh test/coverage.tcl $(COUNTED)

$(BUILD)/migrate.pc: ext/migrate.pc.in ext/migrate.h FORCE
	@sed -e 's|@prefix@|$(PREFIX)|' -e 's|@libdir@|$(libdir)|' \
	    -e 's|@includedir@|$(incdir)|' -e 's|@libs@|$(strip $(LIBS))|' -e "s|@version@|$$(sed -n \
	    's/^#define MIGRATE_VERSION "\(.*\)"/\1/p' ext/migrate.h)|" $< >$@

# The dynamic loader finds what is in the cache by its soname, and ldconfig looks
# only at names that begin with lib: hence the name of the file.
install: all $(OUT)libmigrate.a $(BUILD)/migrate.pc
	install -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(libdir)/pkgconfig' \
	    '$(DESTDIR)$(incdir)'
	install -m 755 $(OUT)migrate '$(DESTDIR)$(bindir)/migrate'
	install -m 644 $(OUT)migrate.so '$(DESTDIR)$(libdir)/libmigrate.so'
	ln -sf libmigrate.so '$(DESTDIR)$(libdir)/migrate.so'
	install -m 644 $(OUT)libmigrate.a '$(DESTDIR)$(libdir)/libmigrate.a'
	install -m 644 $(BUILD)/migrate.pc '$(DESTDIR)$(libdir)/pkgconfig/migrate.pc'
	install -m 644 ext/migrate.h '$(DESTDIR)$(incdir)/migrate.h'
	$(LDCONFIG)

uninstall:
	rm -f '$(DESTDIR)$(bindir)/migrate' '$(DESTDIR)$(libdir)/libmigrate.so' \
	    '$(DESTDIR)$(libdir)/migrate.so' '$(DESTDIR)$(incdir)/migrate.h' \
	    '$(DESTDIR)$(libdir)/libmigrate.a' '$(DESTDIR)$(libdir)/pkgconfig/migrate.pc'
	$(LDCONFIG)

clean:
	rm -rf $(BUILD) migrate.so migrate migrate-static libmigrate.a migrate.c migrate.h
