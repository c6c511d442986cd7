/*
** The headers of a revision file.  See revision.h; the sections are in body.c.
*/
#include "revision.h"

#include "directive.h"

/* The leading comment, line by line.  Each reader takes it from the start. */
typedef struct HeaderReader {
    Arena *a;
    const char *name;       /* of the file */
    Text file;
} HeaderReader;

static void headerFail(HeaderReader *r, ErrCode code, int offset,
                       const char *what)
{
    Place place = text_place(r->file, offset);
    err_set(r->a->err, code, "%s:%d:%d: %s", r->name, place.line, place.col,
            what);
}

MIG_FUNC Text revision_normalise(Arena *a, Text bytes)
{
    Text text = {NULL, 0};
    char *to;
    int i;

    if (bytes.n >= 3 && memcmp(bytes.z, "\xef\xbb\xbf", 3) == 0)
        bytes = text_slice(bytes, 3, bytes.n);
    if (text_find(bytes, '\r') < 0)
        return bytes;
    to = ARENA_NEW(a, char, bytes.n + 1);
    if (!to)
        return text;
    for (i = 0; i < bytes.n; i++)
        if (bytes.z[i] != '\r' || i + 1 == bytes.n || bytes.z[i + 1] != '\n')
            to[text.n++] = bytes.z[i];
    text.z = to;
    return text;
}

MIG_FUNC int revision_has_headers(Text head)
{
    while (text_find(head, '\n') >= 0)
        if (directive_read(text_cut(&head, '\n')).kind != DIRECTIVE_NONE)
            return 1;
    return 0;
}

MIG_FUNC int revision_is_id(Text t)
{
    return text_is_plain(t, "") && !text_is(t, "base") && !text_is(t, "head")
        && !text_is(t, "heads") && !text_is(t, "current");
}

/* ---- the value of a header ---- */

/* Ids (or labels) separated by commas. */
static Names headerIds(HeaderReader *r, Text value, ErrCode code)
{
    Names names = {0};
    Text rest = value;

    while (rest.z && ok(r->a)) {
        Text id = text_trim(text_cut(&rest, ','));
        int offset = (int)(id.z - r->file.z);
        if (id.n == 0)
            headerFail(r, ERR_BAD_REVISION, offset, "an id is missing");
        else if (!revision_is_id(id))
            headerFail(r, code, offset, text_format(r->a, "\"%Ts\" is no id: "
                       REVISION_ID_RULE, id));
        else if (names_find(&names, id) >= 0)
            headerFail(r, ERR_BAD_REVISION, offset, text_format(r->a,
                       "%Ts is named twice", id));
        else
            names_push(r->a, &names, id);
    }
    return names;
}

/* Takes the two digits after sep off *t, if they are there and lie in low .. high.
** Returns the number, or -1. */
static int headerDigits(Text *t, char sep, int low, int high)
{
    const char *z = t->z;
    int n;

    if (t->n < 3 || z[0] != sep || z[1] < '0' || z[1] > '9' || z[2] < '0'
        || z[2] > '9')
        return -1;
    n = (z[1] - '0') * 10 + z[2] - '0';
    if (n < low || n > high)
        return -1;
    *t = text_slice(*t, 3, t->n);
    return n;
}

/* YYYY-MM-DD off *t: true if it is a day of the calendar. */
static int headerDate(Text *t)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int i, year = 0, month, day;

    for (i = 0; i < 4; i++) {
        if (i >= t->n || t->z[i] < '0' || t->z[i] > '9')
            return 0;
        year = year * 10 + t->z[i] - '0';
    }
    *t = text_slice(*t, 4, t->n);
    month = headerDigits(t, '-', 1, 12);
    day = month < 0 ? -1 : headerDigits(t, '-', 1, days[month - 1]
        + (month == 2 && year % 4 == 0 && (year % 100 || year % 400 == 0)));
    return day > 0;
}

