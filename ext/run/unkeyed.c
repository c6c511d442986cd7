/*
** Running a section with foreign_keys:off.  See unkeyed.h.
*/
#include "unkeyed.h"

#include "../base/map.h"
#include "execute.h"
#include "foreign.h"

MIG_FUNC int unkeyed_is(const Runner *r, const Section *section)
{
    return section->no_foreign_keys
        && (r->script ? r->script->foreign_keys : r->foreign_keys);
}

/* Runs the section within a savepoint, which stays open, and learns what it
** touches. */
static void unkeyedTry(Runner *r, Arena *a, Foreign *f, const Body *body,
                       SectionKind kind)
{
    foreign_begin(a, f, r->db);
    db_exec(a, r->db, "SAVEPOINT _migrate_unkeyed");
    r->foreign = f;
    execute_section(a, r, body, kind, NULL);
    r->foreign = NULL;
    foreign_end(a, f, r->db);
}

/* Refuses what is in after and not in before. */
static void unkeyedCompare(Arena *a, const Body *body, const ForeignRows *before,
                           const ForeignRows *after)
{
    const char *first = NULL;
    Map known;
    int i, nnew = 0;

    map_init(a, &known, before->key.n);
    for (i = 0; i < before->key.n; i++)
        map_add(a, &known, before->key.v[i], i);
    for (i = 0; i < after->key.n && ok(a); i++)
        if (map_find(&known, after->key.v[i]) < 0 && nnew++ == 0)
            first = after->text.v[i].z;
    if (nnew && ok(a))
        err_set(a->err, ERR_FOREIGN_KEY, "%s: the section with foreign_keys:off "
                "leaves %d rows that refer to nothing, the first: %s",
                body->name, nnew, first);
}

/* For real.  What the section breaks is told from what was broken before by going
** back and looking, which costs only where something is. */
static void unkeyedCheck(Runner *r, Arena *a, const Body *body, SectionKind kind)
{
    Foreign f;
    ForeignRows after, before = {{0}, {0}};

    unkeyedTry(r, a, &f, body, kind);
    after = foreign_violations(a, &f, r->db);
    if (after.key.n && ok(a)) {
        db_exec(a, r->db, "ROLLBACK TO _migrate_unkeyed");
        before = foreign_violations(a, &f, r->db);
        execute_section(a, r, body, kind, NULL);
    }
    db_exec(a, r->db, "RELEASE _migrate_unkeyed");
    unkeyedCompare(a, body, &before, &after);
}

/* The check of a script: what is broken before is kept in a temporary table. */
static void unkeyedWriteBefore(Runner *r, Arena *a, const Foreign *f)
{
    const char *query = foreign_query(a, f, r->db);

    script_statement(r->script, text_of(text_format(a,
        "CREATE TEMP TABLE _migrate_unkeyed(child, refers, n)")));
    if (*query)
        script_statement(r->script, text_of(text_format(a, "INSERT INTO "
            "temp._migrate_unkeyed SELECT child, refers, n FROM (\n%s)", query)));
}

static void unkeyedWriteAfter(Runner *r, Arena *a, const Foreign *f)
{
    const char *query = foreign_query(a, f, r->db);

    if (*query)
        script_check(a, r->script, text_of(text_format(a, "SELECT NOT EXISTS "
            "(SELECT child, refers, n FROM (\n%s)\nEXCEPT SELECT * FROM temp._migrate_unkeyed)", query)), 1);
    script_statement(r->script, text_of("DROP TABLE temp._migrate_unkeyed"));
}

/* For a script: the section runs twice, first to learn what it touches. */
static void unkeyedWrite(Runner *r, Arena *a, const Body *body, SectionKind kind)
{
    int was = r->script->is_muted;
    Foreign f;

    r->script->is_muted = 1;
    unkeyedTry(r, a, &f, body, kind);
    db_exec(a, r->db, "ROLLBACK TO _migrate_unkeyed");
    db_exec(a, r->db, "RELEASE _migrate_unkeyed");
    r->script->is_muted = was;
    unkeyedWriteBefore(r, a, &f);
    execute_section(a, r, body, kind, NULL);
    unkeyedWriteAfter(r, a, &f);
}

MIG_FUNC void unkeyed_run(Runner *r, Arena *a, const Body *body, SectionKind kind)
{
    int was = foreign_switch(r->db, 0);

    if (r->script)
        unkeyedWrite(r, a, body, kind);
    else
        unkeyedCheck(r, a, body, kind);
    foreign_switch(r->db, was);
}

/* Nothing can be undone here: so every table is looked at, before and after. */
MIG_FUNC void unkeyed_run_alone(Runner *r, Arena *a, const Body *body,
                                SectionKind kind, int *ndone)
{
    int was = foreign_switch(r->db, 0);
    Foreign f;
    ForeignRows before, after;

    foreign_begin(a, &f, r->db);
    foreign_touch_all(a, &f, r->db);
    before = foreign_violations(a, &f, r->db);
    if (r->script) {
        script_foreign_keys(r->script, 0);
        unkeyedWriteBefore(r, a, &f);
    }
    execute_section(a, r, body, kind, ndone);
    foreign_touch_all(a, &f, r->db);
    if (r->script) {
        unkeyedWriteAfter(r, a, &f);
    } else {
        after = foreign_violations(a, &f, r->db);
        unkeyedCompare(a, body, &before, &after);
    }
    foreign_switch(r->db, was);
}

MIG_FUNC void unkeyed_begin(Runner *r)
{
    runner_commit(r);
    script_foreign_keys(r->script, 0);
    runner_begin(r);
}

MIG_FUNC void unkeyed_commit(Runner *r)
{
    runner_commit(r);
    script_foreign_keys(r->script, 1);
}
