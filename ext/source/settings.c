/*
** Settings.  See settings.h.
*/
#include "settings.h"

#include "ini.h"

#include <stdlib.h>

typedef enum SettingType {
    SETTING_TEXT,       /* anything */
    SETTING_NAME,       /* anything but nothing */
    SETTING_SWITCH,     /* on, off, true, false, yes, no, 1, 0 */
    SETTING_NUMBER,     /* 0 or more */
    SETTING_CHOICE,     /* one of the words of "choices", in any case */
    SETTING_URL,        /* a database */
    SETTING_TEMPLATE,   /* a text with the variables of "choices" */
    SETTING_TABLE       /* the name of a table of ours */
} SettingType;

/* In the order of SettingKey. */
static const struct {
    char key[22];
    SettingType type;
    const char *fallback;
    const char *choices;
    const char *env;            /* the variable that overrides the ini file */
} settingKey[SETTING_COUNT] = {
    {"database", SETTING_URL, NULL, NULL, "DATABASE_URL"},
    {"version_locations", SETTING_NAME, "versions", NULL, NULL},
    {"recursive", SETTING_SWITCH, "off", NULL, NULL},
    {"model", SETTING_NAME, "schema.sql", NULL, NULL},
    {"file_template", SETTING_TEMPLATE, "${revision}_${slug}",
     "revision slug year month day hour minute second epoch", NULL},
    {"truncate_slug_length", SETTING_NUMBER, "40", NULL, NULL},
    {"timezone", SETTING_CHOICE, "utc", "utc local", NULL},
    {"version_table", SETTING_TABLE, "_migrate_version", NULL, NULL},
    {"transaction", SETTING_CHOICE, "all", "all each", NULL},
    {"foreign_keys", SETTING_SWITCH, "on", NULL, NULL},
    {"lock_timeout", SETTING_NUMBER, "5000", NULL, NULL},
    {"backup", SETTING_SWITCH, "off", NULL, NULL},
    {"keep_downgrade", SETTING_SWITCH, "on", NULL, NULL},
    {"exclude", SETTING_TEXT, "", NULL, NULL},
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

static int settingsIsOneOf(const char *word, const char *words)
{
    return text_word(text_of(word), words) >= 0;
}

#define SETTING_WORDS_ON "on true yes 1"
#define SETTING_WORDS_OFF "off false no 0"

static int settingsIsNumber(const char *z)
{
    size_t n = strspn(z, "0123456789");
    return n > 0 && n < 10 && z[n] == 0;
}

/* True for "sqlite://" and "sqlite+driver://". */
static int settingsIsSqliteUrl(const char *z)
{
    const char *scheme = strstr(z, "://");
    return scheme && strncmp(z, "sqlite", 6) == 0
        && (z + 6 == scheme || z[6] == '+');
}

static const char *settingsUrlProblem(const char *z)
{
    const char *scheme = strstr(z, "://");

    if (*z == 0 || strcmp(z, "sqlite:") == 0)
        return "it must not be empty";
    if (strncmp(z, "file:", 5) == 0 || !scheme)
        return NULL;
    if (!settingsIsSqliteUrl(z))
        return "not a SQLite database; write a path, a file: URI or "
               "sqlite:///path";
    return scheme[3] && scheme[3] != '/' ? "a SQLite database has no host; write "
           "sqlite:///relative or sqlite:////absolute" : NULL;
}

/* Every "${" begins one of the variables; one in the name makes it unique. */
static const char *settingsTemplateProblem(const char *z, const char *variables)
{
    const char *at;

    if (*z == 0)
        return "it must not be empty";
    for (at = strstr(z, "${"); at; at = strstr(at + 2, "${")) {
        Text name = {at + 2, (int)strcspn(at + 2, "}")};
        if (text_word(name, variables) < 0 || at[2 + name.n] != '}')
            return "its variables are ${revision} ${slug} ${year} ${month} ${day} "
                   "${hour} ${minute} ${second} ${epoch}";
    }
    return strchr(z, '/') ? "it names a file, without a directory" : NULL;
}

MIG_FUNC const char *settings_problem(int i, const char *value)
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
    case SETTING_URL:
        return settingsUrlProblem(value);
    case SETTING_TEMPLATE:
        return settingsTemplateProblem(value, settingKey[i].choices);
    case SETTING_TABLE:
        return *value == 0 ? "it must not be empty"
             : sqlite3_strnicmp(value, "sqlite_", 7) == 0
               || sqlite3_stricmp(value, "_migrate_log") == 0
             ? "this name is taken" : NULL;
    }
    return NULL;
}

