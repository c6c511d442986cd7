/*
** What a model says of former names.  See hint.h.
*/
#include "hint.h"

MIG_FUNC int hint_comment(Arena *a, Text comment, Text *old)
{
    Text rest = text_slice(comment, 2, comment.n);
    int offset = 0;
    Token token;

    if (text_starts(comment, "/*") && comment.n >= 4)
        rest = text_slice(rest, 0, rest.n - 2);
    rest = text_trim(rest);
    if (rest.n < 21 || sqlite3_strnicmp(rest.z, "migrate:renamed-from", 20) != 0
        || !text_is_space(rest.z[20]))
        return 0;
    rest = text_slice(rest, 20, rest.n);
    token = token_next_solid(rest, &offset);
    if (!token_is_name(token))
        return 0;
    *old = token_name(a, token);
    return 1;
}

static int hintOffset(const DdlTable *table, Text slice)
{
    return (int)(slice.z - table->sql.z);
}

/* The column that a comment at offset is about; -1 for the table. */
static int hintColumn(const DdlTable *table, int offset)
{
    int i, last = -1;

    for (i = 0; i < table->ncolumn; i++)
        if (hintOffset(table, table->column[i].all) < offset)
            last = i;
    if (last >= 0) {
        int end = hintOffset(table, table->column[last].all)
                + table->column[last].all.n;
        if (offset < end
            || text_find(text_slice(table->sql, end, offset), '\n') < 0)
            return last;
    } else {                    /* before the first column */
        int from = hintOffset(table, table->body);
        if (offset < from
            || text_find(text_slice(table->sql, from, offset), '\n') < 0)
            return -1;
    }
    return last + 1 < table->ncolumn ? last + 1 : -1;
}

MIG_FUNC Hints hint_read(Arena *a, const DdlTable *table)
{
    Hints hints = {{NULL, 0}, ARENA_NEW(a, Text, table->ncolumn + 1)};
    int offset = 0;

    while (ok(a)) {
        Token token = token_next(table->sql, &offset);
        Text old;
        int i;
        if (token.kind == TOKEN_END)
            break;
        if (token.kind != TOKEN_COMMENT || !hint_comment(a, token.text, &old))
            continue;
        i = hintColumn(table, token.offset);
        if (i < 0)
            hints.table = old;
        else
            hints.column[i] = old;
    }
    return hints;
}

MIG_FUNC Text hint_strip(Arena *a, Text sql)
{
    sqlite3_str *out;
    int offset = 0, from = 0;
    Text old;

    if (!memchr(sql.z, ':', (size_t)sql.n))
        return sql;
    out = text_begin();
    for (;;) {
        Token token = token_next(sql, &offset);
        int to = token.offset, end = offset;
        if (token.kind == TOKEN_END)
            break;
        if (token.kind != TOKEN_COMMENT || !hint_comment(a, token.text, &old))
            continue;
        while (to > from && (sql.z[to - 1] == ' ' || sql.z[to - 1] == '\t'))
            to--;
        /* a line of its own goes with its end */
        if (to > 0 && sql.z[to - 1] == '\n' && end < sql.n && sql.z[end] == '\n')
            offset = ++end;
        sqlite3_str_append(out, sql.z + from, to - from);
        from = end;
    }
    sqlite3_str_append(out, sql.z + from, sql.n - from);
    return text_of(text_finish(a, out));
}
