/*
** ALTER TABLE's actions on the text of a CREATE TABLE.  See edit.h.
*/
#include "edit.h"

#include "normal.h"
#include "reader.h"

/* ---- slices of a statement ---- */

static int editAt(Text sql, Text part)
{
    return (int)(part.z - sql.z);
}

static int editEnd(Text sql, Text part)
{
    return editAt(sql, part) + part.n;
}

/* A blank where two bytes side by side would be read as one token, else nothing. */
static const char *editBetween(char x, char y)
{
    char pair[3] = {x, y, 0};
    Text text = {pair, 2};
    int offset = 0;
    Token token = token_next(text, &offset);

    if (offset == 1 || token.kind == TOKEN_SPACE
        || (token_is_open(token) && token.kind != TOKEN_COMMENT))
        return "";
    return " ";
}

/* sql with the bytes from .. to-1 replaced. */
static Text editSplice(Arena *a, Text sql, int from, int to, const char *by)
{
    char before = ' ', after = ' ';
    int n;

    if (!ok(a))             /* and by may be NULL */
        return sql;
    n = (int)strlen(by);
    if (from > 0)
        before = sql.z[from - 1];
    if (to < sql.n)
        after = sql.z[to];
    return text_of(text_format(a, "%.*s%s%s%s%.*s", from, sql.z,
        editBetween(before, n ? by[0] : after), by,
        n ? editBetween(by[n - 1], after) : "", sql.n - to, sql.z + to));
}

MIG_FUNC Text edit_replace(Arena *a, Text sql, Text part, Text by)
{
    return editSplice(a, sql, editAt(sql, part), editEnd(sql, part),
                      text_copy(a, by));
}

static Text editInsert(Arena *a, Text sql, int at, const char *z)
{
    return editSplice(a, sql, at, at, z);
}

/* ---- layout ---- */

/* Where the white space before at begins. */
static int editBlankBefore(Text sql, int at)
{
    while (at > 0 && text_is_space(sql.z[at - 1]))
        at--;
    return at;
}

/* True if a comment to the end of its line stands right before at. */
static int editIsAfterComment(Text sql, int at)
{
    Token token, last = {TOKEN_END, {NULL, 0}, 0};
    int offset = 0;

    while (offset < at && (token = token_next(sql, &offset)).kind != TOKEN_END)
        last = token;
    return last.kind == TOKEN_COMMENT && text_starts(last.text, "--");
}

/* Behind a comment that begins on the line of at and ends with it; else at. */
static int editPastComment(Text sql, int at)
{
    int offset = at;
    Token token = token_next(sql, &offset);

    if (token.kind == TOKEN_SPACE) {
        if (text_find(token.text, '\n') >= 0)
            return at;
        token = token_next(sql, &offset);
    }
    if (token.kind != TOKEN_COMMENT || text_find(token.text, '\n') >= 0)
        return at;
    return offset < sql.n && sql.z[offset] == '\n' ? offset : at;
}

/* What stands between two items: ", " on one line, ",\n    " on many; the comma is
** not in it. */
static const char *editGap(Arena *a, Text sql, int at)
{
    int from = editBlankBefore(sql, at), i;

    for (i = at; i > from; i--)
        if (sql.z[i - 1] == '\n')
            return text_format(a, "\n%.*s", at - i, sql.z + i);
    return " ";
}

/* The comma that follows at, or -1. */
static int editComma(Text sql, int at)
{
    Token token = token_next_solid(sql, &at);
    return token.kind == TOKEN_COMMA ? token.offset : -1;
}

/* The comma that stands last before at, or -1 if something else does. */
static int editCommaBefore(Text sql, int at)
{
    Token token, last = {TOKEN_END, {NULL, 0}, 0};
    int offset = 0;

    while ((token = token_next_solid(sql, &offset)).kind != TOKEN_END
           && token.offset < at)
        last = token;
    return last.kind == TOKEN_COMMA ? last.offset : -1;
}

/* True if nothing follows at in the list: constraints need no comma between them. */
static int editIsLast(Text sql, int at)
{
    Token token = token_next_solid(sql, &at);
    return token.kind == TOKEN_RIGHT || token.kind == TOKEN_END;
}

