/*
** Settings: the keys of migrate.ini and where each value comes from.
**
** A key's value is, in this order: what was set on the connection
** (migrate_config(), an option of the program), its environment variable, the
** ini file's section chosen by "name", its section [migrate], the default.
** SPEC: section 2.
*/
#ifndef MIG_SETTINGS_H
#define MIG_SETTINGS_H

#include "../base/text.h"

typedef enum SettingKey {
    SETTING_DATABASE, SETTING_VERSION_LOCATIONS, SETTING_RECURSIVE,
    SETTING_MODEL, SETTING_FILE_TEMPLATE, SETTING_TRUNCATE_SLUG_LENGTH,
    SETTING_TIMEZONE, SETTING_VERSION_TABLE, SETTING_TRANSACTION,
    SETTING_FOREIGN_KEYS, SETTING_LOCK_TIMEOUT, SETTING_BACKUP,
    SETTING_KEEP_DOWNGRADE, SETTING_EXCLUDE,
    SETTING_COUNT
} SettingKey;

typedef struct Setting {
    const char *value;      /* NULL if it has none */
    const char *origin;     /* "default", "migrate.ini:3", "connection", ... */
} Setting;

typedef struct Settings {
    Setting v[SETTING_COUNT];
    const char *source;     /* the source's path; the ini file's directory */
} Settings;

/* What was set on a connection, before the source is known: a short list of keys
** and values from sqlite3_malloc().  It holds x.NAME too, with any value. */
typedef struct Config {
    struct ConfigItem *v;
    int n, cap;
} Config;

typedef struct ConfigItem {
    char *key;
    sqlite3_value *value;
} ConfigItem;

/* Sets key to a copy of value; NULL removes it.  Errors: bad-config (no such key,
** a value that the key does not take). */
MIG_FUNC void config_set(Arena *a, Config *config, const char *key,
                         sqlite3_value *value);

/* Reports a key that there is not.  Errors: bad-config. */
MIG_FUNC void config_check_key(Arena *a, const char *key);

/* The value, or NULL. */
MIG_FUNC sqlite3_value *config_find(const Config *config, const char *key);
MIG_FUNC const char *config_text(const Config *config, const char *key);
MIG_FUNC void config_release(Config *config);

/* All settings of the source at path.  Errors: bad-config with file and line,
** no-source, io. */
MIG_FUNC Settings settings_read(Arena *a, const char *path, const Config *config);

/* The key's place in the table, or -1. */
MIG_FUNC int settings_find(const char *key);
MIG_FUNC const char *settings_key(int i);

MIG_FUNC int settings_is_on(const Settings *settings, SettingKey key);
MIG_FUNC int settings_is_off(const char *value);    /* the word says off */
MIG_FUNC int settings_int(const Settings *settings, SettingKey key);
MIG_FUNC const char *settings_text(const Settings *settings, SettingKey key);

/* What sqlite3_open_v2() takes for a database given as a path, a file: URI,
** sqlite:path, or SQLAlchemy's sqlite:///relative, sqlite:////absolute and
** sqlite+driver:///...; a relative path is seen from dir.  Errors: bad-config. */
MIG_FUNC const char *settings_database(Arena *a, const char *dir, const char *z);

#endif
