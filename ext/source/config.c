/*
** What was set on a connection.  See config.h.
*/
#include "config.h"

#include "settings.h"
#include "trust.h"

/* x.NAME has a value of any type, which is not even looked at: to ask a blob for
** its text would make it one. */
static int configIsParameter(const char *key)
{
    return strncmp(key, "x.", 2) == 0 && key[2];
}

/* Keys that are no setting of the ini file. */
static int configIsOwn(const char *key)
{
    return strcmp(key, "name") == 0 || strcmp(key, "locked") == 0
        || strcmp(key, "trusted_key") == 0 || configIsParameter(key);
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
    if (!ok(a) || configIsParameter(key))
        return;
    z = (const char *)sqlite3_value_text(value);
    if (!z && sqlite3_value_type(value) != SQLITE_NULL)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    else if (i == SETTING_BACKUP)
        problem = z && *z ? NULL : "it must be on, off or a file";
    else if (i >= 0)
        problem = settings_problem(i, z ? z : "");
    else if (strcmp(key, "trusted_key") == 0)
        trust_check_key(a, z ? z : "");
    else if (strcmp(key, "locked") == 0)
        problem = z && settings_word_is_on(z) ? NULL
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

    if (sqlite3_value_type(value) == SQLITE_NULL && !configIsParameter(key)
        && strcmp(key, "locked") != 0) {
        config_check_key(a, key);
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