/* ---- the ini file ---- */

static void settingsFail(Arena *a, const char *path, const IniEntry *entry,
                         const char *what)
{
    err_set(a->err, ERR_BAD_CONFIG, "%s:%d: %s", path, entry->line, what);
}

static void settingsCheckEntry(Arena *a, const char *path, const IniEntry *entry)
{
    const char *value = text_copy(a, entry->value);
    int key = settings_find(text_copy(a, entry->key));
    const char *problem = key < 0 ? NULL : settings_problem(key, value);

    if (entry->section.n == 0)
        settingsFail(a, path, entry, text_format(a, "\"%Ts\" stands before the "
                     "first section; put [migrate] above it", entry->key));
    else if (key < 0)
        settingsFail(a, path, entry, text_format(a, "unknown key \"%Ts\"",
                     entry->key));
    else if (problem && !(key == SETTING_DATABASE && !*value))
        settingsFail(a, path, entry, text_format(a, "%Ts = %s: %s",
                     entry->key, value, problem));
}

/* Refuses what is wrong in any section, chosen or not. */
static void settingsCheck(Arena *a, const char *path, const IniFile *file)
{
    int i, j;

    for (i = 0; i < file->n && ok(a); i++) {
        const IniEntry *entry = &file->v[i];
        settingsCheckEntry(a, path, entry);
        for (j = 0; j < i; j++)
            if (text_eq(file->v[j].key, entry->key)
                && text_eq(file->v[j].section, entry->section))
                settingsFail(a, path, entry, text_format(a, "\"%Ts\" is given "
                             "twice in [%Ts]; the first is in line %d",
                             entry->key, entry->section,
                             file->v[j].line));
    }
}

/* Takes the values of one section.  An empty text is a value, an empty database is
** none. */
static void settingsTake(Arena *a, const char *path, const IniFile *file,
                         const char *section, Settings *settings)
{
    int i;

    for (i = 0; i < file->n && ok(a); i++) {
        const IniEntry *entry = &file->v[i];
        int key = settings_find(text_copy(a, entry->key));

        if (!text_is(entry->section, section)
            || (key == SETTING_DATABASE && entry->value.n == 0))
            continue;
        settings->v[key].value = text_copy(a, entry->value);
        settings->v[key].origin = text_format(a, "%s:%d", path, entry->line);
    }
}

/* The ini file; empty if there is none. */
static IniFile settingsIni(Arena *a, const Tree *tree)
{
    const char *path = tree_path(a, tree, SETTINGS_FILE);
    IniFile file = {0};

    if (tree_find(a, tree, SETTINGS_FILE) != FILE_NONE) {
        file = ini_read(a, path, tree_read(a, tree, SETTINGS_FILE));
        settingsCheck(a, path, &file);
    }
    return file;
}

MIG_FUNC Names settings_sections(Arena *a, const Tree *tree)
{
    return settingsIni(a, tree).sections;
}

/* Values from the ini file; its database is seen from there. */
static void settingsReadIni(Arena *a, const Tree *tree, const char *section,
                            Settings *settings)
{
    const char *path = tree_path(a, tree, SETTINGS_FILE);
    Setting *database = &settings->v[SETTING_DATABASE];
    IniFile file = settingsIni(a, tree);

    settingsTake(a, path, &file, "migrate", settings);
    if (ok(a) && section && names_find(&file.sections, text_of(section)) < 0)
        err_set(a->err, ERR_BAD_CONFIG, "%s: there is no section [%s]", path,
                section);
    if (ok(a) && section)
        settingsTake(a, path, &file, section, settings);
    if (ok(a) && database->value)
        database->value = settings_database(a, tree->dir, database->value);
}

