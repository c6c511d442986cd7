/*
** The sections of a revision file, as statements.  See revision.h.
**
** The file is read as tokens, so that a directive within a string, a trigger or
** a block comment is none, and a statement ends where SQLite ends it.
*/
#include "revision.h"

#include "directive.h"

typedef struct BodyReader {
    Arena *a;
    Body *body;
    Section *section;           /* the one that is read, NULL before the first */
    SectionKind kind;
    StatementState state;       /* of the statement that is read, */
    int start;                  /* where its first token is, */
    int end;                    /* and where its last one ends */
    struct BodyBlock {          /* the if blocks that are open, outermost first */
        int item;               /* its ITEM_IF or, after it, ITEM_ELSE */
        int offset;             /* of its directive */
        int nsavepoint;         /* savepoints that were open before it */
    } *block;
    int nblock, capBlock;
    Names savepoints;           /* open in this section */
} BodyReader;

/* Of a token that is wrong, a message shows so many bytes. */
#define BODY_TOKEN_SHOWN 40

MIG_FUNC const char *body_place(Arena *a, const Body *body, int offset)
{
    Place place = text_place(body->file, offset);
    return text_format(a, "%s:%d:%d", body->name, place.line, place.col);
}

static void bodyFail(BodyReader *r, ErrCode code, int offset, const char *what)
{
    if (ok(r->a))
        err_set(r->a->err, code, "%s: %s", body_place(r->a, r->body, offset),
                what);
}

static Item *bodyPush(BodyReader *r, ItemKind kind, int offset)
{
    Section *section = r->section;
    Item *item;

    if (!ARENA_PUSH(r->a, section->v, section->n, section->cap))
        return NULL;
    item = &section->v[section->n++];
    item->kind = kind;
    item->offset = offset;
    return item;
}

/* Reports a token that can stand in no statement. */
static void bodyCheckToken(BodyReader *r, Token token)
{
    Text shown = token.text;

    if (shown.n > BODY_TOKEN_SHOWN)
        for (shown.n = BODY_TOKEN_SHOWN;
             shown.n && (shown.z[shown.n] & 0xc0) == 0x80;)
            shown.n--;              /* not within a character */
    if (token_is_open(token))
        bodyFail(r, ERR_BAD_REVISION, token.offset, token.kind == TOKEN_COMMENT
                 ? "this comment does not end" : "this quote is not closed");
    else if (token.kind == TOKEN_ILLEGAL)
        bodyFail(r, ERR_BAD_REVISION, token.offset, text_format(r->a,
                 "unrecognized token: \"%Ts\"", shown));
    else if (token.kind == TOKEN_VARIABLE
             && (token.text.z[0] == '?' || token.text.z[0] == '#'))
        bodyFail(r, ERR_UNBOUND, token.offset, "a parameter needs a name: "
                 "write :name, @name or $name");
}

/* ---- statements ---- */

/* A savepoint may be used within a section, or within one branch of an if in it;
** what would reach the transaction that the section runs in is refused. */
static void bodySavepoint(BodyReader *r, const Statement *statement, int offset)
{
    int floor = r->nblock ? r->block[r->nblock - 1].nsavepoint : 0;
    int i = r->savepoints.n - 1;

    if (statement->kind == STATEMENT_SAVEPOINT) {
        names_push(r->a, &r->savepoints, statement->name);
        return;
    }
    while (i >= floor && !text_eq_nocase(r->savepoints.v[i], statement->name))
        i--;
    if (i < floor)
        bodyFail(r, ERR_TRANSACTION_CONTROL, offset, text_format(r->a, "there is "
                 "no savepoint \"%Ts\" in this section", statement->name));
    else
        r->savepoints.n = i + (statement->kind == STATEMENT_ROLLBACK_TO);
}

static void bodyTransaction(BodyReader *r, const Statement *statement, int offset)
{
    if (r->section->no_transaction)
        return;
    switch (statement->kind) {
    case STATEMENT_BEGIN:
    case STATEMENT_END:
        bodyFail(r, ERR_TRANSACTION_CONTROL, offset, r->kind == SECTION_VERIFY
                 ? "a verify section must not begin or end a transaction"
                 : "a section runs in one transaction and must not begin or end "
                   "one; take the statement out, or write \"transaction:false\" "
                   "after the directive");
        break;
    case STATEMENT_SAVEPOINT:
    case STATEMENT_RELEASE:
    case STATEMENT_ROLLBACK_TO:
        bodySavepoint(r, statement, offset);
        break;
    default:
        break;
    }
}