/* HH:MM[:SS[.s...]] off *t, after a blank or a T. */
static int headerClock(Text *t)
{
    char sep = t->n && t->z[0] == 'T' ? 'T' : ' ';
    int n;

    if (headerDigits(t, sep, 0, 23) < 0 || headerDigits(t, ':', 0, 59) < 0)
        return 0;
    if (headerDigits(t, ':', 0, 59) >= 0 && t->n > 1 && t->z[0] == '.') {
        for (n = 1; n < t->n && t->z[n] >= '0' && t->z[n] <= '9'; n++) {}
        *t = text_slice(*t, n > 1 ? n : 0, t->n);
    }
    return 1;
}

/* YYYY-MM-DD[( |T)HH:MM[:SS[.s...]][ ][Z|(+|-)HH:MM]], as SQLite reads a time. */
static int headerIsTime(Text t)
{
    if (!headerDate(&t))
        return 0;
    if (t.n == 0)
        return 1;
    if (!headerClock(&t))
        return 0;
    t = text_trim(t);
    if (t.n == 0 || text_is(t, "Z"))
        return 1;
    return headerDigits(&t, t.z[0] == '-' ? '-' : '+', 0, 14) >= 0
        && headerDigits(&t, ':', 0, 59) >= 0 && t.n == 0;
}

/* ---- the headers ---- */

typedef enum HeaderKey {
    HEADER_REVISION, HEADER_REVISES, HEADER_CREATED, HEADER_DEPENDS_ON,
    HEADER_BRANCH_LABELS, HEADER_REPLACES, HEADER_COUNT
} HeaderKey;

static const char headerKey[HEADER_COUNT][16] = {
    "Revision", "Revises", "Created", "Depends-On", "Branch-Labels", "Replaces"
};

static void headerRevision(HeaderReader *r, Revision *revision, Text value)
{
    Names ids = headerIds(r, value, ERR_ILLEGAL_ID);

    if (ids.n > 1)
        headerFail(r, ERR_BAD_REVISION, (int)(ids.v[1].z - r->file.z),
                   "a revision has one id");
    if (ids.n)
        revision->id = ids.v[0];
}

/* Replaces: ids, or the two ends of a range. */
static Names headerReplaces(HeaderReader *r, Text value)
{
    Names names = {0};
    Text rest = value, from = text_trim(text_cut(&rest, ':'));

    if (!rest.z)
        return headerIds(r, value, ERR_BAD_REVISION);
    rest = text_trim(rest);
    if (!revision_is_id(from) || !revision_is_id(rest))
        headerFail(r, ERR_BAD_REVISION, (int)(value.z - r->file.z),
                   "a range is two ids, FIRST:LAST");
    names_push(r->a, &names, value);
    return names;
}

static void headerSet(HeaderReader *r, Revision *revision, HeaderKey key,
                      Text value)
{
    int offset = (int)(value.z - r->file.z);

    switch (key) {
    case HEADER_REVISION:
        headerRevision(r, revision, value);
        break;
    case HEADER_REVISES:
        if (!text_is(value, "base"))
            revision->down = headerIds(r, value, ERR_BAD_REVISION);
        break;
    case HEADER_CREATED:
        revision->created = value;
        if (!headerIsTime(value))
            headerFail(r, ERR_BAD_REVISION, offset, "not a time; write "
                       "YYYY-MM-DD HH:MM:SS+00:00");
        break;
    case HEADER_DEPENDS_ON:
        revision->depends = headerIds(r, value, ERR_BAD_REVISION);
        break;
    case HEADER_BRANCH_LABELS:
        revision->labels = headerIds(r, value, ERR_ILLEGAL_ID);
        break;
    case HEADER_REPLACES:
        revision->replaces = headerReplaces(r, value);
        break;
    case HEADER_COUNT:
        break;
    }
}

/* One line of the last paragraph: "Key: value", both within the file. */
static void headerLine(HeaderReader *r, Revision *revision, Text line,
                       int seen[HEADER_COUNT])
{
    Text rest = line;
    Text key = text_trim(text_cut(&rest, ':'));
    int offset = (int)(line.z - r->file.z);
    HeaderKey k;

    if (!rest.z) {
        headerFail(r, ERR_BAD_REVISION, offset, "the last paragraph of the "
                   "leading comment holds headers, \"Key: value\" a line");
        return;
    }
    for (k = 0; k < HEADER_COUNT && !text_is_nocase(key, headerKey[k]); k++) {}
    if (k == HEADER_COUNT) {
        headerFail(r, ERR_BAD_REVISION, offset, text_format(r->a, "unknown "
                   "header \"%Ts\"; there are Revision, Revises, Created, "
                   "Depends-On, Branch-Labels and Replaces", key));
        return;
    }
    if (seen[k]++) {
        headerFail(r, ERR_BAD_REVISION, offset, text_format(r->a,
                   "%s is given twice", headerKey[k]));
        return;
    }
    while (rest.n && text_is_space(rest.z[0]))
        rest = text_slice(rest, 1, rest.n);
    headerSet(r, revision, k, text_trim(rest));
}

