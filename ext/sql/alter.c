/*
** ALTER TABLE, read.  See alter.h.
*/
#include "alter.h"

typedef struct AlterReader {
    Arena *a;
    Text sql;
    int offset;         /* behind token */
    Token token;        /* the one that is looked at */
} AlterReader;

static void alterNext(AlterReader *r)
{
    r->token = token_next_solid(r->sql, &r->offset);
}

/* Steps over a keyword, if it stands here. */
static int alterTake(AlterReader *r, const char *keyword)
{
    if (!token_is(r->token, keyword))
        return 0;
    alterNext(r);
    return 1;
}

/* name { "," | the end }: the slice from the token looked at to the next comma
** outside of parentheses. */
static Text alterRest(AlterReader *r)
{
    int from = r->token.offset, to = from, depth = 0;

    while (r->token.kind != TOKEN_END
           && (depth || r->token.kind != TOKEN_COMMA)) {
        depth += r->token.kind == TOKEN_LEFT;
        depth -= r->token.kind == TOKEN_RIGHT;
        to = r->offset;
        alterNext(r);
    }
    return text_slice(r->sql, from, to);
}

/* IF [NOT] EXISTS */
static int alterIfExists(AlterReader *r, int is_not)
{
    AlterReader ahead = *r;

    if (!alterTake(&ahead, "IF") || (is_not && !alterTake(&ahead, "NOT"))
        || !alterTake(&ahead, "EXISTS"))
        return 0;
    *r = ahead;
    return 1;
}

/* True if a constraint, not a column, follows ADD or DROP. */
static int alterIsConstraint(const AlterReader *r)
{
    static const char *const word[] = {
        "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "STRICT",
        "WITHOUT", "AUTOINCREMENT"
    };
    AlterReader ahead = *r;
    int is_column;
    size_t i;

    for (i = 0; i < sizeof word / sizeof *word; i++)
        if (token_is(r->token, word[i]))
            break;
    if (i == sizeof word / sizeof *word)
        return 0;
    /* STRICT and AUTOINCREMENT may be a column's name: then a type follows ADD */
    alterNext(&ahead);
    is_column = strcmp(word[i], "STRICT") == 0 && token_is_name(ahead.token);
    return !is_column;
}

/* True if a column-def ends with FIRST or AFTER name, outside of parentheses. */
static int alterIsPlaced(Text words)
{
    Token before = {TOKEN_END, {NULL, 0}, 0}, last = before, token;
    int offset = 0, n = 0;

    while ((token = token_next_solid(words, &offset)).kind != TOKEN_END) {
        before = last;
        last = token;
        n++;
    }
    return (n > 1 && token_is(last, "FIRST"))
        || (n > 2 && token_is(before, "AFTER") && token_is_name(last));
}

/* ADD [COLUMN] [IF NOT EXISTS] column-def [FIRST | AFTER name]
** DROP [COLUMN] [IF EXISTS] name */
static void alterColumn(AlterReader *r, AlterAction *action, AlterKind kind)
{
    alterNext(r);
    if (!alterTake(r, "COLUMN") && alterIsConstraint(r))
        return;
    action->if_exists = alterIfExists(r, kind == ALTER_ADD_COLUMN);
    if (!token_is_name(r->token))
        return;
    action->kind = kind;
    action->column = token_name(r->a, r->token);
    action->words = alterRest(r);
    action->is_placed = kind == ALTER_ADD_COLUMN && alterIsPlaced(action->words);
}

/* RENAME TO name
** RENAME [COLUMN] name TO name */
static void alterRename(AlterReader *r, AlterAction *action)
{
    AlterReader ahead;

    alterNext(r);
    if (token_is(r->token, "CONSTRAINT")) {
        ahead = *r;
        alterNext(&ahead);
        if (!token_is(ahead.token, "TO"))
            return;
    }
    action->kind = token_is(r->token, "TO") ? ALTER_RENAME_TABLE
                                            : ALTER_RENAME_COLUMN;
    action->words = alterRest(r);
}

static void alterAction(AlterReader *r, Alter *alter)
{
    AlterAction *action;
    int from = r->token.offset;
    Text rest;

    if (!ARENA_PUSH(r->a, alter->v, alter->n, alter->cap))
        return;
    action = &alter->v[alter->n++];
    action->kind = ALTER_OTHER;
    if (token_is(r->token, "ADD"))
        alterColumn(r, action, ALTER_ADD_COLUMN);
    else if (token_is(r->token, "DROP"))
        alterColumn(r, action, ALTER_DROP_COLUMN);
    else if (token_is(r->token, "RENAME"))
        alterRename(r, action);
    rest = alterRest(r);
    action->all = text_slice(r->sql, from, (int)(rest.z - r->sql.z) + rest.n);
    action->all = text_trim(action->all);
}

/* ALTER TABLE [IF EXISTS] [schema .] table action [, action ...] */
MIG_FUNC Alter alter_read(Arena *a, Text sql)
{
    AlterReader r = {a, sql, 0, {TOKEN_END, {NULL, 0}, 0}};
    Alter alter = {0};
    int from, to;

    alterNext(&r);
    alterTake(&r, "ALTER");
    alterTake(&r, "TABLE");
    alter.if_exists = alterIfExists(&r, 0);
    from = r.token.offset;
    alter.table = token_name(a, r.token);
    to = r.offset;
    alterNext(&r);
    if (r.token.kind == TOKEN_DOT) {
        alterNext(&r);
        alter.schema = alter.table;
        alter.table = token_name(a, r.token);
        to = r.offset;
        alterNext(&r);
    }
    alter.name = text_slice(sql, from, to);
    do
        alterAction(&r, &alter);
    while (r.token.kind == TOKEN_COMMA && (alterNext(&r), ok(a)));
    return alter;
}

MIG_FUNC int alter_is_native(const Alter *alter)
{
    return !alter->if_exists && alter->n == 1 && !alter->v[0].if_exists
        && !alter->v[0].is_placed;
}
