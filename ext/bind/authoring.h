/*
** What a developer calls and a device does not: functions that write revisions, bundles
** and models, that try and judge them.  A build can do without
** (MIGRATE_OMIT_AUTHORING).
*/
#ifndef MIG_AUTHORING_H
#define MIG_AUTHORING_H

#include "table.h"

#ifndef MIGRATE_OMIT_AUTHORING
MIG_FUNC const TableDef tableLint, tableDiff;
#endif

MIG_FUNC int authoring_is_built(void);

/* Registers the functions and tables on the session's connection; an SQLite result
** code. */
MIG_FUNC int authoring_register(Session *session);

#endif
