/*
** What one schema has and another has not.
**
** Most objects of two schemas are the same to the byte, and are not even read.  A
** pair of tables that differ has a list of items: each is a row of migrate_diff and,
** where section 7 of SPEC has one, an action of ALTER TABLE.
*/
#ifndef MIG_DIFFERENCE_H
#define MIG_DIFFERENCE_H

#include "shape.h"

typedef struct DiffItem {
    const char *kind;           /* "column", "check", "option" ... */
    const char *change;         /* "add", "drop", "change", "rename" */
    Text name;                  /* of what it is about; may be empty */
    const char *detail;         /* for people */
    const char *action;         /* of ALTER TABLE; NULL: there is none */
    const char *danger;         /* "DESTRUCTIVE: ...", "REVIEW: ..." or NULL */
    int column;                 /* ADD COLUMN: its place; else -1 */
} DiffItem;

/* A pair of tables that are not the same, by whatever name. */
typedef struct DiffTable {
    const ModelObject *from, *to;
    const Rename *rename;       /* NULL: it keeps its name */
    Shape old, new;
    int *from_of;               /* for each new column the old one, or -1 */
    int *to_of;                 /* for each old column the new one, or -1 */
    DiffItem *v;
    int n, cap;
    int is_moved;               /* columns that both have change places */
    const char *rebuild;        /* why no ALTER TABLE can say it; NULL: it can */
} DiffTable;

/* Any other object, or a table that only one has. */
typedef struct DiffObject {
    const ModelObject *from, *to;   /* NULL: there is none */
    const Rename *rename;           /* of a virtual table */
    int is_same;                    /* but for its name */
} DiffObject;

typedef struct Diff {
    const Model *from, *to;
    Renames renames;            /* all of them, guessed ones too */
    DiffTable *table;
    int ntable, captable;
    DiffObject *object;         /* first what is only in from, in its order; then
                                ** what is new or changed, in the order of to */
    int nobject, capobject;
} Diff;

typedef struct DiffOptions {
    const Renames *said;        /* renames that somebody asked for; may be NULL.  A
                                ** column's table is known by its old name or new */
    int is_final;               /* take those, heed no hint and guess nothing */
} DiffOptions;

#endif
