/*
** What ini.c uses of inih, for a build without it (MIGRATE_OMIT_INIH): the
** amalgamation, which needs nothing but SQLite.  It has inih's names, limits and
** meanings, those of its release 55 with its settings as they come.
*/
#ifndef MIG_INIH_H
#define MIG_INIH_H

#ifndef MIGRATE_OMIT_INIH

#include <ini.h>

#else

#include "../base/text.h"

#define INI_MAX_LINE 200

typedef char *(*ini_reader)(char *to, int size, void *context);
typedef int (*ini_handler)(void *user, const char *section, const char *key,
                           const char *value);

/* Hands every key and value in the lines that reader gives to handler.  Returns the
** number of the first line that is neither a section nor a key, or that handler did
** not take; 0 if there is none. */
MIG_FUNC int ini_parse_stream(ini_reader reader, void *context, ini_handler handler,
                              void *user);

#endif

#endif
