/*
** Fuzzes settings: an ini file, and the values in it.  The file's content is the
** input; its section [other] is asked for, too.
*/
#include "fuzz.h"

/* As settings_read() does with a file. */
static void settings(Arena *a, const IniFile *file, const char *name)
{
    Settings settings = {0};
    int i;

    settingsCheck(a, "migrate.ini", file);
    settingsTake(a, "migrate.ini", file, "migrate", &settings);
    settingsTake(a, "migrate.ini", file, name, &settings);
    for (i = 0; i < SETTING_COUNT && ok(a); i++) {
        Setting *setting = &settings.v[i];
        if (!setting->value)
            continue;
        MUST(setting->origin != NULL);
        MUST(i == SETTING_DATABASE || settings_problem(i, setting->value) == NULL);
        if (i == SETTING_DATABASE)
            MUST(settings_database(a, "dir", setting->value) != NULL);
        settings_is_on(&settings, i);
        MUST(i != SETTING_LOCK_TIMEOUT || settings_int(&settings, i) >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Text text = {(const char *)data, (int)n};
    Err err = {ERR_NONE, NULL};
    Arena a;
    IniFile file;
    char *z;
    int i;

    arena_init(&a, &err);
    file = ini_read(&a, "migrate.ini", text);
    for (i = 0; ok(&a) && i < file.n; i++) {
        MUST(i == 0 || file.v[i].line > file.v[i - 1].line);
        MUST(names_find(&file.sections, file.v[i].section) >= 0
             || file.v[i].section.n == 0);
    }
    if (ok(&a))
        settings(&a, &file, "other");
    fuzzCheckErr(&err);
    err_release(&err);
    z = text_copy(&a, text);
    settings_database(&a, "a dir", z);
    fuzzCheckErr(&err);
    arena_release(&a);
    err_release(&err);
    MUST(sqlite3_memory_used() == 0);
    return 0;
}