/* Takes a slice away with the blank before it, unless a comment ends with
** it. */
static Text editRemove(Arena *a, Text sql, int from, int to)
{
    int blank = editBlankBefore(sql, from);

    if (!editIsAfterComment(sql, blank) || (to < sql.n && sql.z[to] == '\n'))
        from = blank;
    return editSplice(a, sql, from, to, "");
}

/* Takes an item of the list away: a column, a constraint of the table. */
static Text editRemoveItem(Arena *a, Text sql, Text item)
{
    int from = editAt(sql, item), to = editEnd(sql, item);
    int comma = editComma(sql, to), before;

    if (comma >= 0) {       /* it, its comma, the comment that follows */
        to = editPastComment(sql, comma + 1);
        while (to < sql.n && text_is_space(sql.z[to]))
            to++;
        return editSplice(a, sql, from, to, "");
    }
    before = editIsLast(sql, to) ? editCommaBefore(sql, from) : -1;
    sql = editRemove(a, sql, from, editPastComment(sql, to));
    return before < 0 ? sql : editSplice(a, sql, before, before + 1, "");
}

/* Behind the comments that stand on the line of at and end on it; more follows. */
static int editPastInline(Text sql, int at)
{
    int offset = at;

    for (;;) {
        Token token = token_next(sql, &offset);
        if (token.kind == TOKEN_COMMENT && text_starts(token.text, "/*"))
            at = offset;
        else if (token.kind != TOKEN_SPACE || text_find(token.text, '\n') >= 0)
            return at;
    }
}

/* Puts an item behind another one. */
static Text editAddAfter(Arena *a, Text sql, Text item, Text what)
{
    const char *gap = editGap(a, sql, editAt(sql, item));
    int to = editEnd(sql, item), comma = editComma(sql, to), at;

    if (comma >= 0) {
        at = *gap == '\n' ? editPastComment(sql, comma + 1) : comma + 1;
        return editInsert(a, sql, at, text_format(a, "%s%Ts,", gap, what));
    }
    to = editPastInline(sql, to);
    at = *gap == '\n' ? editPastComment(sql, to) : to;
    sql = editInsert(a, sql, at, text_format(a, "%s%Ts", gap, what));
    return editInsert(a, sql, to, ",");
}

static Text editAddBefore(Arena *a, Text sql, Text item, Text what)
{
    const char *gap = editGap(a, sql, editAt(sql, item));

    return editInsert(a, sql, editAt(sql, item),
                      text_format(a, "%Ts,%s", what, gap));
}

/* The last item of all. */
static Text editLastItem(const DdlTable *table)
{
    return table->n ? table->v[table->n - 1].all
                    : table->column[table->ncolumn - 1].all;
}

/* ---- what an action is about ---- */

/* What SQLite says where a statement does not go on as it should. */
static void editSyntax(Arena *a, Text stopped)
{
    if (stopped.n)
        err_set(a->err, ERR_SQL, "near \"%Ts\": syntax error", stopped);
    else
        err_set(a->err, ERR_SQL, "incomplete input");
}

/* The column, or NULL with the Err set. */
static const DdlColumn *editColumn(Arena *a, const DdlTable *table, Text name)
{
    int i = ddl_find_column(table, name);

    if (i >= 0)
        return &table->column[i];
    err_set(a->err, ERR_SQL, "no such column: %Ts.%Ts", table->name, name);
    return NULL;
}

/* True if the terms are the columns named, in any order. */
static int editIsKey(const DdlTerm *term, int nterm, const Names *names)
{
    int i, j;

    if (nterm != names->n)
        return 0;
    for (i = 0; i < nterm; i++) {
        for (j = 0; j < names->n; j++)
            if (term[i].column.z && text_eq_nocase(term[i].column, names->v[j]))
                break;
        if (j == names->n)
            return 0;
    }
    return 1;
}

