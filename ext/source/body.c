/*
** The sections of a revision file, as statements.  See revision.h.
**
** The file is read as tokens, so that a directive within a string, a trigger or
** a block comment is none, and a statement ends where SQLite ends it.
*/
#include "revision.h"

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
                 "no savepoint \"%.*s\" in this section",
                 TEXT_ARG(statement->name)));
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
        bodyFail(r, ERR_TRANSACTION_CONTROL, offset, "a section runs in one "
                 "transaction and must not begin or end one; take the statement "
                 "out, or write \"transaction:false\" after the directive");
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

/* The next word of a directive's rest. */
static Text bodyWord(Text *rest)
{
    Text word = {rest->z, 0};

    while (rest->n && text_is_space(rest->z[0]))
        *rest = text_slice(*rest, 1, rest->n);
    for (word.z = rest->z; word.n < rest->n && !text_is_space(rest->z[word.n]);)
        word.n++;
    *rest = text_slice(*rest, word.n, rest->n);
    return word;
}

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
                 "savepoint \"%.*s\" is still open at the end of the section",
                 TEXT_ARG(r->savepoints.v[r->savepoints.n - 1])));
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
                 r->kind == SECTION_VERIFY ? "verify takes no option \"%.*s\""
                 : "unknown option \"%.*s\"; there are transaction:false and "
                   "foreign_keys:off", TEXT_ARG(option)));
    else if (*flag)
        bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, option), text_format(r->a,
                 "\"%.*s\" is given twice", TEXT_ARG(option)));
    else
        *flag = 1;
}

static void bodySection(BodyReader *r, SectionKind kind, int offset, Text rest)
{
    bodyClose(r, offset);
    r->section = &r->body->v[kind];
    r->kind = kind;
    if (r->section->is_given)
        bodyFail(r, ERR_BAD_REVISION, offset, "this section is given twice");
    r->section->is_given = 1;
    for (;;) {
        Text option = bodyWord(&rest);
        if (option.n == 0)
            break;
        bodyOption(r, option);
    }
    r->section->text.z = rest.z;
    if (r->section->text.z < r->body->file.z + r->body->file.n)
        r->section->text.z++;       /* past the line's end */
}

static void bodyIf(BodyReader *r, int offset, Text expr)
{
    StatementState state = {0, 0, 0};
    int at = 0;

    expr = text_trim(expr);
    if (expr.n == 0) {
        bodyFail(r, ERR_BAD_REVISION, offset, "\"migrate:if\" wants an expression");
        return;
    }
    for (;;) {
        Token token = token_next(expr, &at);
        if (token.kind == TOKEN_END)
            break;
        statement_push(&state, token);
        if (token.kind == TOKEN_SEMICOLON || token.kind == TOKEN_ILLEGAL
            || state.depth < 0) {
            bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, token.text),
                     "\"migrate:if\" wants one expression, on its line");
            return;
        }
    }
    if (state.depth > 0)
        bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, expr),
                 "a parenthesis is open at the end of the line");
    if (ARENA_PUSH(r->a, r->block, r->nblock, r->capBlock)) {
        struct BodyBlock *block = &r->block[r->nblock++];
        Item *item = bodyPush(r, ITEM_IF, bodyOffset(r, expr));
        block->item = r->section->n - 1;
        block->offset = offset;
        block->nsavepoint = r->savepoints.n;
        if (item)
            item->condition = expr;
    }
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

/* What may follow "-- migrate:". */
static const struct BodyDirective {
    const char *word;
    enum { BODY_SECTION, BODY_IF, BODY_ELSE, BODY_ENDIF } what;
    SectionKind section;
} bodyDirective[] = {
    {"up", BODY_SECTION, SECTION_UP},
    {"down", BODY_SECTION, SECTION_DOWN},
    {"verify", BODY_SECTION, SECTION_VERIFY},
    {"if", BODY_IF, 0},
    {"else", BODY_ELSE, 0},
    {"endif", BODY_ENDIF, 0},
};

