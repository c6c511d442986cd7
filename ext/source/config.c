/*
** What was set on a connection.  See config.h.
*/
#include "config.h"

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

MIG_FUNC void config_remove(Config *config, const char *key)
{
    ConfigItem *item = configItem(config, key);

    if (item)
        configRemove(config, item);
}

MIG_FUNC void config_set(Arena *a, Config *config, const char *key,
                         sqlite3_value *value)
{
    ConfigItem item = {NULL, NULL};
    ConfigItem *old = configItem(config, key);

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
