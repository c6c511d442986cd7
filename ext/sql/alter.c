/*
** ALTER TABLE, read.  See alter.h.
*/
#include "alter.h"

#include "reader.h"

/* The rest of an action: to the next comma outside of parentheses, or to the
** keyword, if one is given, or to the end. */
static Text alterRest(Reader *r, const char *keyword)
{
    int from = r->token.offset, depth = 0;

    while (r->token.kind != TOKEN_END
           && (depth || (r->token.kind != TOKEN_COMMA
                         && !(keyword && reader_is(r, keyword))))) {
        depth += r->token.kind == TOKEN_LEFT;
        depth -= r->token.kind == TOKEN_RIGHT;
        reader_next(r);
    }
    return reader_since(r, from);
}

/* "(" name { "," name } ")" */
static int alterNames(Reader *r, Names *names)
{
    Text name, inside;
    Reader in;

    if (!reader_take_group(r, &inside))
        return 0;
    in = reader_begin(r->a, inside);
    do {
        if (!reader_take_name(&in, &name, NULL))
            return 0;
        names_push(r->a, names, name);
    } while (reader_take_kind(&in, TOKEN_COMMA));
    return in.token.kind == TOKEN_END;
}

/* ---- ADD ---- */

/* Cuts FIRST or AFTER name off the end of a column-def.  Either may be a part of the
** type in SQLite; here it is not. */
static void alterPlace(Arena *a, AlterAction *action)
{
    Token before = {TOKEN_END, {NULL, 0}, 0}, last = before, token;
    int offset = 0, n = 0;

    while ((token = token_next_solid(action->words, &offset)).kind != TOKEN_END) {
        before = last;
        last = token;
        n++;
    }
    if (n > 1 && token_is(last, "FIRST")) {
        action->is_first = 1;
        action->words = text_slice(action->words, 0, last.offset);
    } else if (n > 2 && token_is(before, "AFTER") && token_is_name(last)) {
        action->after = token_name(a, last);
        action->words = text_slice(action->words, 0, before.offset);
    }
    action->words = text_trim(action->words);
}

/* True if a constraint, not a column, follows ADD; its words are all reserved. */
static int alterIsConstraint(const Reader *r)
{
    return reader_is(r, "CONSTRAINT") || reader_is(r, "PRIMARY")
        || reader_is(r, "UNIQUE") || reader_is(r, "CHECK")
        || reader_is(r, "FOREIGN");
}

/* ADD [COLUMN] [IF NOT EXISTS] column-def [FIRST | AFTER name]
** ADD constraint */
static int alterAdd(Reader *r, AlterAction *action)
{
    if (!reader_take(r, "COLUMN") && alterIsConstraint(r)) {
        action->kind = ALTER_ADD_CONSTRAINT;
        action->words = alterRest(r, NULL);
        return 1;
    }
    action->kind = ALTER_ADD_COLUMN;
    action->if_exists = reader_take_all(r, "IF NOT EXISTS");
    if (!token_is_name(r->token))
        return 0;
    action->column = token_name(r->a, r->token);
    action->words = alterRest(r, NULL);
    alterPlace(r->a, action);
    return 1;
}

/* ---- DROP ---- */

/* STRICT | WITHOUT ROWID | AUTOINCREMENT, as the end of the action */
static int alterOption(Reader *r, AlterAction *action, AlterKind strict)
{
    static const char option[][14] = {"STRICT", "WITHOUT ROWID", "AUTOINCREMENT"};
    Reader ahead = *r;
    int i;

    for (i = 0; i < 3; i++) {
        if (!reader_take_all(&ahead, option[i]))
            continue;
        if (ahead.token.kind != TOKEN_END && ahead.token.kind != TOKEN_COMMA)
            return 0;
        action->kind = strict + i;
        if (i == 0)             /* which may be a column's name, too */
            action->column = r->token.text;
        *r = ahead;
        return 1;
    }
    return 0;
}

/* DROP [COLUMN] [IF EXISTS] name
** DROP CONSTRAINT [IF EXISTS] name
** DROP PRIMARY KEY | UNIQUE (..) | FOREIGN KEY (..) | CHECK (..) | option */
static int alterDrop(Reader *r, AlterAction *action)
{
    if (reader_take(r, "CONSTRAINT")) {
        action->kind = ALTER_DROP_CONSTRAINT;
        action->if_exists = reader_take_all(r, "IF EXISTS");
        return reader_take_name(r, &action->column, NULL);
    }
    if (reader_take_all(r, "PRIMARY KEY")) {
        action->kind = ALTER_DROP_PRIMARY_KEY;
        return 1;
    }
    if (reader_take(r, "UNIQUE")) {
        action->kind = ALTER_DROP_UNIQUE;
        return alterNames(r, &action->term);
    }
    if (reader_take_all(r, "FOREIGN KEY")) {
        action->kind = ALTER_DROP_FOREIGN_KEY;
        return alterNames(r, &action->term);
    }
    if (reader_take(r, "CHECK")) {
        action->kind = ALTER_DROP_CHECK;
        return reader_take_group(r, &action->expr);
    }
    if (alterOption(r, action, ALTER_DROP_STRICT))
        return 1;
    action->kind = ALTER_DROP_COLUMN;
    reader_take(r, "COLUMN");
    action->if_exists = reader_take_all(r, "IF EXISTS");
    return reader_take_name(r, &action->column, &action->words);
}