/* The text of a comment line, without "--" and one blank; z NULL for a line that
** is neither a comment nor empty. */
static Text headerComment(Text line)
{
    Text none = {NULL, 0}, trimmed = text_trim(line);

    if (trimmed.n == 0)
        return trimmed;
    if (!text_starts(trimmed, "--"))
        return none;
    trimmed = text_slice(trimmed, 2, trimmed.n);
    if (trimmed.n && trimmed.z[0] == ' ')
        trimmed = text_slice(trimmed, 1, trimmed.n);
    return trimmed;
}

/* The lines of the leading comment, each a slice of the file; *end is where the
** first directive stands, or the end of the file. */
static Names headerLines(HeaderReader *r, int *end)
{
    Names lines = {0};
    Text rest = r->file;

    while (rest.n && ok(r->a)) {
        Text line = text_cut(&rest, '\n'), comment = headerComment(line);
        Directive directive = directive_read(line);
        *end = (int)(line.z - r->file.z);
        if (directive.kind == DIRECTIVE_WRONG)
            headerFail(r, ERR_BAD_REVISION, (int)(text_trim(line).z - r->file.z),
                       directive_problem(r->a, &directive));
        if (directive.kind != DIRECTIVE_NONE)
            return lines;
        if (!comment.z) {
            Text solid = text_trim(line);
            headerFail(r, ERR_BAD_REVISION, (int)(solid.z - r->file.z),
                       "before the first \"-- migrate:\" directive only lines "
                       "that begin with -- may stand");
        }
        names_push(r->a, &lines, comment);
    }
    *end = r->file.n;
    return lines;
}

/* Subject and prose: the lines before the headers. */
static void headerDoc(HeaderReader *r, Revision *revision, const Names *lines,
                      int n)
{
    sqlite3_str *doc;
    int i;

    while (n && text_trim(lines->v[n - 1]).n == 0)
        n--;
    for (i = 0; i < n && text_trim(lines->v[i]).n == 0; i++) {}
    if (i == n)
        return;
    revision->message = text_trim(lines->v[i]);
    doc = text_begin();
    for (; i < n; i++)
        text_append(doc, "%Ts\n", lines->v[i]);
    revision->doc = text_trim(text_of(text_finish(r->a, doc)));
}

MIG_FUNC Revision revision_read(Arena *a, const char *name, Text file)
{
    HeaderReader r = {a, name, file};
    Revision revision = {0};
    int seen[HEADER_COUNT] = {0};
    int bad = text_bad_utf8(file);
    int end = 0, first, last, i;
    Names lines;

    revision.name = name;
    if (bad >= 0)
        headerFail(&r, ERR_BAD_REVISION, bad, file.z[bad]
                   ? "not UTF-8 text" : "a NUL byte");
    lines = headerLines(&r, &end);
    for (last = lines.n; last && text_trim(lines.v[last - 1]).n == 0; last--) {}
    for (first = last; first && text_trim(lines.v[first - 1]).n; first--) {}
    for (i = first; i < last && ok(a); i++)
        headerLine(&r, &revision, lines.v[i], seen);
    for (i = HEADER_REVISION; i <= HEADER_REVISES && ok(a); i++)
        if (!seen[i])
            headerFail(&r, ERR_BAD_REVISION, last ? (int)(lines.v[last - 1].z
                       - file.z) : end, text_format(a, "the leading comment has "
                       "no header \"%s: ...\" in its last paragraph",
                       headerKey[i]));
    headerDoc(&r, &revision, &lines, first);
    return revision;
}