/* What the environment, or else the connection, says of key i. */
static void settingsOverride(Arena *a, const Config *config, int i,
                             Setting *setting)
{
    const char *env = settingKey[i].env ? file_env(settingKey[i].env) : NULL;
    const char *value = config_text(config, settingKey[i].key);
    const char *origin = "connection";

    if (!value && env && *env) {
        value = env;
        origin = text_format(a, "$%s", settingKey[i].env);
        if (settings_problem(i, value))
            err_set(a->err, ERR_BAD_CONFIG, "%s = %s: %s", origin, value,
                    settings_problem(i, value));
    }
    if (!value)
        return;
    setting->value = text_copy(a, text_of(value));
    setting->origin = origin;
    if (i == SETTING_DATABASE && ok(a))
        setting->value = settings_database(a, "", setting->value);
}

MIG_FUNC Settings settings_read(Arena *a, const Tree *tree, const char *section,
                                const Config *config)
{
    Settings settings = {0};
    int i;

    settings.source = tree->path;
    for (i = 0; i < SETTING_COUNT; i++) {
        settings.v[i].value = settingKey[i].fallback;
        settings.v[i].origin = "default";
    }
    settingsReadIni(a, tree, section, &settings);
    for (i = 0; i < SETTING_COUNT; i++) {
        Setting *setting = &settings.v[i];
        settingsOverride(a, config, i, setting);
        if (settingKey[i].type == SETTING_CHOICE)   /* as the code compares it */
            setting->value = normal_name(a, text_of(setting->value)).z;
    }
    return settings;
}

/* ---- asking ---- */

MIG_FUNC int settings_is_on(const Settings *settings, SettingKey key)
{
    const char *value = settings->v[key].value;
    return value && settings_word_is_on(value);
}

MIG_FUNC int settings_word_is_on(const char *value)
{
    return settingsIsOneOf(value, SETTING_WORDS_ON);
}

MIG_FUNC int settings_word_is_off(const char *value)
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

/* file:relative?query, as seen from dir. */
static const char *settingsFileUri(Arena *a, const char *dir, const char *z)
{
    sqlite3_str *uri;
    const char *path = z + 5;

    if (*dir == 0 || *path == '/' || *path == '?' || *path == 0
        || strncmp(path, ":memory:", 8) == 0 || strstr(path, "mode=memory"))
        return z;
    uri = text_begin();
    text_append(uri, "file:");
    for (; *dir; dir++)
        text_append(uri, strchr("%?#", *dir) ? "%%%02X" : "%c", (unsigned char)*dir);
    text_append(uri, "/%s", path);
    return text_finish(a, uri);
}

MIG_FUNC const char *settings_database(Arena *a, const char *dir, const char *z)
{
    const char *path = z, *problem = settingsUrlProblem(z);

    if (problem) {
        err_set(a->err, ERR_BAD_CONFIG, "database %s: %s", z, problem);
        return z;
    }
    if (strcmp(dir, ".") == 0)
        dir = "";
    if (strncmp(z, "file:", 5) == 0)
        return settingsFileUri(a, dir, z);
    if (settingsIsSqliteUrl(z)) {       /* sqlite://HOST/PATH, with no host */
        path = strstr(z, "://") + 3;
        path += *path == '/';
        path = text_copy(a, text_slice(text_of(path), 0,
                                       (int)strcspn(path, "?")));
    } else if (strncmp(z, "sqlite:", 7) == 0) {
        path = z + 7;
    }
    if (*path == 0 || strcmp(path, ":memory:") == 0)
        return ":memory:";
    return file_join(a, dir, path);
}
