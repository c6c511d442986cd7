/*
** Writing JSON.  See json.h.
*/
#include "json.h"

MIG_FUNC void json_string(sqlite3_str *out, Text t)
{
    int i, from = 0;

    sqlite3_str_appendchar(out, 1, '"');
    for (i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.z[i];
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        sqlite3_str_append(out, t.z + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\')
            text_append(out, "\\%c", c);
        else if (c == '\n')
            text_append(out, "\\n");
        else
            text_append(out, "\\u%04x", c);
    }
    sqlite3_str_append(out, t.z + from, t.n - from);
    sqlite3_str_appendchar(out, 1, '"');
}

MIG_FUNC const char *json_names(Arena *a, const Names *names)
{
    sqlite3_str *out = text_begin();
    int i;

    sqlite3_str_appendchar(out, 1, '[');
    for (i = 0; i < names->n; i++) {
        if (i)
            sqlite3_str_appendchar(out, 1, ',');
        json_string(out, names->v[i]);
    }
    sqlite3_str_appendchar(out, 1, ']');
    return text_finish(a, out);
}