/* True if the action is about the clause; column is NULL for one of the table. */
static int editIsAbout(Arena *a, const AlterAction *action, const DdlClause *clause,
                       const DdlColumn *column)
{
    static const ClauseKind kind[] = {
        [ALTER_DROP_PRIMARY_KEY] = CLAUSE_PRIMARY_KEY,
        [ALTER_DROP_UNIQUE] = CLAUSE_UNIQUE,
        [ALTER_DROP_FOREIGN_KEY] = CLAUSE_FOREIGN_KEY,
        [ALTER_DROP_CHECK] = CLAUSE_CHECK,
    };

    switch (action->kind) {
    case ALTER_DROP_CONSTRAINT:
    case ALTER_RENAME_CONSTRAINT:
        return clause->name.z && text_eq_nocase(clause->name, action->column);
    case ALTER_DROP_PRIMARY_KEY:
        return clause->kind == CLAUSE_PRIMARY_KEY;
    case ALTER_DROP_CHECK:
        return clause->kind == CLAUSE_CHECK
            && text_eq(normal_sql(a, clause->body), normal_sql(a, action->expr));
    case ALTER_DROP_UNIQUE:
    case ALTER_DROP_FOREIGN_KEY:
        if (clause->kind != kind[action->kind])
            return 0;
        if (!column)
            return editIsKey(clause->term, clause->nterm, &action->term);
        return action->term.n == 1
            && text_eq_nocase(column->name, action->term.v[0]);
    default:
        return 0;
    }
}

MIG_FUNC const DdlClause *edit_find(Arena *a, const DdlTable *table,
                                    const AlterAction *action, int *column)
{
    int i, j;

    *column = -1;
    for (i = 0; i < table->n && ok(a); i++)
        if (editIsAbout(a, action, &table->v[i], NULL))
            return &table->v[i];
    for (i = 0; i < table->ncolumn && ok(a); i++) {
        const DdlColumn *c = &table->column[i];
        for (j = 0; j < c->n; j++) {
            if (editIsAbout(a, action, &c->v[j], c)) {
                *column = i;
                return &c->v[j];
            }
        }
    }
    return NULL;
}

/* What the action calls a constraint that is not there. */
static void editMissing(Arena *a, const DdlTable *table, const AlterAction *action)
{
    if (action->if_exists)
        return;
    err_set(a->err, ERR_SQL, "no such constraint of %Ts: %Ts",
            table->name, action->all);
}

/* ---- columns ---- */

/* ADD COLUMN column-def [FIRST | AFTER name] */
static Text editAddColumn(Arena *a, const DdlTable *table, const AlterAction *action)
{
    const DdlColumn *after = NULL;
    DdlColumn column;
    Text stopped;

    if (ddl_find_column(table, action->column) >= 0) {
        if (!action->if_exists)
            err_set(a->err, ERR_SQL, "duplicate column name: %Ts.%Ts",
                    table->name, action->column);
        return table->sql;
    }
    if (!ddl_read_column(a, action->words, &column, &stopped))
        editSyntax(a, stopped);
    if (action->after.z)
        after = editColumn(a, table, action->after);
    if (!ok(a))
        return table->sql;
    if (action->is_first)
        return editAddBefore(a, table->sql, table->column[0].all, action->words);
    if (!after)
        after = &table->column[table->ncolumn - 1];
    return editAddAfter(a, table->sql, after->all, action->words);
}

/* A constraint that cannot stay when the column goes; NULL: there is none.
** *is_item tells whether it is one of the table. */
static const DdlClause *editDependent(Arena *a, const DdlTable *table, int at,
                                      int *is_item)
{
    Text name = table->column[at].name;
    int i, j;

    *is_item = 1;
    for (i = 0; i < table->n; i++)
        if (ddl_clause_uses(a, &table->v[i], name))
            return &table->v[i];
    *is_item = 0;
    for (i = 0; i < table->ncolumn; i++) {
        const DdlColumn *c = &table->column[i];
        for (j = 0; j < c->n && i != at; j++)
            if (c->v[j].kind == CLAUSE_CHECK && ddl_clause_uses(a, &c->v[j], name))
                return &c->v[j];
    }
    return NULL;
}

