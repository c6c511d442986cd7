/*
** migrate, all of it, in reading order.  This is what the build compiles: one
** translation unit, so that nothing but the entry points has a name outside.
*/
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE         /* POSIX, for base/file.c */
#endif
#ifndef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64    /* the same: files as they are, on 32 bits too */
#endif

#include <sqlite3ext.h>
#ifndef SQLITE_CORE
SQLITE_EXTENSION_INIT1
#endif

/* what has nothing to do with migrations */
#include "base/format.c"
#include "base/err.c"
#include "base/arena.c"
#include "base/text.c"
#include "base/json.c"
#include "base/map.c"
#include "base/db.c"
#include "base/image.c"
#include "base/digest.c"
#include "base/sign.c"
#include "base/file.c"

/* SQL as text */
#include "sql/token.c"
#include "sql/statement.c"
#include "sql/pragma.c"
#include "sql/reader.c"
#include "sql/ddl.c"
#include "sql/normal.c"
#include "sql/alter.c"
#include "sql/edit.c"

/* where files are, settings, revision files */
#include "source/inih.c"
#include "source/ini.c"
#include "source/config.c"
#include "source/trust.c"
#include "source/folder.c"
#include "source/bundle.c"
#include "source/tree.c"
#include "source/settings.c"
#include "source/configure.c"
#include "source/directive.c"
#include "source/revision.c"
#include "source/body.c"
#include "source/source.c"

/* revisions as a graph */
#include "graph/graph.c"
#include "graph/label.c"
#include "graph/cycle.c"
#include "graph/order.c"
#include "graph/replace.c"
#include "graph/build.c"
#include "graph/target.c"
#include "graph/plan.c"

/* a schema as data */
#include "schema/scratch.c"
#include "schema/work.c"
#include "schema/relation.c"
#include "schema/broken.c"
#include "schema/violation.c"
#include "schema/recast.c"
#include "schema/statistics.c"
#include "schema/inplace.c"
#include "schema/rebuild.c"
#include "schema/change.c"

/* a database and a source together */
#include "run/session.c"
#include "run/project.c"
#include "run/worker.c"
#include "run/history.c"
#include "run/applied.c"
#include "run/kept.c"
#include "run/transaction.c"
#include "run/script.c"
#include "run/foreign.c"
#include "run/connection.c"
#include "run/runner.c"
#include "run/backup.c"
#include "run/refusal.c"
#include "run/vacuum.c"
#include "run/execute.c"
#include "run/unkeyed.c"
#include "run/step.c"
#include "run/course.c"
#include "run/stamp.c"
#include "run/alteration.c"
#include "run/operation.c"
#include "run/startup.c"

/* writing revisions, which a device does not do */
#ifndef MIGRATE_OMIT_AUTHORING
#include "source/embed.c"
#include "source/writer.c"
#include "schema/owner.c"
#include "schema/hint.c"
#include "schema/model.c"
#include "schema/rename.c"
#include "schema/shape.c"
#include "schema/match.c"
#include "schema/compare.c"
#include "schema/diff.c"
#include "schema/twelve.c"
#include "schema/generate.c"
#include "schema/dump.c"
#include "run/author.c"
#include "run/prove.c"
#include "run/autogenerate.c"
#include "run/squash.c"
#include "run/seed.c"
#include "run/trial.c"
#include "run/danger.c"
#include "run/lint.c"
#include "run/pack.c"
#endif

/* functions, tables, entry points */
#include "bind/table.c"
#include "bind/revisions.c"
#include "bind/listing.c"
#ifndef MIGRATE_OMIT_AUTHORING
#include "bind/lint.c"
#include "bind/diff.c"
#endif
#include "bind/call.c"
#include "bind/authoring.c"
#include "bind/function.c"
#include "bind/entry.c"
