/*
** Text that is put together: sqlite3_mprintf(), and a Text as an argument.
**
** After "%T" stands what becomes of a Text, given by value: "%Ts" is its bytes, "%TQ"
** a literal of SQL, "%Tw" what stands between double quotes in SQL.  All else is as
** sqlite3_mprintf() has it: https://sqlite.org/printf.html
*/
#ifndef MIG_FORMAT_H
#define MIG_FORMAT_H

#include "host.h"

typedef struct Text {
    const char *z;      /* UTF-8, not terminated; may be NULL if n is 0 */
    int n;              /* bytes */
} Text;

/* Adds to str; if memory runs out, str knows (sqlite3_str_errcode). */
MIG_FUNC void format_append(sqlite3_str *str, const char *format, va_list args);

/* The text, to be freed with sqlite3_free(); NULL if memory ran out. */
MIG_FUNC char *format_new(const char *format, ...);
MIG_FUNC char *format_vnew(const char *format, va_list args);

#endif