/* A generated column that is made of this one is not taken along. */
static void editCheckGenerated(Arena *a, const DdlTable *table, int at)
{
    int i;

    for (i = 0; i < table->ncolumn; i++) {
        const DdlClause *g = ddl_clause(&table->column[i], CLAUSE_GENERATED);
        if (i != at && g && ddl_clause_uses(a, g, table->column[at].name))
            err_set(a->err, ERR_CONSTRAINT, "column %Ts.%Ts cannot be dropped: "
                    "the generated column %Ts is made of it; drop that first",
                    table->name, table->column[at].name,
                    table->column[i].name);
    }
}

static Text editDropColumn(Arena *a, const DdlTable *given, const AlterAction *action)
{
    DdlTable table = *given;
    const DdlClause *clause;
    Text stopped;
    int at, is_item;

    at = ddl_find_column(&table, action->column);
    if (at < 0) {
        if (!action->if_exists)
            editColumn(a, &table, action->column);
        return table.sql;
    }
    if (table.ncolumn == 1)
        err_set(a->err, ERR_SQL, "cannot drop column %Ts.%Ts: no other columns "
                "exist", table.name, action->column);
    editCheckGenerated(a, &table, at);
    while (ok(a) && (clause = editDependent(a, &table, at, &is_item)) != NULL) {
        Text sql = is_item
            ? editRemoveItem(a, table.sql, clause->all)
            : editRemove(a, table.sql, editAt(table.sql, clause->all),
                         editEnd(table.sql, clause->all));
        if (!ddl_read_table(a, sql, &table, &stopped))
            break;
    }
    if (!ok(a))
        return given->sql;
    return editRemoveItem(a, table.sql, table.column[at].all);
}

/* ---- clauses of a column ---- */

static Text editDropClause(Arena *a, const DdlTable *table, const DdlClause *clause)
{
    if (!clause)
        return table->sql;
    return editRemove(a, table->sql, editAt(table->sql, clause->all),
                      editEnd(table->sql, clause->all));
}

/* Behind the last clause of the column. */
static Text editAddClause(Arena *a, const DdlTable *table, const DdlColumn *column,
                          const char *clause)
{
    return editInsert(a, table->sql, editEnd(table->sql, column->all),
                      text_format(a, " %s", clause));
}

static Text editType(Arena *a, const DdlTable *table, const DdlColumn *column,
                     const AlterAction *action)
{
    char *probe = text_format(a, "x %Ts", action->words);
    DdlColumn parsed;
    Text stopped;

    if (!ddl_read_column(a, text_of(probe), &parsed, &stopped) || parsed.n) {
        err_set(a->err, ERR_SQL, "this is not a type: %Ts", action->words);
        return table->sql;
    }
    if (column->type.n)
        return edit_replace(a, table->sql, column->type, action->words);
    return editInsert(a, table->sql, editEnd(table->sql, column->name_token),
                      text_format(a, " %Ts", action->words));
}

/* What DEFAULT takes without parentheses is a literal or a name; all else gets
** them. */
static Text editSetDefault(Arena *a, const DdlTable *table, const DdlColumn *column,
                           Text expr)
{
    const DdlClause *clause = ddl_clause(column, CLAUSE_DEFAULT);
    char *value = text_format(a, "x DEFAULT %Ts", expr);
    DdlColumn probe;
    Text stopped;

    if (!ddl_read_column(a, text_of(value), &probe, &stopped) || probe.n != 1)
        expr = text_of(text_format(a, "(%Ts)", expr));
    if (!ok(a))
        return table->sql;
    if (clause)
        return edit_replace(a, table->sql, clause->body, expr);
    return editAddClause(a, table, column, text_format(a, "DEFAULT %Ts", expr));
}

static Text editSetNotNull(Arena *a, const DdlTable *table, const DdlColumn *column,
                           Text conflict)
{
    const DdlClause *clause = ddl_clause(column, CLAUSE_NOT_NULL);
    const char *words = text_format(a, "NOT NULL%s%Ts", conflict.n ? " " : "",
                                    conflict);

    if (clause)
        return table->sql;
    clause = ddl_clause(column, CLAUSE_NULL);
    if (clause)
        return edit_replace(a, table->sql, clause->all, text_of(words));
    return editAddClause(a, table, column, words);
}

