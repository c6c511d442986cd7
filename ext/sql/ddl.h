/*
** What a CREATE statement of a schema says, and where it says so.
**
** Everything read is a slice of the statement, so that a change can edit exactly
** the clause that it is about and leave the author's text alone.  Names are
** unquoted; their tokens are kept beside them.  The statements are those that
** sqlite_schema holds, so SQLite has accepted them already.  What a later SQLite
** may add is not guessed at: the reader says where it stopped.
**
** Source of the grammar: SQLite's parse.y; https://www.sqlite.org/lang.html.
*/
#ifndef MIG_DDL_H
#define MIG_DDL_H

#include "token.h"

typedef enum DdlKind {
    DDL_TABLE, DDL_VIRTUAL, DDL_INDEX, DDL_VIEW, DDL_TRIGGER, DDL_UNKNOWN
} DdlKind;

typedef enum ClauseKind {
    CLAUSE_PRIMARY_KEY, CLAUSE_UNIQUE, CLAUSE_CHECK, CLAUSE_FOREIGN_KEY,
    CLAUSE_NOT_NULL,
    CLAUSE_NULL,            /* says nothing */
    CLAUSE_DEFAULT, CLAUSE_COLLATE, CLAUSE_GENERATED,
    CLAUSE_DEFER,           /* DEFERRABLE that stands apart from its REFERENCES */
    CLAUSE_NAME             /* CONSTRAINT name, and nothing that bears it */
} ClauseKind;

/* One term of a key or an index. */
typedef struct DdlTerm {
    Text all;
    Text expr;              /* without COLLATE, ASC or DESC at its end; of a column
                            ** just its name, in "" if it stands in '' */
    Text column;            /* the name, if expr is nothing else; else z is NULL */
    Text collate;           /* z NULL: none is given */
    int is_desc;
} DdlTerm;

/* A constraint of a table, or what follows a column's type. */
typedef struct DdlClause {
    ClauseKind kind;
    Text all;               /* with CONSTRAINT name before it */
    Text name;              /* z NULL: it has none */
    Text name_token;
    Text body;              /* CHECK, GENERATED: what is in the parentheses;
                            ** DEFAULT: the value as it is written;
                            ** COLLATE: the name */
    Text conflict;          /* ON CONFLICT: the word; z NULL: none is given */
    DdlTerm *term;          /* PRIMARY KEY and UNIQUE of a table: its key;
                            ** FOREIGN KEY of a table: the columns */
    int nterm;
    int is_desc;            /* PRIMARY KEY of a column */
    int is_autoincrement;
    Text autoincrement;     /* the token */
    int is_stored;          /* GENERATED */
    Text parent;            /* FOREIGN KEY: the table it refers to, */
    Text parent_token;
    DdlTerm *parent_term;   /* and its columns, if they are given */
    int nparent;
    Text on_delete, on_update;  /* "SET NULL", "CASCADE"...; z NULL: none given */
    int is_deferred;        /* DEFERRABLE INITIALLY DEFERRED */
} DdlClause;

typedef struct DdlColumn {
    Text all;               /* from its name to its last clause */
    Text name, name_token;
    Text type;              /* as it is written; n is 0 if there is none */
    Text declared;          /* as SQLite takes it: with what stands between it and
                            ** GENERATED ALWAYS, be it a comment */
    DdlClause *v;
    int n, cap;
} DdlColumn;

typedef struct DdlTable {
    Text sql;
    Text name, name_token;
    Text body;              /* from "(" to ")", both included */
    DdlColumn *column;
    int ncolumn, capcolumn;
    DdlClause *v;           /* the table's own constraints */
    int n, cap;
    Text options;           /* what follows ")"; n may be 0 */
    int is_strict, is_without_rowid;
} DdlTable;

typedef struct DdlIndex {
    Text sql;
    Text name, name_token, table, table_token;
    int is_unique;
    DdlTerm *term;
    int nterm;
    Text where;             /* the condition; n is 0 if there is none */
} DdlIndex;

/* A view, a trigger or a virtual table. */
typedef struct DdlObject {
    DdlKind kind;
    Text sql;
    Text name, name_token;
    Text table, table_token;    /* a trigger's; a virtual table's module */
    Text event;                 /* a trigger's: the word INSERT, UPDATE or DELETE */
    Text rest;                  /* all that follows the name */
} DdlObject;

/* What sort of statement it is: CREATE TABLE and so on. */
MIG_FUNC DdlKind ddl_kind(Text sql);

/* Reads a CREATE TABLE, CREATE INDEX, or one of the others.  False if it cannot be
** read as a whole, and then *stopped is the token that was not understood (memory
** that ran out is in the Err as ever). */
MIG_FUNC int ddl_read_table(Arena *a, Text sql, DdlTable *table, Text *stopped);
MIG_FUNC int ddl_read_index(Arena *a, Text sql, DdlIndex *index, Text *stopped);
MIG_FUNC int ddl_read_object(Arena *a, Text sql, DdlObject *object, Text *stopped);

/* Reads a column-def that is all of sql; a constraint of a table that is. */
MIG_FUNC int ddl_read_column(Arena *a, Text sql, DdlColumn *column, Text *stopped);
MIG_FUNC int ddl_read_clause(Arena *a, Text sql, DdlClause *clause, Text *stopped);

/* The column of that name, or -1. */
MIG_FUNC int ddl_find_column(const DdlTable *table, Text name);

/* The type without its quotes, if they are around all of it and no other is in it, as
** SQLite takes it. */
MIG_FUNC Text ddl_type(const DdlColumn *column);

/* The last clause of that kind, which is the one that counts; NULL if there is
** none. */
MIG_FUNC const DdlClause *ddl_clause(const DdlColumn *column, ClauseKind kind);

/* The column that is another name for the rowid (INTEGER PRIMARY KEY), or -1.
** Source: https://www.sqlite.org/lang_createtable.html#rowid. */
MIG_FUNC int ddl_rowid_column(const DdlTable *table);

/* True if its rowids are never given twice (AUTOINCREMENT). */
MIG_FUNC int ddl_is_autoincrement(const DdlTable *table);

/* The affinity of a column with that type: one of "INTEGER", "TEXT", "BLOB", "REAL",
** "NUMERIC".  Source: https://www.sqlite.org/datatype3.html. */
MIG_FUNC const char *ddl_affinity(Text type);

/* True if a name token within sql spells name: in a word, or quoted. */
MIG_FUNC int ddl_mentions(Arena *a, Text sql, Text name);

/* True if an expression asks for the column: a function, a type or a collation of
** that name is another thing. */
MIG_FUNC int ddl_uses(Arena *a, Text expr, Text column);

/* True if a word in double quotes in an expression stands for a string, for the table
** has no column of that name. */
MIG_FUNC int ddl_has_string(Arena *a, Text expr, const DdlTable *table);

/* As ddl_uses() for a term of a key, where a string may stand for a column; and for a
** constraint, but for the columns that a foreign key refers to. */
MIG_FUNC int ddl_term_uses(Arena *a, const DdlTerm *term, Text column);
MIG_FUNC int ddl_clause_uses(Arena *a, const DdlClause *clause, Text column);

#endif
