/*
** What a section may not say.  See refusal.h.
*/
#include "refusal.h"

#include "../sql/pragma.h"
#include "vacuum.h"

/* What the look at a section goes by. */
typedef struct Refusal {
    Arena *a;
    const Runner *r;
    const Body *body;
    const Section *section;
    int has_foreign_keys;   /* enforcement, where the section runs */
    int was_off;            /* it was told to be off, which it is */
} Refusal;

/* ---- parameters ---- */

static void refusalUnbound(const Refusal *f, Text sql, int offset)
{
    Arena *a = f->a;
    Names names = statement_parameters(a, sql);
    int i;

    for (i = 0; i < names.n && ok(a); i++)
        if (!runner_value(a, f->r, names.v[i]))
            err_set(a->err, ERR_UNBOUND, "%s: no value is given for %Ts; give "
                    "one with -x %.*s=VALUE or migrate_config('x.%.*s', value)",
                    body_place(a, f->body, offset + (int)(names.v[i].z - sql.z)),
                    names.v[i], names.v[i].n - 1, names.v[i].z + 1,
                    names.v[i].n - 1, names.v[i].z + 1);
}

/* ---- what does nothing inside a transaction ---- */

static void refusalSilent(const Refusal *f, const Item *item, const char *name,
                          const char *cure)
{
    err_set(f->a->err, ERR_UNSUPPORTED, "%s: PRAGMA %s does nothing inside a "
            "transaction; %s", body_place(f->a, f->body, item->offset), name, cure);
}

/* What is set to what it is, or switched on again after it was off, does no harm. */
static void refusalForeignKeys(Refusal *f, const Item *item, int on)
{
    if (on && !f->has_foreign_keys && !f->was_off)
        refusalSilent(f, item, "foreign_keys", "switch enforcement on for the "
                      "connection, before");
    else if (!on && f->has_foreign_keys)
        refusalSilent(f, item, "foreign_keys", "write \"foreign_keys:off\" after "
                      "the directive instead");
    f->was_off |= !on;
}

static void refusalPragma(Refusal *f, const Item *item)
{
    Pragma pragma = pragma_read(f->a, item->statement.sql);

    if (!pragma.value.z || f->section->no_transaction)
        return;
    if (text_is_nocase(pragma.name, "foreign_keys"))
        refusalForeignKeys(f, item, pragma_is_true(pragma.value));
    else if (text_is_nocase(pragma.name, "journal_mode"))
        refusalSilent(f, item, "journal_mode", "write \"transaction:false\" after "
                      "the directive");
}

/* ---- what migrate keeps itself ---- */

static void refusalVersion(const Refusal *f, const Item *item)
{
    err_set(f->a->err, ERR_UNSUPPORTED, "%s: a section cannot change %s, which "
            "migrate keeps itself; take the statement out",
            body_place(f->a, f->body, item->offset), f->r->table);
}

/* ---- a section ---- */

static void refusalStatement(Refusal *f, const Item *item)
{
    const Statement *statement = &item->statement;

    refusalUnbound(f, statement->sql, item->offset);
    if (statement->kind == STATEMENT_PRAGMA)
        refusalPragma(f, item);
    if (statement->kind == STATEMENT_VACUUM && f->section->no_transaction
        && f->r->db == f->r->session->db)
        vacuum_check(f->a, f->r, body_place(f->a, f->body, item->offset));
    if (statement->kind == STATEMENT_CHANGE
        && text_is_nocase(statement->name, f->r->table))
        refusalVersion(f, item);
}

MIG_FUNC void refusal_check(Arena *a, const Runner *r, const Body *body,
                            SectionKind kind)
{
    Refusal f = {a, r, body, &body->v[kind], 0, 0};
    int i;

    f.has_foreign_keys = !f.section->no_foreign_keys
                       && (r->script ? r->script->foreign_keys : r->foreign_keys);
    f.was_off = f.section->no_foreign_keys;
    for (i = 0; i < f.section->n && ok(a); i++) {
        const Item *item = &f.section->v[i];
        if (item->kind == ITEM_STATEMENT)
            refusalStatement(&f, item);
        else if (item->kind == ITEM_IF)
            refusalUnbound(&f, item->condition, item->offset);
    }
}