static Text editSetCollate(Arena *a, const DdlTable *table, const DdlColumn *column,
                           Text name)
{
    const DdlClause *clause = ddl_clause(column, CLAUSE_COLLATE);
    const char *words = text_format(a, "COLLATE %Ts", name);

    if (clause)
        return edit_replace(a, table->sql, clause->all, text_of(words));
    return editAddClause(a, table, column, words);
}

static Text editSetGenerated(Arena *a, const DdlTable *table,
                             const DdlColumn *column, Text words)
{
    const DdlClause *clause = ddl_clause(column, CLAUSE_GENERATED);

    if (clause)
        return edit_replace(a, table->sql, clause->all, words);
    return editAddClause(a, table, column, text_copy(a, words));
}

static Text editAlterColumn(Arena *a, const DdlTable *table,
                            const AlterAction *action)
{
    const DdlColumn *column = editColumn(a, table, action->column);

    if (!column)
        return table->sql;
    switch (action->kind) {
    case ALTER_TYPE:
        return editType(a, table, column, action);
    case ALTER_SET_DEFAULT:
        return editSetDefault(a, table, column, action->expr);
    case ALTER_SET_NOT_NULL:
        return editSetNotNull(a, table, column, action->words);
    case ALTER_SET_COLLATE:
        return editSetCollate(a, table, column, action->words);
    case ALTER_SET_GENERATED:
        return editSetGenerated(a, table, column, action->words);
    case ALTER_DROP_DEFAULT:
        return editDropClause(a, table, ddl_clause(column, CLAUSE_DEFAULT));
    case ALTER_DROP_NOT_NULL:
        return editDropClause(a, table, ddl_clause(column, CLAUSE_NOT_NULL));
    case ALTER_DROP_COLLATE:
        return editDropClause(a, table, ddl_clause(column, CLAUSE_COLLATE));
    default:
        return editDropClause(a, table, ddl_clause(column, CLAUSE_GENERATED));
    }
}

/* ---- constraints of the table ---- */

static Text editAddConstraint(Arena *a, const DdlTable *table,
                              const AlterAction *action)
{
    AlterAction same = {0};
    DdlClause clause;
    Text stopped;
    int column;

    if (!ddl_read_clause(a, action->words, &clause, &stopped)
        || clause.kind == CLAUSE_NAME)
        editSyntax(a, stopped);
    same.kind = ALTER_DROP_CONSTRAINT;
    same.column = clause.name;
    if (ok(a) && clause.name.z && edit_find(a, table, &same, &column))
        err_set(a->err, ERR_SQL, "%Ts has a constraint %Ts already",
                table->name, clause.name);
    if (!ok(a))
        return table->sql;
    return editAddAfter(a, table->sql, editLastItem(table), action->words);
}

static Text editDropConstraint(Arena *a, const DdlTable *table,
                               const AlterAction *action)
{
    int column;
    const DdlClause *clause = edit_find(a, table, action, &column);

    if (!clause) {
        editMissing(a, table, action);
        return table->sql;
    }
    if (column < 0)
        return editRemoveItem(a, table->sql, clause->all);
    return editDropClause(a, table, clause);
}

static Text editRenameConstraint(Arena *a, const DdlTable *table,
                                 const AlterAction *action)
{
    int column;
    const DdlClause *clause = edit_find(a, table, action, &column);

    AlterAction other = *action;
    int ignored;

    other.column = action->to;
    if (!clause)
        editMissing(a, table, action);
    else if (!text_eq_nocase(action->column, action->to)
             && edit_find(a, table, &other, &ignored))
        err_set(a->err, ERR_SQL, "%Ts has a constraint %Ts already",
                table->name, action->to);
    if (!clause || !ok(a))
        return table->sql;
    return edit_replace(a, table->sql, clause->name_token, action->to_token);
}

/* ---- options ---- */

static Text editAddOption(Arena *a, const DdlTable *table, const char *option)
{
    int at = table->options.n ? editEnd(table->sql, table->options)
                              : editEnd(table->sql, table->body);

    return editInsert(a, table->sql, at, text_format(a, "%s%s",
                      table->options.n ? ", " : " ", option));
}

