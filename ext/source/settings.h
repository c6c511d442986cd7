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

#include "tree.h"

/* The ini file, as the source names it. */
#define SETTINGS_FILE "migrate.ini"

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
    const char *source;     /* the source's path */
} Settings;

/* All settings of a source; section is one of its ini file's, or NULL.
** Errors: bad-config with file and line, io. */
MIG_FUNC Settings settings_read(Arena *a, const Tree *tree, const char *section,
                                const Config *config);

/* The sections of the ini file; none if there is no file. */
MIG_FUNC Names settings_sections(Arena *a, const Tree *tree);

/* The key's place in the table, or -1. */
MIG_FUNC int settings_find(const char *key);
MIG_FUNC const char *settings_key(int i);

/* What is wrong with value for key i; NULL if nothing. */
MIG_FUNC const char *settings_problem(int i, const char *value);

/* The words that switch something on, and off. */
MIG_FUNC int settings_word_is_on(const char *value);
MIG_FUNC int settings_word_is_off(const char *value);

MIG_FUNC int settings_is_on(const Settings *settings, SettingKey key);
MIG_FUNC int settings_int(const Settings *settings, SettingKey key);
MIG_FUNC const char *settings_text(const Settings *settings, SettingKey key);

/* What sqlite3_open_v2() takes for a database given as a path, a file: URI,
** sqlite:path, or SQLAlchemy's sqlite:///relative, sqlite:////absolute and
** sqlite+driver:///...; a relative path is seen from dir.  Errors: bad-config. */
MIG_FUNC const char *settings_database(Arena *a, const char *dir, const char *z);

#endif
