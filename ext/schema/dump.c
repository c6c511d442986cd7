/*
** A database's schema as the text of a model.  See dump.h.
**
** SQLite looks at what a view reads when the view is used, not when it is made, and
** at a trigger's body as late; FTS4 with content= looks at once.  So what has needs
** are views, the names in their text, and virtual tables, what their content is.  A
** name in a view may be a column's as well; then the view comes later than it must,
** which does no harm, nor does a circle.
*/
#include "dump.h"

#include "../base/map.h"
#include "../sql/token.h"

typedef struct DumpObject {
    Text name, sql;
    int first, ntext;       /* its texts: it, and what hangs on it */
    int is_table, is_virtual;
    int is_begun;           /* it is written, or waits for what it needs */
    int at;                 /* how far its text was searched for names */
} DumpObject;

typedef struct Dump {
    Arena *a;
    DumpObject *v;          /* tables, virtual tables, views; each by name */
    int n, cap;
    Text *text;             /* their statements, each followed by what hangs on it */
    int ntext, captext;
    Map by_name;            /* names, in lower case, to objects */
    int *stack;             /* who waits for whom */
    sqlite3_str *out;
} Dump;

/* ---- reading ---- */

static Text dumpFold(Arena *a, Text name)
{
    char *z = text_copy(a, name);
    int i;

    for (i = 0; i < name.n && ok(a); i++)
        if (z[i] >= 'A' && z[i] <= 'Z')
            z[i] += 'a' - 'A';
    return text_of(z);
}

static void dumpPushObject(Dump *d, Text name, Text sql, int group)
{
    DumpObject *object;

    if (!ok(d->a) || !ARENA_PUSH(d->a, d->v, d->n, d->cap))
        return;
    object = &d->v[d->n];
    object->name = dumpFold(d->a, name);
    object->sql = sql;
    object->is_table = group == 1;
    object->is_virtual = group == 2;
    object->first = d->ntext;
    map_add(d->a, &d->by_name, object->name, d->n++);
}

static void dumpPushText(Dump *d, Text sql)
{
    if (!ok(d->a) || d->n == 0
        || !ARENA_PUSH(d->a, d->text, d->ntext, d->captext))
        return;
    d->text[d->ntext++] = sql;
    d->v[d->n - 1].ntext++;
}

static void dumpRead(Dump *d, sqlite3 *db, const char *owned)
{
    sqlite3_stmt *stmt = db_prepare(d->a, db,
        "SELECT s.name, s.sql, s.type IN ('table', 'view'), o.at "
        "FROM main.sqlite_schema AS s JOIN (SELECT name, CASE "
        "WHEN type = 'view' THEN 3 WHEN rootpage = 0 THEN 2 ELSE 1 END AS at "
        "FROM main.sqlite_schema WHERE type IN ('table', 'view')) AS o "
        "ON o.name = s.tbl_name COLLATE NOCASE WHERE s.sql IS NOT NULL AND %s "
        "ORDER BY o.at, lower(o.name), o.name, CASE s.type WHEN 'index' THEN 2 "
        "WHEN 'trigger' THEN 3 ELSE 1 END, lower(s.name), s.name", owned);

    while (db_step(d->a, stmt)) {
        Text sql = db_text(d->a, stmt, 1);
        if (db_int(stmt, 2))
            dumpPushObject(d, db_text(d->a, stmt, 0), sql, (int)db_int(stmt, 3));
        dumpPushText(d, sql);
    }
    db_finish(stmt);
}

/* ---- writing ---- */

/* One statement.  Its end may be a comment, which would swallow the semicolon. */
static void dumpWrite(Dump *d, Text sql)
{
    Token token, last = {TOKEN_END, {NULL, 0}, 0};
    int offset = 0;

    while ((token = token_next(sql, &offset)).kind != TOKEN_END)
        last = token;
    text_append(d->out, "%s%Ts%s;\n",
        sqlite3_str_length(d->out) ? "\n" : "", sql,
        last.kind != TOKEN_COMMENT ? "" : text_starts(last.text, "--") ? "\n"
        : token_is_open(last) ? " */" : "");
}

/* The next name that the object may need; the end, if there is none. */
static Token dumpName(DumpObject *object)
{
    Token token = token_next_solid(object->sql, &object->at);

    while (object->is_virtual && token.kind != TOKEN_END) {
        int is_content = token_is(token, "content");
        token = token_next_solid(object->sql, &object->at);
        if (is_content && token.kind == TOKEN_OPERATOR)
            return token_next_solid(object->sql, &object->at);
    }
    return token;
}

/* The next object that object needs and that is not begun; or -1. */
static int dumpNeed(Dump *d, DumpObject *object)
{
    Token token;

    while (!object->is_table && ok(d->a)
           && (token = dumpName(object)).kind != TOKEN_END) {
        int i = token_is_name(token)
              ? map_find(&d->by_name, dumpFold(d->a, token_name(d->a, token))) : -1;
        if (i >= 0 && !d->v[i].is_begun)
            return i;
    }
    return -1;
}

/* Writes an object after what it needs. */
static void dumpObject(Dump *d, int i)
{
    int n = 0, j;

    d->stack[n++] = i;
    while (n > 0 && ok(d->a)) {
        DumpObject *object = &d->v[d->stack[n - 1]];
        int need;
        object->is_begun = 1;
        need = dumpNeed(d, object);
        if (need >= 0) {
            d->stack[n++] = need;
            continue;
        }
        for (j = 0; j < object->ntext; j++)
            dumpWrite(d, d->text[object->first + j]);
        n--;
    }
}

MIG_FUNC const char *dump_schema(Arena *outer, sqlite3 *db, const char *owned)
{
    Dump d = {0};
    Arena a;
    int i;

    arena_init(&a, outer->err);
    d.a = &a;
    d.out = text_begin();
    if (ok(&a))
        map_init(&a, &d.by_name, 0);
    dumpRead(&d, db, owned);
    d.stack = ok(&a) ? ARENA_NEW(&a, int, d.n) : NULL;
    for (i = 0; i < d.n && ok(&a); i++)
        if (!d.v[i].is_begun)
            dumpObject(&d, i);
    arena_release(&a);
    return text_finish(outer, d.out);
}
