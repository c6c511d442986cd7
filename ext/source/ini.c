/*
** Reading an ini file with inih.  See ini.h.
**
** inih knows the number of a line but does not tell it to its handler: so lines
** are handed over one at a time by a reader of ours, which counts them.
*/
#include "ini.h"

#include <ini.h>

/* inih's own limit; what is longer would be cut silently. */
#define INI_LINE_MAX (INI_MAX_LINE - 2)

typedef struct IniState {
    Arena *a;
    IniFile file;
    Text rest;          /* what was not handed over yet */
    int line;           /* the number of the line that inih has now */
    int is_indented;    /* and whether it goes on with the value before it */
} IniState;

/* As fgets(). */
static char *iniLine(char *to, int size, void *context)
{
    IniState *state = context;
    Text line;

    if (state->rest.n == 0 || size < 2)
        return NULL;
    line = text_cut(&state->rest, '\n');
    if (line.n > size - 2)
        line.n = size - 2;
    state->line++;
    state->is_indented = line.n && text_is_space(line.z[0]);
    memcpy(to, line.z, (size_t)line.n);
    to[line.n] = '\n';
    to[line.n + 1] = 0;
    return to;
}

static Text iniText(IniState *state, const char *z)
{
    Text t = text_of(z);
    t.z = text_copy(state->a, t);
    return t;
}

/* inih's handler: true if the line is well-formed. */
static int iniEntry(void *context, const char *section, const char *key,
                    const char *value)
{
    IniState *state = context;
    IniFile *file = &state->file;
    IniEntry *last = file->n ? &file->v[file->n - 1] : NULL;

    if (state->is_indented && last && text_is(last->key, key)) {
        last->value = text_of(text_format(state->a, "%.*s %s",
                                          TEXT_ARG(last->value), value));
    } else if (ARENA_PUSH(state->a, file->v, file->n, file->cap)) {
        IniEntry *entry = &file->v[file->n++];
        entry->section = iniText(state, section);
        entry->key = iniText(state, key);
        entry->value = iniText(state, value);
        entry->line = state->line;
    }
    return 1;
}

MIG_FUNC IniFile ini_read(Arena *a, const char *path, Text text)
{
    IniState state = {a, {NULL, 0, 0}, text, 0, 0};
    Text rest = text;
    int line, bad = text_bad_utf8(text);

    if (bad >= 0)
        err_set(a->err, ERR_BAD_CONFIG, "%s:%d: not UTF-8 text", path,
                text_place(text, bad).line);
    for (line = 1; rest.n; line++)
        if (text_cut(&rest, '\n').n > INI_LINE_MAX)
            err_set(a->err, ERR_BAD_CONFIG, "%s:%d: the line is longer than %d "
                    "bytes; go on in the next one, indented", path, line,
                    INI_LINE_MAX);
    if (!ok(a))
        return state.file;
    line = ini_parse_stream(iniLine, &state, iniEntry, &state);
    if (line < 0)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    else if (line > 0)
        err_set(a->err, ERR_BAD_CONFIG, "%s:%d: neither [section] nor "
                "key = value", path, line);
    return state.file;
}
