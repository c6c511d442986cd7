/*
** seed.sql.  See seed.h.
*/
#include "seed.h"

#include "../source/revision.h"

static void seedPush(Arena *a, Seed *seed, Text file, int from, int to)
{
    SeedItem item = {text_slice(file, from, to), text_place(file, from), 0};
    Statement statement = statement_of(a, item.sql);

    if (statement.kind != STATEMENT_CHANGE && statement.kind != STATEMENT_QUERY)
        err_set(a->err, ERR_SQL, "%s:%d:%d: only SELECT, INSERT, UPDATE and DELETE "
                "have a place here", seed->name, item.place.line, item.place.col);
    if (ok(a) && ARENA_PUSH(a, seed->v, seed->n, seed->cap))
        seed->v[seed->n++] = item;
}

MIG_FUNC Seed seed_read(Arena *a, const Tree *tree)
{
    Seed seed = {SEED_FILE, NULL, 0, 0};
    StatementState none = {0, 0, 0}, state = none;
    int offset = 0, from = 0, to = 0;
    Token token;
    Text file;

    if (!ok(a) || tree_find(a, tree, SEED_FILE) == FILE_NONE)
        return seed;
    file = revision_normalise(a, tree_read(a, tree, SEED_FILE));
    while (ok(a) && (token = token_next_solid(file, &offset)).kind != TOKEN_END) {
        if (statement_push(&state, token)) {
            if (to > from)
                seedPush(a, &seed, file, from, to);
            state = none;
            from = to = offset;
            continue;
        }
        if (state.ntoken == 1)
            from = token.offset;
        to = offset;
    }
    if (ok(a) && to > from)
        seedPush(a, &seed, file, from, to);
    return seed;
}

static void seedFail(Arena *a, const Seed *seed, const SeedItem *item, sqlite3 *db,
                     int rc)
{
    int is_key = sqlite3_extended_errcode(db) == SQLITE_CONSTRAINT_FOREIGNKEY;

    err_set(a->err, is_key ? ERR_FOREIGN_KEY : db_code(rc, ERR_SQL), "%s:%d:%d: %s", seed->name, item->place.line,
            item->place.col, sqlite3_errmsg(db));
}

MIG_FUNC void seed_run(Arena *a, Seed *seed, sqlite3 *db)
{
    int i;

    for (i = 0; i < seed->n && ok(a); i++) {
        SeedItem *item = &seed->v[i];
        sqlite3_stmt *stmt = NULL;
        int rc;

        if (item->is_done)
            continue;
        rc = sqlite3_prepare_v2(db, item->sql.z, item->sql.n, &stmt, NULL);
        if ((rc & 0xff) == SQLITE_ERROR)
            continue;           /* its tables are not there yet */
        item->is_done = 1;
        while (rc == SQLITE_OK || rc == SQLITE_ROW)
            rc = sqlite3_step(stmt);
        if (rc != SQLITE_DONE)
            seedFail(a, seed, item, db, rc);
        sqlite3_finalize(stmt);
    }
}

MIG_FUNC void seed_check(Arena *a, const Seed *seed, sqlite3 *db)
{
    int i;

    for (i = 0; i < seed->n && ok(a); i++) {
        sqlite3_stmt *stmt = NULL;
        int rc;

        if (seed->v[i].is_done)
            continue;
        rc = sqlite3_prepare_v2(db, seed->v[i].sql.z, seed->v[i].sql.n, &stmt, NULL);
        if (rc != SQLITE_OK)
            seedFail(a, seed, &seed->v[i], db, rc);
        if (rc != SQLITE_OK)
            err_append(a->err, "; it fits no revision");
        sqlite3_finalize(stmt);
    }
}