/* The directive that a comment is, with *rest what follows its word; NULL if the
** comment is none, and, with a failure, if it is a wrong one. */
static const struct BodyDirective *bodyDirectiveOf(BodyReader *r, Token comment,
                                                   Text *rest)
{
    Text word;
    size_t i;

    *rest = comment.text;
    if (!text_starts(*rest, "--"))
        return NULL;
    *rest = text_slice(*rest, 2, rest->n);
    while (rest->n && text_is_space(rest->z[0]))
        *rest = text_slice(*rest, 1, rest->n);
    if (rest->n < 8 || sqlite3_strnicmp(rest->z, "migrate:", 8) != 0)
        return NULL;
    word = text_slice(*rest, 8, rest->n);
    if (text_starts(*rest, "migrate:") && word.n && !text_is_space(word.z[0])) {
        *rest = word;
        word = bodyWord(rest);
        for (i = 0; i < sizeof bodyDirective / sizeof *bodyDirective; i++)
            if (text_is(word, bodyDirective[i].word))
                return &bodyDirective[i];
    }
    bodyFail(r, ERR_BAD_REVISION, comment.offset, "unknown directive; there are "
             "\"-- migrate:\" up, down, verify, if, else and endif");
    return NULL;
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

static void bodyComment(BodyReader *r, Token comment)
{
    Text rest;
    const struct BodyDirective *directive = bodyDirectiveOf(r, comment, &rest);

    if (!directive)
        return;
    if (!bodyBeginsLine(r, comment.offset)) {
        bodyFail(r, ERR_BAD_REVISION, comment.offset,
                 "a directive must stand alone on its line");
        return;
    }
    if (directive->what != BODY_SECTION) {
        if (!r->section)
            bodyFail(r, ERR_BAD_REVISION, comment.offset,
                     "this stands before the first section");
        bodyStatement(r);
        if (directive->what != BODY_IF && text_trim(rest).n)
            bodyFail(r, ERR_BAD_REVISION, bodyOffset(r, bodyWord(&rest)),
                     "nothing may follow this directive");
    }
    if (!ok(r->a))
        return;
    switch (directive->what) {
    case BODY_SECTION:
        bodySection(r, directive->section, comment.offset, rest);
        break;
    case BODY_IF:
        bodyIf(r, comment.offset, rest);
        break;
    case BODY_ELSE:
        bodyElse(r, ITEM_ELSE, comment.offset);
        break;
    case BODY_ENDIF:
        bodyElse(r, ITEM_ENDIF, comment.offset);
        break;
    }
}

static void bodyToken(BodyReader *r, Token token)
{
    if (token_is_open(token)) {
        bodyFail(r, ERR_BAD_REVISION, token.offset, token.kind == TOKEN_COMMENT
                 ? "this comment does not end" : "this quote is not closed");
    } else if (token.kind == TOKEN_COMMENT) {
        bodyComment(r, token);
    } else if (token.kind == TOKEN_ILLEGAL) {
        bodyFail(r, ERR_BAD_REVISION, token.offset, text_format(r->a,
                 "unrecognized token: \"%.*s\"", TEXT_ARG(token.text)));
    } else if (token.kind == TOKEN_VARIABLE
               && (token.text.z[0] == '?' || token.text.z[0] == '#')) {
        bodyFail(r, ERR_UNBOUND, token.offset, "a parameter needs a name: "
                 "write :name, @name or $name");
    } else if (token.kind != TOKEN_SPACE && token.kind != TOKEN_END
               && !r->section) {
        bodyFail(r, ERR_BAD_REVISION, token.offset,
                 "SQL stands before the first section");
    } else if (token.kind != TOKEN_SPACE && token.kind != TOKEN_END) {
        int ends = statement_push(&r->state, token);
        if (r->state.depth < 0)
            bodyFail(r, ERR_BAD_REVISION, token.offset,
                     "this parenthesis was not opened");
        if (!ends) {
            if (r->state.ntoken == 1)
                r->start = token.offset;
            r->end = token.offset + token.text.n;
        } else {
            bodyStatement(r);
        }
    }
}

MIG_FUNC Body revision_read_body(Arena *a, const char *name, Text file)
{
    Body body = {0};
    BodyReader r = {0};
    int offset = 0;
    Token token;

    body.file = file;
    body.name = name;
    r.a = a;
    r.body = &body;
    do {
        token = token_next(file, &offset);
        bodyToken(&r, token);
    } while (token.kind != TOKEN_END && ok(a));
    bodyClose(&r, file.n);
    if (!body.v[SECTION_UP].is_given)
        bodyFail(&r, ERR_BAD_REVISION, file.n,
                 "there is no section \"-- migrate:up\"");
    return body;
}
