/*
** The change that an ALTER TABLE asks for.  See change.h.
*/
#include "change.h"

/* True if the table has the column: one that SELECT * hides counts too. */
static int changeHasColumn(Arena *a, sqlite3 *db, const Alter *alter, Text column)
{
    return db_value(a, db, "SELECT 1 FROM pragma_table_xinfo(%.*Q, "
        "nullif(%.*Q, '')) WHERE name = %.*Q COLLATE NOCASE",
        TEXT_ARG(alter->table), TEXT_ARG(alter->schema), TEXT_ARG(column)) != 0;
}

static int changeHasTable(Arena *a, sqlite3 *db, const Alter *alter)
{
    return db_value(a, db, "SELECT 1 FROM \"%.*w\".sqlite_schema WHERE "
        "type = 'table' AND name = %.*Q COLLATE NOCASE",
        alter->schema.n ? alter->schema.n : 4,
        alter->schema.n ? alter->schema.z : "main", TEXT_ARG(alter->table)) != 0;
}

/* Whether IF EXISTS or IF NOT EXISTS spares the action. */
static int changeIsSpared(Arena *a, sqlite3 *db, const Alter *alter,
                          const AlterAction *action)
{
    if (alter->if_exists && !changeHasTable(a, db, alter))
        return 1;
    if (!action->if_exists)
        return 0;
    return changeHasColumn(a, db, alter, action->column)
        == (action->kind == ALTER_ADD_COLUMN);
}

MIG_FUNC int change_next(Arena *a, sqlite3 *db, const Alter *alter, Text sql,
                         int *at, ChangeStep *step)
{
    static const char *const verb[] = {
        [ALTER_ADD_COLUMN] = "ADD COLUMN", [ALTER_DROP_COLUMN] = "DROP COLUMN",
        [ALTER_RENAME_COLUMN] = "RENAME", [ALTER_RENAME_TABLE] = "RENAME",
    };

    for (; *at < alter->n && ok(a); ++*at) {
        const AlterAction *action = &alter->v[*at];
        char *head;

        if (action->kind == ALTER_OTHER) {
            err_set(a->err, ERR_UNSUPPORTED, "ALTER TABLE %.*s: this cannot be "
                    "done yet: %.*s", TEXT_ARG(alter->name),
                    TEXT_ARG(action->all));
            return 0;
        }
        if (changeIsSpared(a, db, alter, action))
            continue;
        head = text_format(a, "ALTER TABLE %.*s %s ", TEXT_ARG(alter->name),
                           verb[action->kind]);
        step->head = (int)strlen(head);
        step->offset = (int)(action->words.z - sql.z);
        step->sql = text_of(text_format(a, "%s%.*s", head,
                                        TEXT_ARG(action->words)));
        ++*at;
        return ok(a);
    }
    return 0;
}