/* Ends the statement that was read, if there is one. */
static void bodyStatement(BodyReader *r)
{
    StatementState none = {0, 0, 0};
    Item *item;

    if (r->end > r->start && ok(r->a)) {
        if (!statement_may_end(&r->state))
            bodyFail(r, ERR_BAD_REVISION, r->start, r->state.depth > 0
                     ? "the statement does not end: a parenthesis is open"
                     : "the statement does not end: the trigger's body wants "
                       "\"; END\"");
        item = bodyPush(r, ITEM_STATEMENT, r->start);
        if (item) {
            item->statement = statement_of(r->a,
                text_slice(r->body->file, r->start, r->end));
            bodyTransaction(r, &item->statement, r->start);
            if (r->kind == SECTION_VERIFY
                && item->statement.kind != STATEMENT_QUERY
                && item->statement.kind != STATEMENT_PRAGMA)
                bodyFail(r, ERR_BAD_REVISION, r->start, "a verify section asks: "
                         "only SELECT, VALUES, WITH or PRAGMA may stand here");
        }
    }
    r->state = none;
    r->start = r->end = 0;
}

/* ---- directives ---- */

static int bodyOffset(const BodyReader *r, Text t)
{
    return (int)(t.z - r->body->file.z);
}

/* Ends the section that was read. */
static void bodyClose(BodyReader *r, int offset)
{
    bodyStatement(r);
    if (!r->section)
        return;
    r->section->text.n = offset - bodyOffset(r, r->section->text);
    if (r->nblock)
        bodyFail(r, ERR_BAD_REVISION, r->block[r->nblock - 1].offset,
                 "this \"migrate:if\" has no \"-- migrate:endif\"");
    if (r->savepoints.n && ok(r->a))
        bodyFail(r, ERR_TRANSACTION_CONTROL, offset, text_format(r->a,
                 "savepoint \"%Ts\" is still open at the end of the section",
                 r->savepoints.v[r->savepoints.n - 1]));
    r->savepoints.n = 0;
}

static void bodyOption(BodyReader *r, Text option)
{
    Section *section = r->section;
    int *flag = text_is(option, "transaction:false") ? &section->no_transaction
              : text_is(option, "foreign_keys:off") ? &section->no_foreign_keys
              : NULL;

    if (!flag || r->kind == SECTION_VERIFY)
        bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, option), text_format(r->a,
                 r->kind == SECTION_VERIFY ? "verify takes no option \"%Ts\""
                 : "unknown option \"%Ts\"; there are transaction:false and "
                   "foreign_keys:off", option));
    else if (*flag)
        bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, option), text_format(r->a,
                 "\"%Ts\" is given twice", option));
    else
        *flag = 1;
}

static void bodySection(BodyReader *r, SectionKind kind, int offset,
                        const Directive *directive)
{
    Text rest = directive->rest;

    bodyClose(r, offset);
    r->section = &r->body->v[kind];
    r->kind = kind;
    if (r->section->is_given)
        bodyFail(r, ERR_BAD_REVISION, offset, text_format(r->a, "a second section "
                 "\"-- %Ts\"", directive->word));
    r->section->is_given = 1;
    for (;;) {
        Text option = directive_word(&rest);
        if (option.n == 0)
            break;
        bodyOption(r, option);
    }
    r->section->text.z = rest.z;
    if (r->section->text.z < r->body->file.z + r->body->file.n)
        r->section->text.z++;       /* past the line's end */
}

/* True if expr is one expression as far as its tokens tell: SQLite says the rest
** when it is asked. */
static int bodyIsExpression(BodyReader *r, Text expr)
{
    StatementState state = {0, 0, 0};
    Token token;
    int at = 0;

    while (ok(r->a) && (token = token_next(expr, &at)).kind != TOKEN_END) {
        token.offset = bodyOffset(r, token.text);
        bodyCheckToken(r, token);
        statement_push(&state, token);
        if (token.kind == TOKEN_SEMICOLON || state.depth < 0)
            bodyFail(r, ERR_BAD_REVISION, token.offset,
                     "\"migrate:if\" wants one expression, on its line");
    }
    if (state.ntoken == 0)
        bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, expr),
                 "\"migrate:if\" wants an expression");
    if (state.depth > 0)
        bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, expr),
                 "a parenthesis is open at the end of the line");
    return ok(r->a);
}

static void bodyIf(BodyReader *r, int offset, Text expr)
{
    struct BodyBlock *block;
    Item *item;

    expr = text_trim(expr);
    if (!bodyIsExpression(r, expr)
        || !ARENA_PUSH(r->a, r->block, r->nblock, r->capBlock))
        return;
    item = bodyPush(r, ITEM_IF, bodyOffset(r, expr));
    if (!item)
        return;
    item->condition = expr;
    block = &r->block[r->nblock++];
    block->item = r->section->n - 1;
    block->offset = offset;
    block->nsavepoint = r->savepoints.n;
}

