/*
** SQL in its canonical spelling.  See normal.h.
*/
#include "normal.h"

/* Words that mean something else without their quotes.  Other keywords may be names
** as they are: SQLite falls back to that (parse.y, %fallback).  TRUE and FALSE are no
** keywords, and yet values. */
static const char *const normalReserved =
    "add all alter and as autoincrement between case check collate commit constraint "
    "create cross current_date current_time current_timestamp default deferrable "
    "delete distinct drop else escape except exists false foreign from full group "
    "having in index indexed inner insert intersect into is isnull join left limit "
    "natural not nothing notnull null on or order outer primary references returning "
    "right select set table then to transaction true union unique update using values "
    "when where";
#define NORMAL_RESERVED_MAX 17      /* the longest of them */

/* True if the name, in lower case, may be written without quotes; not one that begins
** with a byte order mark, which is space to SQLite 3.42. */
static int normalIsBare(Text name)
{
    int i;

    if (text_starts(name, "\xef\xbb\xbf"))
        return 0;
    for (i = 0; i < name.n; i++) {
        char c = name.z[i];
        int is_digit = (c >= '0' && c <= '9') || c == '$';
        if (!((c >= 'a' && c <= 'z') || c == '_' || (unsigned char)c >= 0x80
              || (is_digit && i)))
            return 0;
    }
    return name.n && (name.n > NORMAL_RESERVED_MAX
                      || text_word(name, normalReserved) < 0);
}

MIG_FUNC Text normal_name(Arena *a, Text name)
{
    char *z = text_copy(a, name);
    int i;

    for (i = 0; i < name.n && ok(a); i++)
        if (z[i] >= 'A' && z[i] <= 'Z')
            z[i] = (char)(z[i] + 'a' - 'A');
    name.z = z;
    return ok(a) ? name : text_of("");
}

MIG_FUNC Text normal_quote(Arena *a, Text name)
{
    if (normalIsBare(normal_name(a, name)))
        return name;
    return text_of(text_format(a, "\"%Tw\"", name));
}

/* A name that is written so, as it is called now. */
static Text normalRename(Arena *a, Text name, const NormalNames *names, TokenKind next)
{
    int i = -1;

    name = normal_name(a, name);
    if (!names || next == TOKEN_LEFT)
        return name;
    if (next == TOKEN_DOT)
        return names->table.n && text_eq_nocase(name, names->table)
             ? normal_name(a, names->table_to) : name;
    if (names->renamed)
        i = map_find(names->renamed, name);
    return i < 0 ? name : normal_name(a, names->to[i]);
}

/* A name between quotes of some sort: a name, or a string after all. */
static Text normalQuoted(Arena *a, Token token, const NormalNames *names,
                         TokenKind next)
{
    Text name = token_name(a, token);

    if (names && names->known && token.text.z[0] == '"' && next != TOKEN_DOT
        && next != TOKEN_LEFT && map_find(names->known, normal_name(a, name)) < 0)
        return text_of(text_format(a, "'%Tq'", name));
    return normal_quote(a, normalRename(a, name, names, next));
}

/* A bare word: a keyword or a name. */
static Text normalWord(Arena *a, Token token, const NormalNames *names, TokenKind next)
{
    Text name = normal_name(a, token.text);
    Text now = normalRename(a, name, names, next);

    return text_eq(name, now) ? name : normal_quote(a, now);
}

/* 0XFF, 1E5, 1_000 */
static Text normalNumber(Arena *a, Text number)
{
    Text out = normal_name(a, number);
    char *z = (char *)out.z;        /* a copy of ours */
    int i, n = 0;

    if (text_find(out, '_') < 0)
        return out;
    for (i = 0; i < out.n; i++)
        if (z[i] != '_')
            z[n++] = z[i];
    out.n = n;
    return out;
}

