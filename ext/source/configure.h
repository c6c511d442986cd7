/*
** migrate_config(): whether a key and its value can be set on a connection.
*/
#ifndef MIG_CONFIGURE_H
#define MIG_CONFIGURE_H

#include "config.h"

/* Sets key to a copy of value; NULL goes back to what it was.  Errors: bad-config (no
** such key, a value that the key does not take), and those of a trusted key. */
MIG_FUNC void configure_set(Arena *a, Config *config, const char *key,
                            sqlite3_value *value);

/* Reports a key that there is not.  Errors: bad-config. */
MIG_FUNC void configure_check_key(Arena *a, const char *key);

#endif
