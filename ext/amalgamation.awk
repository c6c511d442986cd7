# The extension as one file: one.c with everything in it that it includes from here,
# each once.  What it includes by <...> stays, but SQLite's headers may lie beside it.
#
#     awk -f ext/amalgamation.awk ext/one.c >migrate.c

# The path of a file that another one names.
function seen_from(path, name) {
    sub(/[^\/]*$/, "", path)
    path = path name
    while (path ~ /[^\/.]+\/\.\.\//)
        sub(/[^\/.]+\/\.\.\//, "", path)
    return path
}

function put(path,    line) {
    if (path in done)
        return
    done[path] = 1
    print "\n/******** " path " ********/"
    while ((getline line <path) > 0) {
        if (line ~ /^#include "/ && line !~ /migrate\.h"/) {
            split(line, word, "\"")
            put(seen_from(path, word[2]))
        } else {
            gsub(/<sqlite3ext\.h>/, "\"sqlite3ext.h\"", line)
            sub(/"(\.\.\/)*migrate\.h"/, "\"migrate.h\"", line)
            print line
        }
    }
    close(path)
}

BEGIN {
    print "/*"
    print "** migrate: schema migrations for SQLite, inside SQLite, in one file.  migrate.h"
    print "** is what a program sees of it.  It was put together from many: change those."
    print "**"
    print "** It needs SQLite, sqlite3.h and sqlite3ext.h, and nothing else."
    print "**"
    print "**     cc -c migrate.c                              to be linked with SQLite"
    print "**     cc -shared -fPIC -DMIGRATE_LOADABLE -o migrate.so migrate.c"
    print "**                                                  to be loaded by SQLite"
    print "**"
    print "** -DMIGRATE_ENABLE_SIGNATURES, with -lsodium, lets it check signatures."
    print "*/"
    print "#ifndef MIGRATE_ENABLE_SIGNATURES"
    print "#define MIGRATE_OMIT_SIGNATURES"
    print "#endif"
    print "#define MIGRATE_OMIT_INIH"
    print "#if !defined(MIGRATE_LOADABLE) && !defined(SQLITE_CORE)"
    print "#define SQLITE_CORE 1"
    print "#endif"
    put(ARGV[1])
}