static Text normalToken(Arena *a, Token token, const NormalNames *names,
                        TokenKind next)
{
    switch (token.kind) {
    case TOKEN_QUOTED:
        return normalQuoted(a, token, names, next);
    case TOKEN_NUMBER:
        return normalNumber(a, token.text);
    case TOKEN_WORD:
        return normalWord(a, token, names, next);
    case TOKEN_BLOB:
        return normal_name(a, token.text);
    case TOKEN_OPERATOR:
        if (text_is(token.text, "=="))
            return text_of("=");
        if (text_is(token.text, "<>"))
            return text_of("!=");
        return token.text;
    default:
        return token.text;
    }
}

/* Two tokens of one sort are kept apart: words and the like, and operators. */
static int normalSort(TokenKind kind)
{
    switch (kind) {
    case TOKEN_WORD: case TOKEN_QUOTED: case TOKEN_STRING: case TOKEN_BLOB:
    case TOKEN_NUMBER: case TOKEN_VARIABLE:
        return 1;
    case TOKEN_OPERATOR: case TOKEN_ILLEGAL:
        return 2;
    default:
        return 0;
    }
}

/* True if a string that follows is a name: FROM 't' AS 'x', but not IS DISTINCT FROM
** 'x'. */
static int normalIsNameNext(Token before, Token token)
{
    return token_is(token, "AS") || token_is(token, "COLLATE")
        || token_is(token, "JOIN") || token_is(token, "INTO")
        || token_is(token, "UPDATE")
        || (token_is(token, "FROM") && !token_is(before, "DISTINCT"));
}

static Text normalText(Arena *a, Text sql, const NormalNames *names)
{
    sqlite3_str *out = text_begin();
    Token before = {TOKEN_END, {NULL, 0}, 0};
    int offset = 0, sort = 0, is_name = 0;

    for (;;) {
        Token token = token_next_solid(sql, &offset);
        int ahead = offset;
        TokenKind next = token_next_solid(sql, &ahead).kind;
        Text text;
        if (token.kind == TOKEN_END || !ok(a))
            break;
        if (token.kind == TOKEN_STRING && is_name) {
            text = normal_quote(a, normal_name(a, token_name(a, token)));
        } else {
            text = normalToken(a, token, names, next);
        }
        is_name = normalIsNameNext(before, token);
        before = token;
        if (sort && sort == normalSort(token.kind))
            sqlite3_str_appendchar(out, 1, ' ');
        sqlite3_str_append(out, text.z, text.n);
        sort = normalSort(token.kind);
    }
    return text_of(text_finish(a, out));
}

/* "(" .. ")" around all of it, once; false if there is none. */
static int normalOpen(Text *sql)
{
    int offset = 0, depth = 0, from = -1;

    for (;;) {
        Token token = token_next_solid(*sql, &offset);
        if (token.kind == TOKEN_END)
            return 0;
        if (from < 0 && token.kind != TOKEN_LEFT)
            return 0;
        if (from < 0)
            from = offset;
        depth += token.kind == TOKEN_LEFT;
        depth -= token.kind == TOKEN_RIGHT;
        if (depth == 0) {
            int to = token.offset;
            if (token_next_solid(*sql, &offset).kind != TOKEN_END)
                return 0;
            *sql = text_slice(*sql, from, to);
            return 1;
        }
    }
}

MIG_FUNC Text normal_sql(Arena *a, Text sql)
{
    return normalText(a, sql, NULL);
}

MIG_FUNC Text normal_expr(Arena *a, Text sql, const NormalNames *names)
{
    while (normalOpen(&sql)) {}
    return normalText(a, sql, names);
}

MIG_FUNC Text normal_line(Arena *a, Text sql)
{
    sqlite3_str *out = text_begin();
    int offset = 0, is_apart = 0, n = 0;

    for (;;) {
        Token token = token_next(sql, &offset);
        if (token.kind == TOKEN_END)
            break;
        if (token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT) {
            is_apart = n > 0;
            continue;
        }
        if (is_apart)
            sqlite3_str_appendchar(out, 1, ' ');
        sqlite3_str_append(out, token.text.z, token.text.n);
        is_apart = 0;
        n++;
    }
    return text_of(text_finish(a, out));
}
