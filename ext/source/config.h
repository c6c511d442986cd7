/*
** What was set on a connection, before the source is known: a short list of keys
** and values.
**
** A key is one of the ini file's; or x.NAME, a parameter of the SQL, with a value
** of any type; or one of name, locked and trusted_key.
*/
#ifndef MIG_CONFIG_H
#define MIG_CONFIG_H

#include "../base/text.h"

typedef struct ConfigItem {
    char *key;              /* both from sqlite3_malloc() */
    sqlite3_value *value;
} ConfigItem;

typedef struct Config {
    ConfigItem *v;
    int n, cap;
} Config;

/* Sets key, which was checked (configure.h), to a copy of value. */
MIG_FUNC void config_set(Arena *a, Config *config, const char *key,
                         sqlite3_value *value);
MIG_FUNC void config_remove(Config *config, const char *key);

/* The value, or NULL. */
MIG_FUNC sqlite3_value *config_find(const Config *config, const char *key);
MIG_FUNC const char *config_text(const Config *config, const char *key);
MIG_FUNC void config_release(Config *config);

#endif
