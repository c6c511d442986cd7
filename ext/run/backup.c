/*
** A copy of the database.  See backup.h.
*/
#include "backup.h"

#include "../base/file.h"

/* Pages copied between two reports of progress. */
#define BACKUP_PAGES 1000

/* Where the copy goes; NULL if none is wanted. */
static const char *backupPath(Runner *r)
{
    const Settings *settings = &r->project->source.settings;
    const char *value = settings_text(settings, SETTING_BACKUP);
    const char *file = sqlite3_db_filename(r->db, "main");

    if (!value || settings_word_is_off(value))
        return NULL;
    if (!settings_is_on(settings, SETTING_BACKUP))
        return value;
    if (!file || !*file) {
        err_set(r->a->err, ERR_UNSUPPORTED, "a database in memory has no name to "
                "call its backup by; set backup to a file");
        return NULL;
    }
    return text_format(r->a, "%s.%s.bak", file,
                       history_time(r->a, db_clock(r->db)));
}

static void backupTell(Runner *r, sqlite3_backup *backup, const char *path)
{
    migrate_event event = {MIGRATE_EVENT_BACKUP, NULL, NULL, NULL, NULL, NULL,
                           NULL, 0, 0, 0};

    event.zSql = path;
    event.nTotal = sqlite3_backup_pagecount(backup);
    event.nDone = event.nTotal - sqlite3_backup_remaining(backup);
    if (event.nTotal == 0)
        event.nTotal = event.nDone = 1;     /* an empty file: complete */
    session_event(r->a, r->session, &event);
}

static void backupCopy(Runner *r, sqlite3 *to, const char *path)
{
    sqlite3_backup *backup;
    Wait wait = {0, 0, 0};
    int rc = SQLITE_OK;

    /* the copy lasts once it is there: its journal does not come back */
    db_exec(r->a, to, "PRAGMA synchronous = EXTRA");
    backup = sqlite3_backup_init(to, "main", r->db, "main");
    while (backup && ok(r->a)) {
        rc = sqlite3_backup_step(backup, BACKUP_PAGES);
        if (rc == SQLITE_OK)
            backupTell(r, backup, path);
        else if (((rc & 0xff) != SQLITE_BUSY && rc != SQLITE_LOCKED)
                 || !transaction_wait(r->a, &r->t, &wait))
            break;
    }
    if (backup && rc == SQLITE_DONE)
        backupTell(r, backup, path);
    if (!backup || rc != SQLITE_DONE || !ok(r->a)) {
        rc = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(to);
        if (ok(r->a))
            db_fail(r->a, to, rc, backup ? ERR_IO : ERR_UNSUPPORTED);
        err_append(r->a->err, " (while the backup %s was written)", path);
        if (r->a->err->code == ERR_UNSUPPORTED)     /* it has a key */
            err_append(r->a->err, "; copy the database yourself, with backup = off");
        return;
    }
    rc = sqlite3_backup_finish(backup);
    if (rc != SQLITE_OK)
        db_fail(r->a, to, rc, ERR_IO);
}

MIG_FUNC void backup_make(Runner *r)
{
    const char *path = r->script ? NULL : backupPath(r);
    sqlite3 *to = NULL;

    if (!path || !ok(r->a))
        return;
    if (r->t.is_nested) {
        err_set(r->a->err, ERR_IN_TRANSACTION, "a backup cannot be made inside a "
                "transaction; commit it first, or set backup = off");
        return;
    }
    /* ours, and no one else's */
    file_create_like(r->a, path, sqlite3_db_filename(r->db, "main"));
    if (!ok(r->a))
        return;
    if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
        backupCopy(r, to, path);
    else if (to)
        db_fail(r->a, to, sqlite3_errcode(to), ERR_IO);
    else
        err_set(r->a->err, ERR_NO_MEMORY, "out of memory");
    sqlite3_close(to);
    if (ok(r->a))
        r->backup = path;
    else
        file_remove(path);
}

MIG_FUNC void backup_unmake(Runner *r)
{
    if (r->backup)
        file_remove(r->backup);
    r->backup = NULL;
}
