/*
** Looking at SQL token by token.  See reader.h.
*/
#include "reader.h"

MIG_FUNC Reader reader_begin(Arena *a, Text sql)
{
    Reader r = {a, sql, {TOKEN_END, {NULL, 0}, 0}, 0, 0};

    r.token = token_next_solid(sql, &r.offset);
    return r;
}

MIG_FUNC void reader_next(Reader *r)
{
    r->end = r->offset;
    r->token = token_next_solid(r->sql, &r->offset);
}

MIG_FUNC int reader_is(const Reader *r, const char *keyword)
{
    return token_is(r->token, keyword);
}

MIG_FUNC int reader_take(Reader *r, const char *keyword)
{
    if (!reader_is(r, keyword))
        return 0;
    reader_next(r);
    return 1;
}

MIG_FUNC int reader_take_all(Reader *r, const char *keywords)
{
    Text rest = text_of(keywords);
    Reader ahead = *r;

    while (rest.n) {
        Text word = text_cut(&rest, ' ');
        if (ahead.token.kind != TOKEN_WORD
            || !text_eq_nocase(ahead.token.text, word))
            return 0;
        reader_next(&ahead);
    }
    *r = ahead;
    return 1;
}

MIG_FUNC int reader_take_kind(Reader *r, TokenKind kind)
{
    if (r->token.kind != kind)
        return 0;
    reader_next(r);
    return 1;
}

MIG_FUNC int reader_take_name(Reader *r, Text *name, Text *token)
{
    if (!token_is_name(r->token))
        return 0;
    *name = token_name(r->a, r->token);
    if (token)
        *token = r->token.text;
    reader_next(r);
    return 1;
}

MIG_FUNC int reader_take_group(Reader *r, Text *inside)
{
    Reader ahead = *r;
    int from, depth = 0;

    if (ahead.token.kind != TOKEN_LEFT)
        return 0;
    from = ahead.offset;
    do {
        depth += ahead.token.kind == TOKEN_LEFT;
        depth -= ahead.token.kind == TOKEN_RIGHT;
        if (depth == 0)
            break;
        reader_next(&ahead);
    } while (ahead.token.kind != TOKEN_END);
    if (ahead.token.kind != TOKEN_RIGHT)
        return 0;
    *inside = text_slice(r->sql, from, ahead.token.offset);
    reader_next(&ahead);
    *r = ahead;
    return 1;
}

MIG_FUNC Text reader_since(const Reader *r, int from)
{
    return text_slice(r->sql, from, r->end > from ? r->end : from);
}
