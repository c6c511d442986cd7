/*
** What a table is to become by a row of ALTER TABLE's actions, and the
** cheapest way to get there.
**
** An edit of the stored text is right where the stored rows mean the same before
** and after it, or were checked.  Where that is not certain the table is rebuilt.
*/
#ifndef MIG_RECAST_H
#define MIG_RECAST_H

#include "../sql/alter.h"
#include "relation.h"

/* In order: what does more can do what does less. */
typedef enum ChangeWay {
    CHANGE_NOTHING, CHANGE_NATIVE, CHANGE_IN_PLACE, CHANGE_REBUILD
} ChangeWay;

/* A column of the new table, and where its values come from. */
typedef struct RecastColumn {
    Text name;
    Text expr;              /* of the old table's columns; z NULL: its default */
    int is_new;
    int is_retyped;         /* by TYPE */
    int is_changed;         /* its values, or how they compare, may differ */
    int is_regrouped;       /* and rows may be equal by it that were not, or the other
                            ** way round, for more than its type */
} RecastColumn;

typedef struct Recast {
    const Relation *relation;
    DdlTable ddl;           /* as it is to be */
    RecastColumn *v;         /* in the order of ddl's columns */
    int n, cap;
    ChangeWay way;
    int ndrop;              /* columns that SQLite itself could drop */
    int is_not_in_place;    /* SQLite itself, or a rebuild: nothing between them */
    int is_recheck;         /* CHECKs that were held have to be asked again */
    Names defaults;         /* columns whose DEFAULT changes: in place only if every
                            ** row is long enough to have them */
} Recast;

MIG_FUNC void recast_begin(Arena *a, Recast *recast, const Relation *relation);

/* Does one action to it; false if that changes nothing.  is_native: SQLite's
** own ALTER TABLE can read it.  Errors: sql-error, constraint. */
MIG_FUNC int recast_action(Arena *a, Recast *recast, const AlterAction *action,
                           int is_native);

/* True if rows that are there would have NULL in a new column of that definition. */
MIG_FUNC int recast_is_null(Arena *a, const DdlColumn *column);

/* Where the values of a column of the new table come from. */
MIG_FUNC const RecastColumn *recast_column(const Recast *recast, Text name);

#endif
