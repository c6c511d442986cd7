/*
** Settings.  See settings.h.
*/
#include "settings.h"

#include "../base/file.h"
#include "ini.h"

#include <stdlib.h>

typedef enum SettingType {
    SETTING_TEXT,       /* anything */
    SETTING_NAME,       /* anything but nothing */
    SETTING_SWITCH,     /* on, off, true, false, yes, no, 1, 0 */
    SETTING_NUMBER,     /* 0 or more */
    SETTING_CHOICE      /* one of the words of "choices" */
} SettingType;

/* In the order of SettingKey. */
static const struct {
    const char *key, *fallback;
    SettingType type;
    const char *choices;
    const char *env;            /* the variable that overrides the ini file */
} settingKey[SETTING_COUNT] = {
    {"database", NULL, SETTING_NAME, NULL, "DATABASE_URL"},
    {"version_locations", "versions", SETTING_NAME, NULL, NULL},
    {"recursive", "off", SETTING_SWITCH, NULL, NULL},
    {"model", "schema.sql", SETTING_NAME, NULL, NULL},
    {"file_template", "${revision}_${slug}", SETTING_NAME, NULL, NULL},
    {"truncate_slug_length", "40", SETTING_NUMBER, NULL, NULL},
    {"timezone", "utc", SETTING_CHOICE, "utc local", NULL},
    {"version_table", "_migrate_version", SETTING_NAME, NULL, NULL},
    {"transaction", "all", SETTING_CHOICE, "all each", NULL},
    {"foreign_keys", "on", SETTING_SWITCH, NULL, NULL},
    {"lock_timeout", "5000", SETTING_NUMBER, NULL, NULL},
    {"backup", "off", SETTING_SWITCH, NULL, NULL},
    {"keep_downgrade", "on", SETTING_SWITCH, NULL, NULL},
    {"exclude", "", SETTING_TEXT, NULL, NULL},
};

MIG_FUNC int settings_find(const char *key)
{
    int i;

    for (i = 0; i < SETTING_COUNT; i++)
        if (strcmp(settingKey[i].key, key) == 0)
            return i;
    return -1;
}

MIG_FUNC const char *settings_key(int i)
{
    return settingKey[i].key;
}

/* True if word, folding case, is one of the words, which blanks separate. */
static int settingsIsOneOf(const char *word, const char *words)
{
    Text rest = text_of(words);

    while (rest.z)
        if (text_is_nocase(text_cut(&rest, ' '), word))
            return 1;
    return 0;
}

#define SETTING_WORDS_ON "on true yes 1"
#define SETTING_WORDS_OFF "off false no 0"

static int settingsIsNumber(const char *z)
{
    size_t n = strspn(z, "0123456789");
    return n > 0 && n < 10 && z[n] == 0;
}

/* What is wrong with value for key i, or NULL.  A switch that a path may stand
** for is "backup": the file to write. */
static const char *settingsProblem(int i, const char *value)
{
    switch (settingKey[i].type) {
    case SETTING_TEXT:
        return NULL;
    case SETTING_NAME:
        return *value ? NULL : "it must not be empty";
    case SETTING_SWITCH:
        return settingsIsOneOf(value, SETTING_WORDS_ON " " SETTING_WORDS_OFF)
             ? NULL : "it must be on or off";
    case SETTING_NUMBER:
        return settingsIsNumber(value)
             ? NULL : "it must be a whole number from 0 to 999999999";
    case SETTING_CHOICE:
        return settingsIsOneOf(value, settingKey[i].choices) ? NULL
             : i == SETTING_TIMEZONE ? "it must be utc or local"
             : "it must be all or each";
    }
    return NULL;
}

/* ---- what was set on a connection ---- */

/* Keys that are no setting of the ini file. */
static int configIsOwn(const char *key)
{
    return strcmp(key, "name") == 0 || strcmp(key, "locked") == 0
        || strcmp(key, "trusted_key") == 0
        || (strncmp(key, "x.", 2) == 0 && key[2]);
}

static ConfigItem *configItem(const Config *config, const char *key)
{
    int i;

    for (i = 0; i < config->n; i++)
        if (strcmp(config->v[i].key, key) == 0)
            return &config->v[i];
    return NULL;
}

static void configRemove(Config *config, ConfigItem *item)
{
    sqlite3_free(item->key);
    sqlite3_value_free(item->value);
    *item = config->v[--config->n];
}

