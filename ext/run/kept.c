/*
** Revisions that the source does not have.  See kept.h.
*/
#include "kept.h"

#include "applied.h"

/* Not json_valid(): it says no where memory ran out, too. */
static int keptIsArray(Arena *a, sqlite3 *db, Text json)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT json_type(%TQ) = 'array'", json);
    int rc = stmt ? sqlite3_step(stmt) : SQLITE_DONE;
    int is_array = rc == SQLITE_ROW && db_int(stmt, 0);

    if (rc != SQLITE_ROW && rc != SQLITE_ERROR && stmt)     /* an error: no JSON */
        db_fail(a, db, rc, ERR_SQL);
    db_finish(stmt);
    return is_array;
}

/* The texts of a JSON array; if it is none, the log cannot be believed. */
static Names keptNames(Arena *a, sqlite3 *db, Text json, int *is_logged)
{
    Names names = {0};
    sqlite3_stmt *stmt;

    if (!keptIsArray(a, db, json)) {
        *is_logged = 0;
        return names;
    }
    stmt = db_prepare(a, db, "SELECT value FROM json_each(%TQ) WHERE type = 'text'",
                      json);
    while (db_step(a, stmt))
        names_push(a, &names, db_text(a, stmt, 0));
    db_finish(stmt);
    return names;
}

/* What the log has of a revision; mark is NULL if it has nothing. */
static Kept keptOf(Arena *a, sqlite3 *db, Text id, const HistoryMark *mark)
{
    Kept kept = {0};
    Revision *revision = &kept.revision;

    revision->id = id;
    revision->name = text_format(a, "_migrate_log/%Ts", id);
    if (!mark)
        return kept;
    kept.checksum = mark->checksum;
    kept.downgrade = history_downgrade(a, db, mark->log_id);
    kept.is_logged = 1;
    revision->message = revision->doc = mark->message;
    revision->down = keptNames(a, db, mark->down_revisions, &kept.is_logged);
    revision->depends = keptNames(a, db, mark->depends_on, &kept.is_logged);
    revision->labels = keptNames(a, db, mark->branch_labels, &kept.is_logged);
    return kept;
}

static void keptPushAll(Arena *a, Names *names, const Names *more)
{
    int i;

    for (i = 0; i < more->n; i++)
        names_push(a, names, more->v[i]);
}

/* Whether the source knows all the rows, as it nearly always does. */
static int keptHasAll(const Graph *g, const Names *rows)
{
    int i;

    for (i = 0; i < rows->n && graph_find(g, rows->v[i]) >= 0; i++) {}
    return i == rows->n;
}

MIG_FUNC void kept_read(Arena *a, sqlite3 *db, const Graph *g, const Names *rows,
                        KeptList *list)
{
    Applied applied;
    Names todo = {0};
    Map known;
    int i;

    if (keptHasAll(g, rows))
        return;
    applied = applied_read(a, db);
    map_init(a, &known, list->n);
    for (i = 0; i < list->n; i++)
        map_add(a, &known, list->v[i].revision.id, i);
    keptPushAll(a, &todo, rows);
    for (i = 0; i < todo.n && ok(a); i++) {
        Kept *kept;
        if (graph_find(g, todo.v[i]) >= 0
            || map_add(a, &known, todo.v[i], list->n) >= 0
            || !ARENA_PUSH(a, list->v, list->n, list->cap))
            continue;
        kept = &list->v[list->n++];
        *kept = keptOf(a, db, todo.v[i], applied_find(&applied, todo.v[i]));
        keptPushAll(a, &todo, &kept->revision.down);
        keptPushAll(a, &todo, &kept->revision.depends);
    }
}