/* Once, and as often as it is there. */
static Text editDropOption(Arena *a, const DdlTable *given, const char *option)
{
    DdlTable table = *given;
    Reader r = reader_begin(a, table.options);
    Text stopped;

    while (r.token.kind != TOKEN_END) {
        int from = r.token.offset;
        if (reader_take_all(&r, option)) {
            Text sql = editRemoveItem(a, table.sql, reader_since(&r, from));
            if (!ddl_read_table(a, sql, &table, &stopped))
                return given->sql;
            r = reader_begin(a, table.options);
        } else {
            reader_next(&r);
        }
    }
    return table.sql;
}

/* The PRIMARY KEY clause, wherever it stands; NULL if there is none. */
static const DdlClause *editPrimaryKey(Arena *a, const DdlTable *table, int *column)
{
    AlterAction key = {0};

    key.kind = ALTER_DROP_PRIMARY_KEY;
    return edit_find(a, table, &key, column);
}

static Text editSetAutoincrement(Arena *a, const DdlTable *table)
{
    int column;
    const DdlClause *key = editPrimaryKey(a, table, &column);
    Text behind;

    if (!key) {         /* of which kind it may be SQLite knows, once all is done */
        err_set(a->err, ERR_SQL, "AUTOINCREMENT is only allowed on an INTEGER "
                "PRIMARY KEY, and %Ts has none", table->name);
        return table->sql;
    }
    if (key->is_autoincrement)
        return table->sql;
    behind = column < 0 ? key->term[key->nterm - 1].all : key->all;
    return editInsert(a, table->sql, editEnd(table->sql, behind),
                      " AUTOINCREMENT");
}

static Text editDropAutoincrement(Arena *a, const DdlTable *table)
{
    int column;
    const DdlClause *key = editPrimaryKey(a, table, &column);

    if (!key || !key->is_autoincrement)
        return table->sql;
    return editRemove(a, table->sql, editAt(table->sql, key->autoincrement),
                      editEnd(table->sql, key->autoincrement));
}

/* ---- an action ---- */

static Text editOption(Arena *a, const DdlTable *table, AlterKind kind)
{
    switch (kind) {
    case ALTER_SET_STRICT:
        return table->is_strict ? table->sql
                                : editAddOption(a, table, "STRICT");
    case ALTER_SET_WITHOUT_ROWID:
        return table->is_without_rowid ? table->sql
             : editAddOption(a, table, "WITHOUT ROWID");
    case ALTER_SET_AUTOINCREMENT:
        return editSetAutoincrement(a, table);
    case ALTER_DROP_STRICT:
        return editDropOption(a, table, "STRICT");
    case ALTER_DROP_WITHOUT_ROWID:
        return editDropOption(a, table, "WITHOUT ROWID");
    default:
        return editDropAutoincrement(a, table);
    }
}

static Text editAct(Arena *a, const DdlTable *table, const AlterAction *action)
{
    switch (action->kind) {
    case ALTER_ADD_COLUMN:
        return editAddColumn(a, table, action);
    case ALTER_DROP_COLUMN:
        return editDropColumn(a, table, action);
    case ALTER_ADD_CONSTRAINT:
        return editAddConstraint(a, table, action);
    case ALTER_DROP_CONSTRAINT:
    case ALTER_DROP_PRIMARY_KEY:
    case ALTER_DROP_UNIQUE:
    case ALTER_DROP_FOREIGN_KEY:
    case ALTER_DROP_CHECK:
        return editDropConstraint(a, table, action);
    case ALTER_RENAME_CONSTRAINT:
        return editRenameConstraint(a, table, action);
    case ALTER_TYPE:
    case ALTER_SET_DEFAULT:
    case ALTER_DROP_DEFAULT:
    case ALTER_SET_NOT_NULL:
    case ALTER_DROP_NOT_NULL:
    case ALTER_SET_COLLATE:
    case ALTER_DROP_COLLATE:
    case ALTER_SET_GENERATED:
    case ALTER_DROP_EXPRESSION:
        return editAlterColumn(a, table, action);
    default:
        return editOption(a, table, action->kind);
    }
}

