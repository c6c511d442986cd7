/*
** Fuzzes the reading of a revision file: the headers, the sections, and SQL as
** tokens and statements.
*/
#include "fuzz.h"

/* Tokens, put together, are the text. */
static void tokens(Text sql)
{
    int offset = 0, before = 0;

    for (;;) {
        Token token = token_next(sql, &offset);
        MUST(token.offset == before && token.text.n == offset - before);
        if (token.kind == TOKEN_END)
            break;
        MUST(token.text.n > 0 && token.text.z == sql.z + before);
        before = offset;
    }
    MUST(before == sql.n);
}

/* What sqlite3_complete() reads otherwise than SQLite's own tokenizer: "/" and "*" that
** end the text, two operators; a quote or a comment within $x(...), which is a name. */
static int misread(Text sql)
{
    int offset = 0;
    Token token;

    do {
        token = token_next(sql, &offset);
        if (token.kind == TOKEN_VARIABLE && text_find(token.text, '(') >= 0)
            return 1;
    } while (token.kind != TOKEN_END);
    return sql.n >= 2 && memcmp(sql.z + sql.n - 2, "/" "*", 2) == 0;
}

static void statement(Arena *a, const Body *body, const Item *item)
{
    Text sql = item->statement.sql, file = body->file;
    Alter alter;
    int i;

    MUST(sql.n > 0 && sql.z == file.z + item->offset);
    MUST(item->offset + sql.n <= file.n);
    MUST(!text_is_space(sql.z[0]) && !text_is_space(sql.z[sql.n - 1]));
    MUST(sqlite3_complete(text_format(a, "%Ts\n;", sql)) || misread(sql));
    statement_parameters(a, sql);
    if (item->statement.kind != STATEMENT_ALTER)
        return;
    alter = alter_read(a, sql);
    for (i = 0; i < alter.n; i++)
        MUST(alter.v[i].all.z >= sql.z
             && alter.v[i].all.z + alter.v[i].all.n <= sql.z + sql.n);
}

/* Items lie in the file, in order; what an if skips ends within its section. */
static void section(Arena *a, const Body *body, const Section *s)
{
    int i, depth = 0, last = -1;

    for (i = 0; i < s->n; i++) {
        const Item *item = &s->v[i];

        depth += (item->kind == ITEM_IF) - (item->kind == ITEM_ENDIF);
        MUST(depth >= 0);
        if (item->kind == ITEM_IF || item->kind == ITEM_ELSE)
            MUST(item->skip > i && item->skip <= s->n);
        if (item->kind == ITEM_STATEMENT || item->kind == ITEM_IF) {
            MUST(item->offset > last && item->offset < body->file.n);
            last = item->offset;
            body_place(a, body, item->offset);
        }
        if (item->kind == ITEM_STATEMENT)
            statement(a, body, item);
    }
    MUST(depth == 0);
}

/* A text that was read well is read the same with CRLF and a byte order mark. */
static void again(Arena *a, const Body *body)
{
    sqlite3_str *str = sqlite3_str_new(NULL);
    Text text = body->file;
    Body other;
    int i, k;

    sqlite3_str_appendall(str, "\xef\xbb\xbf");
    for (i = 0; i < text.n; i++)
        sqlite3_str_append(str, text.z[i] == '\n' ? "\r\n" : text.z + i,
                           text.z[i] == '\n' ? 2 : 1);
    text = text_of(text_finish(a, str));
    other = revision_read_body(a, "x.sql", revision_normalise(a, text));
    MUST(ok(a));
    for (k = 0; k < SECTION_COUNT; k++) {
        MUST(body->v[k].n == other.v[k].n);
        MUST(text_eq(body->v[k].text, other.v[k].text));
    }
}

/* The first part of a file says what the file says, once it has the headers. */
static void head(Arena *a, const Revision *revision, Text text)
{
    Revision other;

    text.n /= 2;
    while (text.n && text.z[text.n - 1] != '\n')
        text.n--;
    if (!revision_has_headers(text))
        return;
    other = revision_read(a, "x.sql", text);
    MUST(ok(a) && text_eq(other.id, revision->id));
    MUST(text_eq(other.doc, revision->doc));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Text bytes = {(const char *)data, (int)n}, text;
    char hex[DIGEST_HEX];
    Err err = {ERR_NONE, NULL};
    Arena a;
    Revision revision;
    Body body;
    int k;

    arena_init(&a, &err);
    digest_text(bytes, hex);
    tokens(bytes);
    text = revision_normalise(&a, bytes);
    revision_has_headers(text);
    revision = revision_read(&a, "x.sql", text);
    if (ok(&a)) {
        MUST(revision_is_id(revision.id));
        head(&a, &revision, text);
    }
    fuzzCheckErr(&err);
    err_release(&err);
    body = revision_read_body(&a, "x.sql", text);
    fuzzCheckErr(&err);
    if (ok(&a) && text_bad_utf8(text) < 0) {
        MUST(body.v[SECTION_UP].is_given);
        for (k = 0; k < SECTION_COUNT; k++)
            section(&a, &body, &body.v[k]);
        again(&a, &body);
    }
    arena_release(&a);
    err_release(&err);
    MUST(sqlite3_memory_used() == 0);
    return 0;
}
