/*
** What a developer calls.  See authoring.h.  The table at the end has the functions,
** with what they take and give.
*/
#include "authoring.h"

#ifndef MIGRATE_OMIT_AUTHORING

#include "../run/author.h"
#include "../run/autogenerate.h"
#include "../run/pack.h"
#include "../run/squash.h"
#include "../run/trial.h"
#include "../schema/dump.h"
#include "call.h"

static void authoringRevision(Call *call)
{
    Text message = call_text(call, 0, "the message");
    call_return(call, autogenerate_revision(call->a, call->session, message,
                                           call_optional(call, 1)));
}

static void authoringMerge(Call *call)
{
    Text revisions = call_text(call, 0, "what to merge");
    Text message = call_text(call, 1, "the message");
    call_return(call, author_merge(call->a, call->session, revisions, message,
                                  call_optional(call, 2)));
}

static void authoringSquash(Call *call)
{
    Text range = call_text(call, 0, "the range");
    Text message = call_text(call, 1, "the message");
    call_return(call, squash_revision(call->a, call->session, range, message,
                                     call_optional(call, 2)));
}

static void authoringInit(Call *call)
{
    call_return(call, author_init(call->a, call->session, call_optional(call, 0)));
}

static void authoringBundle(Call *call)
{
    Text path = call_text(call, 0, "the file");

    if (ok(call->a))
        call_return(call, pack_write(call->a, call->session, path.z,
                                    call_optional(call, 1)));
}

static void authoringDump(Call *call)
{
    Arena *a = call->a;
    Address address = session_address(call->session);
    Settings settings = source_settings(a, &address, &call->session->config);
    const char *owned = !ok(a) ? "" : owner_condition(a,
        settings_text(&settings, SETTING_VERSION_TABLE),
        settings_text(&settings, SETTING_EXCLUDE));

    call_return(call, dump_schema(a, call->session->db, owned));
}

static void authoringTest(Call *call)
{
    call_return_json(call, trial_run(call->a, call->session,
                                     text_of(call_optional(call, 0))));
}

static const CallDef authoringDef[] = {
    /* (message [, JSON object]): the path of the new file; author.h and
    ** autogenerate.h have the keys */
    {"migrate_revision", 1, 1, CALL_ACTS, authoringRevision},
    /* (revisions, message [, JSON object]): the path of the new file */
    {"migrate_merge", 2, 1, CALL_ACTS, authoringMerge},
    /* (range A:B, message [, JSON object]): the path of the new file */
    {"migrate_squash", 2, 1, CALL_ACTS, authoringSquash},
    /* ([directory]): the paths of the new files, a line each */
    {"migrate_init", 0, 1, CALL_ACTS, authoringInit},
    /* ([target]): a JSON array of objects, which trial.h describes */
    {"migrate_test", 0, 1, CALL_ASKS, authoringTest},
    /* (): the schema as the text of a model */
    {"migrate_dump", 0, 0, CALL_ASKS, authoringDump},
    /* (file [, 'sqlite' | 'c']): its path */
    {"migrate_bundle", 1, 1, CALL_ACTS, authoringBundle},
};

MIG_FUNC int authoring_is_built(void)
{
    return 1;
}

MIG_FUNC int authoring_register(Session *session)
{
    int rc = call_register(session, authoringDef,
                           sizeof authoringDef / sizeof *authoringDef);

    if (rc == SQLITE_OK)
        rc = table_register(session, &tableLint);
    if (rc == SQLITE_OK)
        rc = table_register(session, &tableDiff);
    return rc;
}

#else

MIG_FUNC int authoring_is_built(void)
{
    return 0;
}

MIG_FUNC int authoring_register(Session *session)
{
    (void)session;
    return SQLITE_OK;
}

#endif