MIG_FUNC void config_check_key(Arena *a, const char *key)
{
    if (settings_find(key) < 0 && !configIsOwn(key))
        err_set(a->err, ERR_BAD_CONFIG, "there is no setting \"%s\"; "
                "migrate_settings lists them", key);
}

static void configCheck(Arena *a, const char *key, sqlite3_value *value)
{
    const char *z, *problem = NULL;
    int i = settings_find(key);

    config_check_key(a, key);
    if (!ok(a))
        return;
    z = (const char *)sqlite3_value_text(value);
    if (!z && sqlite3_value_type(value) != SQLITE_NULL)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    else if (i == SETTING_BACKUP)
        problem = z && *z ? NULL : "it must be on, off or a file";
    else if (i >= 0)
        problem = settingsProblem(i, z ? z : "");
    else if (strcmp(key, "locked") == 0)
        problem = z && settingsIsOneOf(z, SETTING_WORDS_ON) ? NULL
                : "it can only be set to on";
    if (problem)
        err_set(a->err, ERR_BAD_CONFIG, "%s = %s: %s", key, z ? z : "NULL",
                problem);
}

MIG_FUNC void config_set(Arena *a, Config *config, const char *key,
                         sqlite3_value *value)
{
    ConfigItem item = {NULL, NULL};
    ConfigItem *old = configItem(config, key);

    if (sqlite3_value_type(value) == SQLITE_NULL && strncmp(key, "x.", 2) != 0
        && strcmp(key, "locked") != 0) {
        if (settings_find(key) < 0)
            configCheck(a, key, value);
        if (old && ok(a))
            configRemove(config, old);
        return;
    }
    configCheck(a, key, value);
    if (!ok(a))
        return;
    item.key = sqlite3_mprintf("%s", key);
    item.value = sqlite3_value_dup(value);
    if (!old && config->n == config->cap) {
        int cap = config->cap ? config->cap * 2 : 8;
        ConfigItem *v = sqlite3_realloc64(config->v,
                                          (u64)cap * sizeof *config->v);
        if (v) {
            config->v = v;
            config->cap = cap;
        }
    }
    if (!item.key || !item.value || (!old && config->n == config->cap)) {
        sqlite3_free(item.key);
        sqlite3_value_free(item.value);
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
        return;
    }
    if (old)
        configRemove(config, old);
    config->v[config->n++] = item;
}

MIG_FUNC sqlite3_value *config_find(const Config *config, const char *key)
{
    ConfigItem *item = configItem(config, key);
    return item ? item->value : NULL;
}

MIG_FUNC const char *config_text(const Config *config, const char *key)
{
    sqlite3_value *value = config_find(config, key);
    return value ? (const char *)sqlite3_value_text(value) : NULL;
}

MIG_FUNC void config_release(Config *config)
{
    while (config->n)
        configRemove(config, &config->v[config->n - 1]);
    sqlite3_free(config->v);
    memset(config, 0, sizeof *config);
}

/* ---- the ini file ---- */

/* Refuses what is wrong in any section, chosen or not. */
static void settingsCheck(Arena *a, const char *path, const IniFile *file)
{
    int i, j;

    for (i = 0; i < file->n && ok(a); i++) {
        const IniEntry *entry = &file->v[i];
        const char *value = text_copy(a, entry->value);
        int key = settings_find(text_copy(a, entry->key));
        const char *problem = key < 0 ? NULL : settingsProblem(key, value);

        if (entry->section.n == 0)
            err_set(a->err, ERR_BAD_CONFIG, "%s:%d: \"%.*s\" stands before the "
                    "first section; put [migrate] above it", path, entry->line,
                    TEXT_ARG(entry->key));
        else if (key < 0)
            err_set(a->err, ERR_BAD_CONFIG, "%s:%d: unknown key \"%.*s\"", path,
                    entry->line, TEXT_ARG(entry->key));
        else if (problem && !(key == SETTING_DATABASE && !*value))
            err_set(a->err, ERR_BAD_CONFIG, "%s:%d: %.*s = %s: %s", path,
                    entry->line, TEXT_ARG(entry->key), value, problem);
        for (j = 0; j < i; j++)
            if (text_eq(file->v[j].key, entry->key)
                && text_eq(file->v[j].section, entry->section))
                err_set(a->err, ERR_BAD_CONFIG, "%s:%d: \"%.*s\" is given twice "
                        "in [%.*s]; the first is in line %d", path, entry->line,
                        TEXT_ARG(entry->key), TEXT_ARG(entry->section),
                        file->v[j].line);
    }
}

