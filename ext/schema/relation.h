/*
** A table as it stands in a database, with what hangs on it.
*/
#ifndef MIG_RELATION_H
#define MIG_RELATION_H

#include "../base/db.h"
#include "../sql/ddl.h"

typedef struct RelationIndex {
    Text name, sql;
    DdlIndex ddl;
} RelationIndex;

typedef struct Relation {
    Text schema, name;      /* as they are stored */
    DdlTable ddl;
    RelationIndex *index;   /* made by CREATE INDEX */
    int nindex, capindex;
    Names children;         /* other tables whose foreign keys refer to it */
    const char *rowid;      /* a name of its rowid, as SQL; NULL: there is none */
    int rowid_column;       /* INTEGER PRIMARY KEY, or -1 */
    int is_empty;
} Relation;

/* Looks a table or view up as SQLite does: in schema, or, where that is empty, in
** temp, main, and what is attached, in this order.  False if there is none.
** *schema is the database that has it. */
MIG_FUNC int relation_find(Arena *a, sqlite3 *db, Text name, Text *schema);

/* True if the table is a part of a virtual one. */
MIG_FUNC int relation_is_shadow(Arena *a, sqlite3 *db, Text schema, Text name);

/* Reads a table.  Errors: sql-error, if there is none; unsupported, if it is not
** an ordinary table, or its statement cannot be read. */
MIG_FUNC void relation_read(Arena *a, sqlite3 *db, Text schema, Text name,
                            Relation *relation);

/* The affinity that a column has in that table: ddl_affinity(), but none for ANY in a
** STRICT one. */
MIG_FUNC const char *relation_affinity(const DdlTable *table,
                                       const DdlColumn *column);

/* A name of the rowid that no column has; NULL: none is left, or there is no rowid. */
MIG_FUNC const char *relation_rowid_name(const DdlTable *table);

/* True if the table or one of its indexes has a word in double quotes that SQLite took
** for a string. */
MIG_FUNC int relation_has_strings(Arena *a, const Relation *relation);

/* True if the index is made of the column, or asks for it. */
MIG_FUNC int relation_index_names(Arena *a, const RelationIndex *index, Text column);

#endif
