/*
** What is used of inih.  See inih.h.
*/
#include "inih.h"

#ifdef MIGRATE_OMIT_INIH

/* Names that are longer are cut. */
#define INIH_NAME_MAX 50

typedef struct InihState {
    ini_handler handler;
    void *user;
    char section[INIH_NAME_MAX];
    char key[INIH_NAME_MAX];        /* the last one of the section, or "" */
} InihState;

static void inihName(char to[INIH_NAME_MAX], const char *z)
{
    sqlite3_snprintf(INIH_NAME_MAX, to, "%s", z);
}

static int inihIsSpace(char c)
{
    return text_is_space(c) || c == '\v';
}

/* z without the white space at its ends. */
static char *inihTrim(char *z)
{
    char *end = z + strlen(z);

    while (end > z && inihIsSpace(end[-1]))
        *--end = 0;
    while (inihIsSpace(*z))
        z++;
    return z;
}

/* The first of stops in z; or where a comment begins, or z ends. */
static char *inihFind(char *z, const char *stops)
{
    int was_space = 0;

    for (; *z && !strchr(stops, *z) && !(was_space && *z == ';'); z++)
        was_space = inihIsSpace(*z);
    return z;
}

/* key = value: false if it is not that, or not taken. */
static int inihKey(InihState *state, char *z)
{
    char *end = inihFind(z, "=:"), *value;

    if (*end != '=' && *end != ':')
        return 0;
    *end = 0;
    value = end + 1;
    *inihFind(value, "") = 0;
    z = inihTrim(z);
    inihName(state->key, z);
    return state->handler(state->user, state->section, z, inihTrim(value));
}

/* A line: false if nothing can be made of it. */
static int inihLine(InihState *state, char *line)
{
    char *z = inihTrim(line), *end;

    if (*z == 0 || *z == ';' || *z == '#')
        return 1;
    if (z > line && *state->key)        /* it goes on with the value before it */
        return state->handler(state->user, state->section, state->key, z);
    if (*z != '[')
        return inihKey(state, z);
    end = inihFind(z + 1, "]");
    if (*end != ']')
        return 0;
    *end = 0;
    inihName(state->section, z + 1);
    state->key[0] = 0;
    return 1;
}

MIG_FUNC int ini_parse_stream(ini_reader reader, void *context, ini_handler handler,
                              void *user)
{
    InihState state = {handler, user, "", ""};
    char line[INI_MAX_LINE];
    int n = 0, wrong = 0;

    while (reader(line, (int)sizeof line, context)) {
        n++;
        if (!inihLine(&state, line) && !wrong)
            wrong = n;
    }
    return wrong;
}

#endif
