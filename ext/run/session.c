/*
** What a connection knows between two calls.  See session.h.
*/
#include "session.h"

MIG_FUNC Session *session_new(sqlite3 *db)
{
    Session *session = sqlite3_malloc64(sizeof *session);

    if (session) {
        memset(session, 0, sizeof *session);
        session->db = db;
        session->nref = 1;
    }
    return session;
}

MIG_FUNC Session *session_hold(Session *session)
{
    session->nref++;
    return session;
}

MIG_FUNC void session_release(Session *session)
{
    if (--session->nref)
        return;
    config_release(&session->config);
    sqlite3_free(session->source);
    sqlite3_free(session);
}

MIG_FUNC Address session_address(const Session *session)
{
    Address address;

    address.path = session_source(session);
    address.compiled = session->compiled;
    address.section = config_text(&session->config, "name");
    return address;
}

MIG_FUNC const char *session_source(const Session *session)
{
    const char *env = file_env("MIGRATE_SOURCE");

    return session->source ? session->source
         : env && *env ? env : "./migrations";
}

MIG_FUNC void session_event(Arena *a, const Session *session,
                            const migrate_event *event)
{
    const migrate_progress *progress = session->progress;

    if (progress && ok(a) && progress->xEvent(progress->pContext, event))
        err_set(a->err, ERR_INTERRUPTED, "the progress callback asked to stop");
}

MIG_FUNC int session_moved(Arena *a, const Session *session, Text table, i64 ndone,
                           i64 ntotal)
{
    migrate_event event = {MIGRATE_EVENT_ALTER, NULL, NULL, NULL, NULL, NULL, NULL,
                           0, 0, 0};

    event.zTable = text_copy(a, table);
    event.nDone = ndone;
    event.nTotal = ntotal;
    session_event(a, session, &event);
    return !ok(a);
}
