/*
** A table as it is compared: its columns and its constraints, each with a canonical
** text, so that what is spelled otherwise and means the same is equal.
**
** A column's own PRIMARY KEY, UNIQUE, CHECK or REFERENCES is a constraint of the
** table.  The texts speak in the names of the other schema, where one was renamed.
*/
#ifndef MIG_SHAPE_H
#define MIG_SHAPE_H

#include "../sql/normal.h"
#include "model.h"
#include "rename.h"

/* What is said of a column, but its constraints; each as a canonical text, empty if
** it is not said. */
typedef enum ShapePart {
    SHAPE_TYPE, SHAPE_NOT_NULL, SHAPE_DEFAULT, SHAPE_COLLATE, SHAPE_GENERATED,
    SHAPE_NAMES,                /* of DEFAULT, COLLATE and AS, which ALTER cannot say */
    SHAPE_PART_COUNT
} ShapePart;

typedef struct ShapeColumn {
    const DdlColumn *ddl;
    Text name;                  /* as it is called in the other schema */
    Text part[SHAPE_PART_COUNT];
} ShapeColumn;

typedef struct ShapeClause {
    const DdlClause *ddl;
    Text text;                  /* all of it but its name */
    Text name;                  /* in lower case; empty if it has none */
    int column;                 /* whose own it is, or -1 */
    int is_matched;             /* for those who compare */
} ShapeClause;

typedef struct Shape {
    const ModelObject *object;
    DdlTable t;
    Map known;                  /* the columns, in lower case */
    ShapeColumn *column;        /* t.ncolumn of them */
    ShapeClause *v;
    int n, cap;
    int is_autoincrement;
} Shape;

/* Reads a table, without the texts.  Errors: unsupported. */
MIG_FUNC Shape shape_read(Arena *a, const ModelObject *object);

/* Makes the texts, in the names that renames tell. */
MIG_FUNC void shape_tell(Arena *a, Shape *shape, const Renames *renames);

/* All of a table but its name as one text: equal tables have the same. */
MIG_FUNC Text shape_signature(Arena *a, const Shape *shape);

/* All of column i but its name. */
MIG_FUNC Text shape_column_signature(Arena *a, const Shape *shape, int i);

/* The column of that name in lower case or not, or -1. */
MIG_FUNC int shape_find(Arena *a, const Shape *shape, Text name);

/* What is told of the names within the table's expressions. */
typedef struct ShapeNames {
    NormalNames names;
    Map renamed;
    Text *to;
} ShapeNames;
MIG_FUNC void shape_names(Arena *a, const Shape *shape, const Renames *renames,
                          ShapeNames *out);

#endif