/* ---- ALTER COLUMN, RENAME, SET ---- */

/* SET { DEFAULT expr | NOT NULL | COLLATE name | GENERATED .. | DATA TYPE .. } */
static int alterColumnSet(Reader *r, AlterAction *action)
{
    if (reader_take(r, "DEFAULT")) {
        action->kind = ALTER_SET_DEFAULT;
        action->expr = alterRest(r, NULL);
        return action->expr.n > 0;
    }
    if (reader_take_all(r, "NOT NULL")) {
        action->kind = ALTER_SET_NOT_NULL;
        action->words = alterRest(r, NULL);     /* ON CONFLICT .. */
        return 1;
    }
    if (reader_take(r, "COLLATE")) {
        action->kind = ALTER_SET_COLLATE;
        action->words = r->token.text;
        return reader_take_name(r, &action->to, NULL);
    }
    if (reader_is(r, "GENERATED") || reader_is(r, "AS")) {
        action->kind = ALTER_SET_GENERATED;
        action->words = alterRest(r, NULL);
        return 1;
    }
    return 0;
}

/* DROP { DEFAULT | NOT NULL | COLLATE | EXPRESSION } */
static int alterColumnDrop(Reader *r, AlterAction *action)
{
    if (reader_take(r, "DEFAULT"))
        action->kind = ALTER_DROP_DEFAULT;
    else if (reader_take_all(r, "NOT NULL"))
        action->kind = ALTER_DROP_NOT_NULL;
    else if (reader_take(r, "COLLATE"))
        action->kind = ALTER_DROP_COLLATE;
    else if (reader_take(r, "EXPRESSION"))
        action->kind = ALTER_DROP_EXPRESSION;
    else
        return 0;
    return 1;
}

/* ALTER [COLUMN] name { [SET DATA] TYPE type [USING expr] | SET .. | DROP .. } */
static int alterColumn(Reader *r, AlterAction *action)
{
    reader_take(r, "COLUMN");
    if (!reader_take_name(r, &action->column, NULL))
        return 0;
    if (reader_take_all(r, "SET DATA TYPE") || reader_take(r, "TYPE")) {
        action->kind = ALTER_TYPE;
        action->words = alterRest(r, "USING");
        if (reader_take(r, "USING"))
            action->expr = alterRest(r, NULL);
        return action->words.n > 0;
    }
    if (reader_take(r, "SET"))
        return alterColumnSet(r, action);
    return reader_take(r, "DROP") && alterColumnDrop(r, action);
}

/* RENAME TO name | RENAME CONSTRAINT name TO name | RENAME [COLUMN] name TO name */
static int alterRename(Reader *r, AlterAction *action)
{
    Reader ahead = *r;
    int from = r->token.offset;

    action->kind = ALTER_RENAME_TABLE;
    if (!reader_take(r, "TO")) {
        action->kind = ALTER_RENAME_COLUMN;
        if (reader_take(&ahead, "CONSTRAINT") && !reader_is(&ahead, "TO")) {
            action->kind = ALTER_RENAME_CONSTRAINT;
            *r = ahead;
        } else {
            reader_take(r, "COLUMN");
        }
        if (!reader_take_name(r, &action->column, NULL) || !reader_take(r, "TO"))
            return 0;
    }
    if (!reader_take_name(r, &action->to, &action->to_token))
        return 0;
    action->words = reader_since(r, from);
    return 1;
}

/* ---- the statement ---- */

static int alterActionRead(Reader *r, AlterAction *action)
{
    if (reader_take(r, "ADD"))
        return alterAdd(r, action);
    if (reader_take(r, "DROP"))
        return alterDrop(r, action);
    if (reader_take(r, "RENAME"))
        return alterRename(r, action);
    if (reader_take(r, "ALTER"))
        return alterColumn(r, action);
    return reader_take(r, "SET") && alterOption(r, action, ALTER_SET_STRICT);
}

static void alterAction(Reader *r, Alter *alter)
{
    AlterAction *action;
    int from = r->token.offset;

    if (!ARENA_PUSH(r->a, alter->v, alter->n, alter->cap))
        return;
    action = &alter->v[alter->n++];
    if (!alterActionRead(r, action)
        || (r->token.kind != TOKEN_END && r->token.kind != TOKEN_COMMA)) {
        action->kind = ALTER_UNKNOWN;
        action->stopped = r->token.text;
        alterRest(r, NULL);
    }
    action->all = reader_since(r, from);
}

/* ALTER TABLE [IF EXISTS] [schema .] table action [, action ...] */
MIG_FUNC Alter alter_read(Arena *a, Text sql)
{
    Reader r = reader_begin(a, sql);
    Alter alter = {0};
    int from;

    reader_take_all(&r, "ALTER TABLE");
    alter.if_exists = reader_take_all(&r, "IF EXISTS");
    from = r.token.offset;
    reader_take_name(&r, &alter.table, NULL);
    if (reader_take_kind(&r, TOKEN_DOT)) {
        alter.schema = alter.table;
        reader_take_name(&r, &alter.table, NULL);
    }
    alter.name = reader_since(&r, from);
    do
        alterAction(&r, &alter);
    while (reader_take_kind(&r, TOKEN_COMMA) && ok(a));
    return alter;
}
