/*
** Bundles.  See bundle.h.
**
** A bundle comes from elsewhere: nothing in it is believed.  Its schema must be the
** one that is written here, to the letter, so that no view and no trigger runs; and
** each row is checked as it is read.
*/
#include "bundle.h"

#include "../base/digest.h"
#include "../base/image.h"

#define BUNDLE_ID 0x4d494742
#define BUNDLE_FORMAT 1
#define BUNDLE_SUMS "SHA256SUMS"

/* As stat(2) has them: a file that all may read, a directory. */
#define BUNDLE_FILE 0100644
#define BUNDLE_DIRECTORY 040755

static const char *const bundleTable =
    "CREATE TABLE sqlar(name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, "
    "data BLOB)";

/* The lines of SHA256SUMS. */
static const char *bundleSums(Arena *a, const Folder *files)
{
    sqlite3_str *out = text_begin();
    char hex[DIGEST_HEX];
    int i;

    for (i = 0; i < files->n; i++) {
        const FolderFile *file = &files->v[i];
        if (file->is_directory)
            continue;
        digest_bytes(file->bytes, hex);
        text_append(out, "%s  %Ts\n", hex, file->name);
    }
    return text_finish(a, out);
}

/* ---- reading ---- */

static void bundleFail(Arena *a, const char *what)
{
    err_set(a->err, ERR_BAD_BUNDLE, "%s", what);
}

/* A database, a bundle, of this format, with this schema and no other. */
static void bundleCheckSchema(Arena *a, sqlite3 *db)
{
    i64 id = db_value(a, db, "PRAGMA application_id");
    i64 format = db_value(a, db, "PRAGMA user_version");

    if (!ok(a))
        return;
    if (id != BUNDLE_ID)
        bundleFail(a, "it is a database, but its application_id is not that of a "
                   "bundle");
    else if (format != BUNDLE_FORMAT)
        bundleFail(a, text_format(a, "its format is %lld, and this version of "
                   "migrate knows %d", format, BUNDLE_FORMAT));
    else if (!db_value(a, db, "SELECT count(*) = 2 AND sum(type = 'table' "
                       "AND name = 'sqlar' AND sql = %Q) = 1 AND sum(type = 'index' "
                       "AND tbl_name = 'sqlar' AND sql IS NULL) = 1 "
                       "FROM sqlite_schema", bundleTable))
        bundleFail(a, "its schema is not that of a bundle");
}

/* True for what can be listed in a line. */
static int bundleIsName(Text name)
{
    return name.n > 0 && text_bad_utf8(name) < 0 && text_find(name, '\n') < 0;
}

/* What is wrong with a row; NULL if nothing. */
static const char *bundleRowProblem(sqlite3_stmt *stmt, const Folder *before,
                                    const FolderFile *file)
{
    i64 mode = db_int(stmt, 1);

    if (sqlite3_column_type(stmt, 0) != SQLITE_TEXT || !bundleIsName(file->name))
        return "a name in it is no text";
    if (before->n && text_compare(before->v[before->n - 1].name, file->name) >= 0)
        return "its names are not in order";
    if ((mode != BUNDLE_FILE && mode != BUNDLE_DIRECTORY) || db_int(stmt, 2) != 0)
        return "a mode or a time in it is not that of a bundle";
    if (sqlite3_column_type(stmt, 4) != (mode == BUNDLE_FILE ? SQLITE_BLOB
                                                             : SQLITE_NULL)
        || db_int(stmt, 3) != file->bytes.n)
        return "a file in it is compressed or cut off";
    return NULL;
}

/* A column's bytes, terminated by NUL. */
static Text bundleColumn(Arena *a, sqlite3_stmt *stmt, int column)
{
    Text t = {sqlite3_column_blob(stmt, column), 0};

    t.n = sqlite3_column_bytes(stmt, column);
    if (t.n && !t.z)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    t.z = ok(a) ? text_copy(a, t) : "";
    return t;
}

/* All rows, in the order in which they were written: no index is asked. */
static void bundleReadRows(Arena *a, sqlite3 *db, Folder *files)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT name, mode, mtime, sz, data "
                                    "FROM sqlar NOT INDEXED ORDER BY rowid");

    while (db_step(a, stmt)) {
        FolderFile file = {{NULL, 0}, {NULL, 0}, 0};
        const char *problem;
        file.is_directory = db_int(stmt, 1) == BUNDLE_DIRECTORY;
        file.name = bundleColumn(a, stmt, 0);
        file.bytes = bundleColumn(a, stmt, 4);
        problem = bundleRowProblem(stmt, files, &file);
        if (ok(a) && problem)
            bundleFail(a, problem);
        folder_push(a, files, file);
    }
    db_finish(stmt);
}

/* Takes SHA256SUMS out, and compares. */
static void bundleCheckSums(Arena *a, Folder *files)
{
    Text sums = {NULL, 0};
    int i, n = 0;

    for (i = 0; i < files->n; i++) {
        if (text_is(files->v[i].name, BUNDLE_SUMS))
            sums = files->v[i].bytes;
        else
            files->v[n++] = files->v[i];
    }
    files->n = n;
    if (ok(a) && !text_is(sums, bundleSums(a, files)))
        bundleFail(a, "its files are not those that " BUNDLE_SUMS " in it lists");
}

/* The big-endian number at z. */
static i64 bundleNumber(const unsigned char *z)
{
    return (i64)z[0] << 24 | z[1] << 16 | z[2] << 8 | z[3];
}