/* Takes the values of one section; false if the file does not have it. */
static int settingsTake(Arena *a, const char *path, const IniFile *file,
                        const char *section, Settings *settings)
{
    int i, found = 0;

    for (i = 0; i < file->n && ok(a); i++) {
        const IniEntry *entry = &file->v[i];
        int key = settings_find(text_copy(a, entry->key));

        if (!text_is(entry->section, section))
            continue;
        found = 1;
        if (key >= 0 && entry->value.n) {
            settings->v[key].value = text_copy(a, entry->value);
            settings->v[key].origin = text_format(a, "%s:%d", path, entry->line);
        }
    }
    return found;
}

static void settingsReadIni(Arena *a, const char *name, Settings *settings)
{
    const char *path = file_join(a, settings->source, "migrate.ini");
    IniFile file = {0};

    if (file_kind(path) != FILE_NONE) {
        file = ini_read(a, path, file_read(a, path));
        settingsCheck(a, path, &file);
        settingsTake(a, path, &file, "migrate", settings);
    }
    if (ok(a) && name && !settingsTake(a, path, &file, name, settings))
        err_set(a->err, ERR_BAD_CONFIG, "%s: there is no section [%s]", path,
                name);
}

MIG_FUNC Settings settings_read(Arena *a, const char *path, const Config *config)
{
    Settings settings = {0};
    const char *ini = file_join(a, path, "migrate.ini");
    int i;

    settings.source = path;
    for (i = 0; i < SETTING_COUNT; i++) {
        settings.v[i].value = settingKey[i].fallback;
        settings.v[i].origin = "default";
    }
    settingsReadIni(a, config_text(config, "name"), &settings);
    for (i = 0; i < SETTING_COUNT; i++) {
        const char *env = settingKey[i].env ? file_env(settingKey[i].env) : NULL;
        const char *set = config_text(config, settingKey[i].key);
        Setting *setting = &settings.v[i];
        int is_ini = strncmp(setting->origin, ini, strlen(ini)) == 0;

        if (env && *env) {
            setting->value = text_copy(a, text_of(env));
            setting->origin = text_format(a, "$%s", settingKey[i].env);
            is_ini = 0;
        }
        if (set) {
            setting->value = text_copy(a, text_of(set));
            setting->origin = "connection";
            is_ini = 0;
        }
        if (i == SETTING_DATABASE && setting->value)
            setting->value = settings_database(a, is_ini ? path : "",
                                               setting->value);
    }
    return settings;
}

/* ---- asking ---- */

MIG_FUNC int settings_is_on(const Settings *settings, SettingKey key)
{
    const char *value = settings->v[key].value;
    return value && settingsIsOneOf(value, SETTING_WORDS_ON);
}

MIG_FUNC int settings_is_off(const char *value)
{
    return settingsIsOneOf(value, SETTING_WORDS_OFF);
}

MIG_FUNC int settings_int(const Settings *settings, SettingKey key)
{
    const char *value = settings->v[key].value;
    return value ? atoi(value) : 0;
}

MIG_FUNC const char *settings_text(const Settings *settings, SettingKey key)
{
    return settings->v[key].value;
}

MIG_FUNC const char *settings_database(Arena *a, const char *dir, const char *z)
{
    const char *scheme = strstr(z, "://");
    const char *path = z;

    if (strncmp(z, "file:", 5) == 0)
        return z;
    if (scheme && strncmp(z, "sqlite", 6) == 0
        && (z + 6 == scheme || z[6] == '+')) {
        path = scheme + 3;          /* sqlite://HOST/PATH, with no host */
        if (*path == 0)
            return ":memory:";
        if (*path != '/') {
            err_set(a->err, ERR_BAD_CONFIG, "database %s: a SQLite database has "
                    "no host; write sqlite:///relative or sqlite:////absolute",
                    z);
            return z;
        }
        path++;
        if (*path == 0)
            return ":memory:";
        path = text_copy(a, text_slice(text_of(path), 0,
                                       (int)strcspn(path, "?")));
    } else if (strncmp(z, "sqlite:", 7) == 0) {
        path = z + 7;
    } else if (scheme) {
        err_set(a->err, ERR_BAD_CONFIG, "database %s: not a SQLite database; "
                "write a path, a file: URI or sqlite:///path", z);
        return z;
    }
    if (strcmp(path, ":memory:") == 0)
        return path;
    return file_join(a, strcmp(dir, ".") == 0 ? "" : dir, path);
}
