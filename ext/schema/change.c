/*
** The change that an ALTER TABLE asks for.  See change.h.
*/
#include "change.h"

/* Where the table is looked for: a table of temp hides one of main. */
static int changeHasTable(Arena *a, sqlite3 *db, const Alter *alter)
{
    static const char *const exists = "SELECT 1 FROM \"%.*w\".sqlite_schema "
        "WHERE type IN ('table', 'view') AND name = %.*Q COLLATE NOCASE";
    Text schema = alter->schema;

    if (schema.n)
        return db_value(a, db, exists, TEXT_ARG(schema),
                        TEXT_ARG(alter->table)) != 0;
    return db_value(a, db, exists, 4, "temp", TEXT_ARG(alter->table)) != 0
        || db_value(a, db, exists, 4, "main", TEXT_ARG(alter->table)) != 0;
}

/* True if the table has the column: one that SELECT * hides counts too. */
static int changeHasColumn(Arena *a, sqlite3 *db, const Change *change, Text column)
{
    return db_value(a, db, "SELECT 1 FROM pragma_table_xinfo(%.*Q, "
        "nullif(%.*Q, '')) WHERE name = %.*Q COLLATE NOCASE",
        TEXT_ARG(change->table), TEXT_ARG(change->alter->schema),
        TEXT_ARG(column)) != 0;
}

/* Whether IF EXISTS or IF NOT EXISTS spares the action.  Without its table none is
** spared: SQLite shall say so. */
static int changeIsSpared(Arena *a, sqlite3 *db, const Change *change,
                          const AlterAction *action)
{
    int is_there;

    if (!action->if_exists)
        return 0;
    is_there = changeHasColumn(a, db, change, action->column);
    if (action->kind == ALTER_ADD_COLUMN)
        return is_there;
    return !is_there && db_value(a, db, "SELECT 1 FROM pragma_table_xinfo(%.*Q, "
        "nullif(%.*Q, ''))", TEXT_ARG(change->table),
        TEXT_ARG(change->alter->schema)) != 0;
}

/* RENAME TO name: what follows is about the table of that name. */
static void changeRename(Arena *a, Change *change, const AlterAction *action)
{
    Text schema = change->alter->schema;
    int offset = 0;

    token_next_solid(action->words, &offset);       /* TO */
    change->table = token_name(a, token_next_solid(action->words, &offset));
    change->name = text_of(schema.n
        ? text_format(a, "\"%.*w\".\"%.*w\"", TEXT_ARG(schema),
                      TEXT_ARG(change->table))
        : text_format(a, "\"%.*w\"", TEXT_ARG(change->table)));
}

MIG_FUNC void change_begin(Arena *a, sqlite3 *db, Change *change,
                           const Alter *alter, Text sql)
{
    memset(change, 0, sizeof *change);
    change->alter = alter;
    change->sql = sql;
    change->table = alter->table;
    change->name = alter->name;
    change->is_spared = alter->if_exists && !changeHasTable(a, db, alter);
}

MIG_FUNC int change_next(Arena *a, sqlite3 *db, Change *change, ChangeStep *step)
{
    static const char *const verb[] = {
        [ALTER_ADD_COLUMN] = "ADD COLUMN", [ALTER_DROP_COLUMN] = "DROP COLUMN",
        [ALTER_RENAME_COLUMN] = "RENAME", [ALTER_RENAME_TABLE] = "RENAME",
    };

    while (change->at < change->alter->n && ok(a)) {
        const AlterAction *action = &change->alter->v[change->at++];
        char *head;

        if (action->all.n == 0) {
            err_set(a->err, ERR_SQL, "ALTER TABLE %.*s: an action is missing",
                    TEXT_ARG(change->name));
            return 0;
        }
        if (action->kind == ALTER_OTHER || action->is_placed) {
            err_set(a->err, ERR_UNSUPPORTED, "ALTER TABLE %.*s: this cannot be "
                    "done yet: %.*s", TEXT_ARG(change->name),
                    TEXT_ARG(action->all));
            return 0;
        }
        if (change->is_spared || changeIsSpared(a, db, change, action))
            continue;
        head = text_format(a, "ALTER TABLE %.*s %s ", TEXT_ARG(change->name),
                           verb[action->kind]);
        step->head = (int)strlen(head);
        step->offset = (int)(action->words.z - change->sql.z);
        step->sql = text_of(text_format(a, "%s%.*s", head,
                                        TEXT_ARG(action->words)));
        if (action->kind == ALTER_RENAME_TABLE)
            changeRename(a, change, action);
        return ok(a);
    }
    return 0;
}