MIG_FUNC int bundle_is_database(Text head)
{
    return text_starts(head, "SQLite format 3") && head.n >= 72
        && bundleNumber((const unsigned char *)head.z + 68) != BUNDLE_ID;
}

/* A database header, and as many pages as it counts. */
static void bundleCheckHeader(Arena *a, Text bytes)
{
    const unsigned char *z = (const unsigned char *)bytes.z;

    if (!text_starts(bytes, "SQLite format 3"))
        bundleFail(a, bytes.n ? "it is no SQLite database" : "it is empty");
    else if (bytes.n < 100 || bytes.n != (z[16] << 8 | z[17]) * bundleNumber(z + 28))
        bundleFail(a, "it is cut off, or no bundle");
}

static void bundleRead(Arena *a, Text bytes, Folder *files)
{
    sqlite3 *db = NULL;

    bundleCheckHeader(a, bytes);
    if (ok(a))
        db = image_open(a, bytes);
    if (ok(a))
        bundleCheckSchema(a, db);
    if (ok(a))
        bundleReadRows(a, db, files);
    image_close(db);
    if (ok(a))
        bundleCheckSums(a, files);
}

MIG_FUNC void bundle_read(Arena *a, const char *path, Text bytes, Folder *files)
{
    Err found = {ERR_NONE, NULL};
    Err *outer = a->err;

    a->err = &found;
    bundleRead(a, bytes, files);
    a->err = outer;
    if (found.code == ERR_NO_MEMORY || found.code == ERR_UNSUPPORTED)
        err_join(outer, &found);
    else if (found.code)        /* whatever SQLite calls it, the bundle is bad */
        err_set(outer, ERR_BAD_BUNDLE, "%s: %s", path,
                err_message(&found) + strlen(err_name(found.code)) + 2);
    err_release(&found);
    if (!ok(a))
        files->n = 0;
}

/* ---- writing ---- */

static void bundleCheckName(Arena *a, Text name)
{
    if (!bundleIsName(name))
        err_set(a->err, ERR_REFUSED, "a bundle cannot hold a file whose name has a "
                "line end or is not UTF-8: %Ts", name);
    else if (text_is(name, BUNDLE_SUMS))
        err_set(a->err, ERR_REFUSED, "a bundle has a " BUNDLE_SUMS " of its own; "
                "give the file another name");
}

/* A new row, unless the Err is set. */
static void bundleWriteRow(Arena *a, sqlite3_stmt *stmt, const FolderFile *file)
{
    if (!ok(a))
        return;
    sqlite3_bind_text(stmt, 1, file->name.z, file->name.n, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 2, file->is_directory ? BUNDLE_DIRECTORY : BUNDLE_FILE);
    sqlite3_bind_int(stmt, 3, file->bytes.n);
    if (file->is_directory)
        sqlite3_bind_null(stmt, 4);
    else
        sqlite3_bind_blob(stmt, 4, file->bytes.n ? file->bytes.z : "",
                          file->bytes.n, SQLITE_STATIC);
    db_step(a, stmt);
    sqlite3_reset(stmt);
}

/* All rows, and SHA256SUMS where its name has its place. */
static void bundleWriteRows(Arena *a, sqlite3 *db, const Folder *files)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "INSERT INTO sqlar(name, mode, mtime, "
                                    "sz, data) VALUES (?, ?, 0, ?, ?)");
    FolderFile sums = {{NULL, 0}, {NULL, 0}, 0};
    int i, is_written = 0;

    sums.name = text_of(BUNDLE_SUMS);
    sums.bytes = text_of(bundleSums(a, files));
    for (i = 0; i < files->n && ok(a); i++) {
        bundleCheckName(a, files->v[i].name);
        if (!is_written && text_compare(sums.name, files->v[i].name) < 0) {
            bundleWriteRow(a, stmt, &sums);
            is_written = 1;
        }
        bundleWriteRow(a, stmt, &files->v[i]);
    }
    if (!is_written)
        bundleWriteRow(a, stmt, &sums);
    db_finish(stmt);
}

/* A database begins with counters, and with the version of the library that wrote
** it last (https://www.sqlite.org/fileformat2.html#the_database_header). */
static void bundleForgetWriter(char *header)
{
    static const unsigned char one[] = {0, 0, 0, 1};
    static const unsigned char version[] = {0, 0x2e, 0x57, 0xc8};   /* 3037000 */

    memcpy(header + 24, one, sizeof one);           /* file change counter */
    memcpy(header + 92, one, sizeof one);           /* the one for the version */
    memcpy(header + 96, version, sizeof version);
}

MIG_FUNC Text bundle_write(Arena *a, const Folder *files)
{
    Text none = {NULL, 0}, bytes = none;
    sqlite3 *db = image_open(a, none);

    db_exec(a, db, "PRAGMA page_size = 1024; PRAGMA encoding = 'UTF-8'; "
            "PRAGMA auto_vacuum = 0; PRAGMA journal_mode = OFF; BEGIN; "
            "PRAGMA application_id = %d; PRAGMA user_version = %d; %s",
            BUNDLE_ID, BUNDLE_FORMAT, bundleTable);
    if (ok(a))
        bundleWriteRows(a, db, files);
    db_exec(a, db, "COMMIT");
    if (ok(a))
        bytes = image_bytes(a, db);
    image_close(db);
    if (ok(a))
        bundleForgetWriter((char *)bytes.z);
    return ok(a) ? bytes : none;
}
