/*
** How this code meets SQLite: as a loadable extension, where every call goes
** through the table that SQLite hands over, or linked with SQLite (SQLITE_CORE).
**
** MIG_FUNC marks what one file of ext/ offers another.  In the one-file build
** (one.c) such a function is static, so the library shows its entry points only.
*/
#ifndef MIG_HOST_H
#define MIG_HOST_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sqlite3ext.h>

#ifndef MIG_FUNC
#define MIG_FUNC static
#endif

#ifndef SQLITE_CORE
SQLITE_EXTENSION_INIT3
#endif

typedef sqlite3_int64 i64;
typedef sqlite3_uint64 u64;

#endif
