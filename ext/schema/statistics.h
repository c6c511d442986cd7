/*
** What ANALYZE found, where a table changes.
**
** SQLite keeps it by the names of tables and indexes, and does not look after it.
** A row stays where it is still true: automatic indexes are numbered by their place in
** the statement, and their rows follow them.
*/
#ifndef MIG_STATISTICS_H
#define MIG_STATISTICS_H

#include "work.h"

/* The automatic indexes of a table, as the statistics call them, and what each is
** made of. */
typedef struct Statistics {
    Names index, key;
} Statistics;

MIG_FUNC Statistics statistics_read(Work *w, Text table);

/* Columns whose values are others now; and those of them by which rows may be equal
** that were not before, or the other way round. */
typedef struct StatisticsChange {
    Names values, equals;
} StatisticsChange;

/* Makes the rows of automatic indexes follow them, as far as they are true: before is
** what statistics_read() told of the table before it changed. */
MIG_FUNC void statistics_follow(Work *w, Text table, const Statistics *before,
                                const StatisticsChange *change);

/* Forgets what was found of an index: all of it, or which values there are, but not how
** many rows are equal. */
MIG_FUNC void statistics_forget(Work *w, Text table, Text index);
MIG_FUNC void statistics_forget_values(Work *w, Text table, Text index);

/* The table, and with it its automatic indexes, has another name. */
MIG_FUNC void statistics_rename(Work *w, Text from, Text to);

#endif