/* else and endif: both end the statements of the branch before them. */
static void bodyElse(BodyReader *r, ItemKind kind, int offset)
{
    struct BodyBlock *block = r->nblock ? &r->block[r->nblock - 1] : NULL;

    if (!block) {
        bodyFail(r, ERR_BAD_REVISION, offset, kind == ITEM_ELSE
                 ? "\"migrate:else\" without \"migrate:if\""
                 : "\"migrate:endif\" without \"migrate:if\"");
        return;
    }
    if (kind == ITEM_ELSE && r->section->v[block->item].kind == ITEM_ELSE) {
        bodyFail(r, ERR_BAD_REVISION, offset,
                 "a second \"migrate:else\" for the same \"migrate:if\"");
        return;
    }
    if (r->savepoints.n > block->nsavepoint)
        bodyFail(r, ERR_TRANSACTION_CONTROL, offset, "a savepoint is still open "
                 "at the end of this branch");
    if (!bodyPush(r, kind, offset))
        return;
    r->section->v[block->item].skip = r->section->n;
    block->item = r->section->n - 1;
    if (kind == ITEM_ENDIF)
        r->nblock--;
}

/* True if nothing but white space stands before offset on its line. */
static int bodyBeginsLine(const BodyReader *r, int offset)
{
    while (offset > 0 && text_is_space(r->body->file.z[offset - 1])) {
        if (r->body->file.z[offset - 1] == '\n')
            return 1;
        offset--;
    }
    return offset == 0;
}

/* if, else and endif: they end the statement before them. */
static void bodyBlock(BodyReader *r, const Directive *directive, int offset)
{
    Text rest = directive->rest;

    if (!r->section) {
        bodyFail(r, ERR_BAD_REVISION, offset, "this stands before the first "
                 "section");
        return;
    }
    bodyStatement(r);
    if (directive->kind == DIRECTIVE_IF)
        bodyIf(r, offset, rest);
    else if (text_trim(rest).n)
        bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, directive_word(&rest)),
                 "nothing may follow this directive");
    else
        bodyElse(r, directive->kind == DIRECTIVE_ELSE ? ITEM_ELSE : ITEM_ENDIF,
                 offset);
}

static void bodyComment(BodyReader *r, Token comment)
{
    Directive directive = directive_read(comment.text);

    /* within a trigger it is one of the author's remarks, stored with the rest */
    if (directive.kind == DIRECTIVE_NONE || statement_is_trigger(&r->state))
        return;
    if (directive.kind == DIRECTIVE_WRONG)
        bodyFail(r, ERR_BAD_REVISION, comment.offset,
                 directive_problem(r->a, &directive));
    else if (!bodyBeginsLine(r, comment.offset))
        bodyFail(r, ERR_BAD_REVISION, comment.offset,
                 "a directive must stand alone on its line");
    if (!ok(r->a))
        return;
    switch (directive.kind) {
    case DIRECTIVE_UP:
        bodySection(r, SECTION_UP, comment.offset, &directive);
        break;
    case DIRECTIVE_VERIFY:
        bodySection(r, SECTION_VERIFY, comment.offset, &directive);
        break;
    case DIRECTIVE_DOWN:
        bodySection(r, SECTION_DOWN, comment.offset, &directive);
        break;
    default:
        bodyBlock(r, &directive, comment.offset);
        break;
    }
}

static void bodyToken(BodyReader *r, Token token)
{
    bodyCheckToken(r, token);
    if (token.kind == TOKEN_COMMENT)
        bodyComment(r, token);
    if (token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT
        || token.kind == TOKEN_END || !ok(r->a))
        return;
    if (!r->section) {
        bodyFail(r, ERR_BAD_REVISION, token.offset,
                 "SQL stands before the first section");
    } else if (statement_push(&r->state, token)) {
        bodyStatement(r);
    } else {
        if (r->state.depth < 0)
            bodyFail(r, ERR_BAD_REVISION, token.offset,
                     "this parenthesis was not opened");
        if (r->state.ntoken == 1)
            r->start = token.offset;
        r->end = token.offset + token.text.n;
    }
}

MIG_FUNC Body revision_read_section(Arena *a, const char *name, Text text)
{
    Body body = {0};
    BodyReader r = {0};
    int offset = 0;
    Token token;

    body.file = text;
    body.name = name;
    r.a = a;
    r.body = &body;
    do {
        token = token_next(text, &offset);
        bodyToken(&r, token);
    } while (token.kind != TOKEN_END && ok(a));
    bodyClose(&r, text.n);
    return body;
}

MIG_FUNC Body revision_read_body(Arena *a, const char *name, Text file)
{
    Body body = revision_read_section(a, name, file);

    if (!body.v[SECTION_UP].is_given && ok(a))
        err_set(a->err, ERR_BAD_REVISION, "%s: there is no section "
                "\"-- migrate:up\"", body_place(a, &body, file.n));
    return body;
}