/* True if a comment is a part of the column's type, for GENERATED ALWAYS follows. */
static int editIsCommented(const DdlColumn *column)
{
    return column->declared.n > column->type.n && column->type.n > 0;
}

/* The comment behind GENERATED ALWAYS, where it is none of the type. */
static Text editMoveComment(Arena *a, Text sql, const DdlColumn *column)
{
    int from = editEnd(sql, column->type);
    Text rest = text_slice(sql, from, sql.n);
    Reader r = reader_begin(a, rest);
    Text comment = text_slice(rest, 0, r.token.offset), words;

    reader_take_all(&r, "GENERATED ALWAYS");
    words = reader_since(&r, comment.n);
    return text_of(text_format(a, "%Ts %Ts%Ts%Ts", text_slice(sql, 0, from), words,
                   comment, text_trim(text_slice(rest, r.end, rest.n))));
}

/* Where an action leaves a comment between a type and GENERATED ALWAYS, which was not
** there before it, SQLite would take it for a part of the type. */
static Text editSettle(Arena *a, const DdlTable *table, const AlterAction *action,
                       Text sql)
{
    DdlTable changed;
    Text stopped;
    int i, was;

    if (!ok(a) || text_eq(sql, table->sql)
        || !ddl_read_table(a, sql, &changed, &stopped))
        return sql;
    for (i = changed.ncolumn - 1; i >= 0; i--) {
        was = ddl_find_column(table, changed.column[i].name);
        if (was >= 0 && editIsCommented(&changed.column[i])
            && ((action->kind == ALTER_TYPE
                 && text_eq_nocase(action->column, changed.column[i].name))
                || !editIsCommented(&table->column[was])))
            sql = editMoveComment(a, sql, &changed.column[i]);
    }
    return sql;
}

MIG_FUNC Text edit_action(Arena *a, const DdlTable *table, const AlterAction *action)
{
    return editSettle(a, table, action, editAct(a, table, action));
}

/* ---- the whole statement ---- */

/* Within a table's own statement "name." can only be itself; its own name stands
** once, before the body. */
MIG_FUNC Text edit_rename(Arena *a, const DdlTable *table, Text schema, Text name)
{
    char *quoted = text_format(a, "\"%Tw\"", name);
    sqlite3_str *str = text_begin();
    Text sql = table->sql;
    int offset = editAt(sql, table->body), ahead;

    text_append(str, "%.*s", editAt(sql, table->name_token), sql.z);
    if (schema.z)
        text_append(str, "\"%Tw\".", schema);
    text_append(str, "%s", quoted);
    sqlite3_str_append(str, sql.z + editEnd(sql, table->name_token),
                       offset - editEnd(sql, table->name_token));
    for (;;) {
        Token token = token_next(sql, &offset);
        if (token.kind == TOKEN_END)
            break;
        ahead = offset;
        if (token_is_name(token)
            && text_eq_nocase(token_name(a, token), table->name)
            && token_next_solid(sql, &ahead).kind == TOKEN_DOT)
            text_append(str, "%s", quoted);
        else
            sqlite3_str_append(str, token.text.z, token.text.n);
    }
    return text_of(text_finish(a, str));
}

MIG_FUNC Text edit_without(Arena *a, Text sql, unsigned kinds)
{
    DdlTable table;
    Text stopped;
    int i, j;

    if (!ddl_read_table(a, sql, &table, &stopped))
        return sql;
    /* from the end, so that the slices before it stay where they are */
    for (i = table.n - 1; i >= 0 && ok(a); i--) {
        int at = editAt(table.sql, table.v[i].all);
        if (kinds & 1u << table.v[i].kind)
            sql = editRemoveItem(a, sql, text_slice(sql, at, at + table.v[i].all.n));
    }
    for (i = table.ncolumn - 1; i >= 0; i--) {
        for (j = table.column[i].n - 1; j >= 0 && ok(a); j--) {
            const DdlClause *clause = &table.column[i].v[j];
            int at = editAt(table.sql, clause->all);
            if (kinds & 1u << clause->kind)
                sql = editRemove(a, sql, at, at + clause->all.n);
        }
    }
    return sql;
}
