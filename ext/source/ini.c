/*
** Reading an ini file with inih.  See ini.h.
**
** inih knows the number of a line but does not tell it to its handler, hides a
** section without keys, cuts off what is too long for it and passes over what
** stands behind a section's bracket.  So lines are handed over one at a time by a
** reader of ours, which counts them and sees to the rest.
*/
#include "ini.h"

#include "inih.h"

/* inih's own limits; what is longer would be cut silently. */
#define INI_LINE_MAX (INI_MAX_LINE - 2)
#define INI_SECTION_MAX 49

typedef struct IniState {
    Arena *a;
    const char *path;
    IniFile file;
    Text rest;          /* what was not handed over yet */
    int line;           /* the number of the line that inih has now */
    int has_key;        /* a key stands before it in its section: then, indented, */
    int goes_on;        /* it goes on with that key's value */
    Err found;          /* what was wrong in it */
} IniState;

static void iniFail(IniState *state, const char *what)
{
    err_set(&state->found, ERR_BAD_CONFIG, "%s:%d: %s", state->path, state->line,
            what);
}

/* [section], and nothing but a comment behind it.  One without its bracket is left
** to inih. */
static void iniSection(IniState *state, Text line)
{
    int end = text_find(line, ']');
    Text name = text_slice(line, 1, end > 0 ? end : line.n), behind;

    state->has_key = 0;
    if (end < 0)
        return;
    behind = text_trim(text_slice(line, end + 1, line.n));
    if (name.n > INI_SECTION_MAX)
        iniFail(state, "the section's name is longer than 49 bytes");
    if (behind.n && behind.z[0] != ';' && behind.z[0] != '#')
        iniFail(state, "something stands behind the section's name");
    names_push(state->a, &state->file.sections, name);
}

/* The next line to inih, as fgets() would; none after one that is wrong. */
static char *iniLine(char *to, int size, void *context)
{
    IniState *state = context;
    Text line, solid;

    if (state->rest.n == 0 || state->found.code)
        return NULL;
    line = text_cut(&state->rest, '\n');
    if (line.n && line.z[line.n - 1] == '\r')
        line.n--;
    solid = text_trim(line);
    state->line++;
    state->goes_on = state->has_key && line.n && text_is_space(line.z[0]);
    if (!state->goes_on && solid.n && solid.z[0] == '[')
        iniSection(state, solid);
    if (text_find(line, '\v') >= 0)        /* white space for inih, not for us */
        iniFail(state, "a vertical tab; write a blank");
    if (line.n > INI_LINE_MAX || line.n > size - 2)
        iniFail(state, "the line is too long (198 bytes at most); go on in the "
                "next one, indented");
    if (state->found.code)
        return NULL;
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

/* The text before a comment that a blank sets off: inih takes it off the first
** line of a value only. */
static Text iniValue(const char *z)
{
    Text t = text_of(z);
    int i;

    for (i = 1; i < t.n; i++)
        if (t.z[i] == ';' && text_is_space(t.z[i - 1]))
            t.n = i;
    return text_trim(t);
}

/* inih's handler: true if the line is well-formed. */
static int iniEntry(void *context, const char *section, const char *key,
                    const char *value)
{
    IniState *state = context;
    IniFile *file = &state->file;
    IniEntry *entry;

    if (state->goes_on && file->n) {
        entry = &file->v[file->n - 1];
        entry->value = text_of(text_format(state->a, "%Ts %Ts", entry->value,
                                           iniValue(value)));
    } else if (ARENA_PUSH(state->a, file->v, file->n, file->cap)) {
        entry = &file->v[file->n++];
        entry->section = iniText(state, section);
        entry->key = iniText(state, key);
        entry->value = iniText(state, value);
        entry->line = state->line;
    }
    state->has_key = *key != 0;     /* inih goes on with no empty one */
    return 1;
}

MIG_FUNC IniFile ini_read(Arena *a, const char *path, Text text)
{
    IniState state = {a, path, {0}, text, 0, 0, 0, {ERR_NONE, NULL}};
    int line, bad = text_bad_utf8(text);

    if (bad >= 0)
        err_set(a->err, ERR_BAD_CONFIG, "%s:%d: not UTF-8 text", path,
                text_place(text, bad).line);
    if (text_starts(text, "\xef\xbb\xbf"))
        state.rest = text_slice(text, 3, text.n);
    if (!ok(a))
        return state.file;
    line = ini_parse_stream(iniLine, &state, iniEntry, &state);
    if (line < 0)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    else if (line > 0)      /* before what was found, where reading stopped */
        err_set(a->err, ERR_BAD_CONFIG, "%s:%d: neither [section] nor "
                "key = value", path, line);
    if (ok(a) && state.found.code)
        err_join(a->err, &state.found);
    err_release(&state.found);
    return state.file;
}
