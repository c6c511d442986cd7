/*
** Setting a key on a connection.  See configure.h.
*/
#include "configure.h"

#include "settings.h"
#include "trust.h"

/* x.NAME has a value of any type, which is not even looked at: to ask a blob for
** its text would make it one. */
static int configureIsParameter(const char *key)
{
    return strncmp(key, "x.", 2) == 0 && key[2];
}

/* Keys that are no setting of the ini file. */
static int configureIsOwn(const char *key)
{
    return strcmp(key, "name") == 0 || strcmp(key, "locked") == 0
        || strcmp(key, "trusted_key") == 0 || configureIsParameter(key);
}

MIG_FUNC void configure_check_key(Arena *a, const char *key)
{
    if (settings_find(key) < 0 && !configureIsOwn(key))
        err_set(a->err, ERR_BAD_CONFIG, "there is no setting \"%s\"; "
                "migrate_settings lists them", key);
}

static void configureCheck(Arena *a, const char *key, sqlite3_value *value)
{
    const char *z, *problem = NULL;
    int i = settings_find(key);

    configure_check_key(a, key);
    if (!ok(a) || configureIsParameter(key))
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

MIG_FUNC void configure_set(Arena *a, Config *config, const char *key,
                            sqlite3_value *value)
{
    if (sqlite3_value_type(value) == SQLITE_NULL && !configureIsParameter(key)
        && strcmp(key, "locked") != 0) {
        configure_check_key(a, key);
        if (ok(a))
            config_remove(config, key);
        return;
    }
    configureCheck(a, key, value);
    if (ok(a))
        config_set(a, config, key, value);
}
