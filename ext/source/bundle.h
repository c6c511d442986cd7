/*
** A bundle: a source as one file.
**
** It is a SQLite database, and a SQLite Archive (https://www.sqlite.org/sqlar.html)
** that is not compressed: "sqlite3 -A -xf FILE" makes the directory again.
**
**     PRAGMA application_id = 0x4d494742;     "MIGB"
**     PRAGMA user_version = 1;                the format
**     CREATE TABLE sqlar(name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT,
**                        data BLOB);
**
** A row is a file as the source names it, or a directory that holds revisions; the
** rows stand in the order of names.  A file of our own, SHA256SUMS, lists the
** digests of the others as sha256sum prints them: a bundle that is not what was
** written is found out, signed or not.
*/
#ifndef MIG_BUNDLE_H
#define MIG_BUNDLE_H

#include "folder.h"

/* The files in bytes, the content of the file at path (for messages).  The bytes
** may go when this returns.  Errors: bad-bundle. */
MIG_FUNC void bundle_read(Arena *a, const char *path, Text bytes, Folder *files);

/* The content of a bundle of these files, which are sorted: always the same bytes
** for the same files.  Errors: refused (a name that it cannot hold). */
MIG_FUNC Text bundle_write(Arena *a, const Folder *files);

/* Whether a file that begins so is a database that is no bundle. */
MIG_FUNC int bundle_is_database(Text head);

#endif
