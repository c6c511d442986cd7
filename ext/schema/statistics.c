/*
** What ANALYZE found.  See statistics.h.
**
** Source: https://www.sqlite.org/fileformat2.html#stat1tab.
*/
#include "statistics.h"

/* How many rows are equal; which values there are. */
static const char statisticsTable[][13] = {"sqlite_stat1", "sqlite_stat3",
                                           "sqlite_stat4"};
#define STATISTICS_TABLES 3

static int statisticsHas(Work *w, const char *table)
{
    return ok(w->a) && db_value(w->a, w->db, "SELECT 1 FROM \"%Tw\".sqlite_schema "
                                "WHERE name = %Q", w->schema, table) != 0;
}

/* The key of a table WITHOUT ROWID is the table, and goes by its name. */
MIG_FUNC Statistics statistics_read(Work *w, Text table)
{
    Statistics s = {{NULL, 0, 0}, {NULL, 0, 0}};
    sqlite3_stmt *stmt;

    if (!statisticsHas(w, statisticsTable[0]))
        return s;
    stmt = db_prepare(w->a, w->db, "SELECT CASE WHEN l.origin = 'pk' AND t.wr "
        "THEN t.name ELSE l.name END, (SELECT group_concat(quote(lower(name)) || ' ' "
        "|| lower(coll) || ' ' || \"desc\") FROM pragma_index_xinfo(l.name, %TQ) "
        "WHERE key) FROM pragma_table_list(%TQ) AS t, "
        "pragma_index_list(t.name, %TQ) AS l "
        "WHERE t.schema = %TQ COLLATE NOCASE AND l.origin <> 'c' ORDER BY l.name",
        w->schema, table, w->schema, w->schema);
    while (db_step(w->a, stmt)) {
        names_push(w->a, &s.index, db_text(w->a, stmt, 0));
        names_push(w->a, &s.key, db_text(w->a, stmt, 1));
    }
    db_finish(stmt);
    return s;
}

/* True if the key has one of the columns in it. */
static int statisticsHasColumn(Work *w, Text key, const Names *columns)
{
    int i;

    for (i = 0; i < columns->n; i++)
        if (db_value(w->a, w->db, "SELECT instr(%TQ, quote(lower(%TQ)) || ' ')", key,
                     columns->v[i]))
            return 1;
    return 0;
}

static void statisticsForget(Work *w, Text table, Text index, int from)
{
    int i;

    for (i = from; i < STATISTICS_TABLES; i++)
        if (statisticsHas(w, statisticsTable[i]))
            work_run(w, "DELETE FROM \"%Tw\".%s WHERE tbl = %TQ COLLATE NOCASE AND "
                     "idx = %TQ COLLATE NOCASE", w->schema, statisticsTable[i], table,
                     index);
}

MIG_FUNC void statistics_forget(Work *w, Text table, Text index)
{
    statisticsForget(w, table, index, 0);
}

MIG_FUNC void statistics_forget_values(Work *w, Text table, Text index)
{
    statisticsForget(w, table, index, 1);
}

/* What an index is called now; z NULL: there is none of which the same is true. */
static Text statisticsNow(Work *w, Text key, const Statistics *after,
                          const StatisticsChange *change)
{
    static const Text none = {NULL, 0};
    int at = names_find(&after->key, key);

    if (at < 0 || statisticsHasColumn(w, key, &change->equals))
        return none;
    return after->index.v[at];
}

MIG_FUNC void statistics_follow(Work *w, Text table, const Statistics *before,
                                const StatisticsChange *change)
{
    Statistics after = statistics_read(w, table);
    sqlite3_str *moves = text_begin();
    const char *moved;
    int i;

    for (i = 0; i < before->index.n && ok(w->a); i++) {
        Text was = before->index.v[i], key = before->key.v[i];
        Text is = statisticsNow(w, key, &after, change);
        if (!is.z)
            statistics_forget(w, table, was);
        else if (statisticsHasColumn(w, key, &change->values))
            statistics_forget_values(w, table, was);
        if (is.z && !text_eq(was, is))
            text_append(moves, " WHEN %TQ THEN %TQ", was, is);
    }
    moved = text_finish(w->a, moves);
    for (i = 0; i < STATISTICS_TABLES && *moved; i++)
        if (statisticsHas(w, statisticsTable[i]))
            work_run(w, "UPDATE \"%Tw\".%s SET idx = CASE idx%s ELSE idx END WHERE "
                     "tbl = %TQ COLLATE NOCASE", w->schema, statisticsTable[i], moved,
                     table);
}

MIG_FUNC void statistics_rename(Work *w, Text from, Text to)
{
    int i;

    for (i = 0; i < STATISTICS_TABLES; i++)
        if (statisticsHas(w, statisticsTable[i]))
            work_run(w, "UPDATE \"%Tw\".%s SET tbl = %TQ, idx = CASE WHEN idx = tbl "
                     "THEN %TQ WHEN idx GLOB 'sqlite_autoindex_*' THEN "
                     "'sqlite_autoindex_' || %TQ || substr(idx, 18 + length(%TQ)) ELSE "
                     "idx END WHERE tbl = %TQ COLLATE NOCASE", w->schema,
                     statisticsTable[i], to, to, to, from, from);
}
