/*
** The headers of a revision file.  See revision.h; the sections are in body.c.
*/
#include "revision.h"

#include <stdlib.h>

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

/* True for "-- migrate:...", however it is spaced or spelled. */
static int headerIsDirective(Text line)
{
    line = text_trim(line);
    if (!text_starts(line, "--"))
        return 0;
    line = text_trim(text_slice(line, 2, line.n));
    return line.n >= 8 && sqlite3_strnicmp(line.z, "migrate:", 8) == 0;
}

MIG_FUNC int revision_has_headers(Text head)
{
    while (text_find(head, '\n') >= 0)
        if (headerIsDirective(text_cut(&head, '\n')))
            return 1;
    return 0;
}

MIG_FUNC int revision_is_id(Text t)
{
    static const char *const reserved[] = {"base", "head", "heads", "current"};
    size_t k;
    int i;

    for (k = 0; k < sizeof reserved / sizeof *reserved; k++)
        if (text_is(t, reserved[k]))
            return 0;
    for (i = 0; i < t.n; i++) {
        char c = t.z[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '_' || c == '.'))
            return 0;
    }
    return t.n >= 1 && t.n <= 64;
}

/* ---- the value of a header ---- */

#define HEADER_ID_RULE "an id is 1 to 64 of A-Z a-z 0-9 _ . and none of " \
                       "base, head, heads, current"

/* Ids (or labels) separated by commas. */
static Names headerIds(HeaderReader *r, Text value, ErrCode code)
{
    Names names = {0};
    Text rest = value;

    while (rest.z && ok(r->a)) {
        Text id = text_trim(text_cut(&rest, ','));
        int offset = (int)((id.n ? id.z : value.z) - r->file.z);
        if (!revision_is_id(id))
            headerFail(r, code, offset, text_format(r->a, id.n
                       ? "\"%.*s\" is no id: " HEADER_ID_RULE
                       : "an id is missing%.0s", TEXT_ARG(id)));
        else if (names_find(&names, id) >= 0)
            headerFail(r, ERR_BAD_REVISION, offset, text_format(r->a,
                       "%.*s is named twice", TEXT_ARG(id)));
        else
            names_push(r->a, &names, id);
    }
    return names;
}

/* Matches a picture: 9 is a digit, the rest itself.  Returns what follows, z NULL
** if it does not match. */
static Text headerMatch(Text t, const char *picture)
{
    Text none = {NULL, 0};
    int i;

    for (i = 0; picture[i]; i++) {
        if (i >= t.n)
            return none;
        if (picture[i] == '9' ? t.z[i] < '0' || t.z[i] > '9'
                              : t.z[i] != picture[i])
            return none;
    }
    return text_slice(t, i, t.n);
}

/* The number that the two digits at z are, if it lies in low .. high. */
static int headerIsPart(const char *z, int low, int high)
{
    int n = (z[0] - '0') * 10 + z[1] - '0';
    return n >= low && n <= high;
}

/* YYYY-MM-DD[ HH:MM[:SS[.sss]][Z|+HH:MM]], with a blank or a T between. */
static int headerIsTime(Text t)
{
    Text rest = headerMatch(t, "9999-99-99"), more;

    if (!rest.z || !headerIsPart(t.z + 5, 1, 12) || !headerIsPart(t.z + 8, 1, 31))
        return 0;
    if (rest.n == 0)
        return 1;
    if (rest.z[0] != ' ' && rest.z[0] != 'T')
        return 0;
    t = text_slice(rest, 1, rest.n);
    rest = headerMatch(t, "99:99");
    if (!rest.z || !headerIsPart(t.z, 0, 23) || !headerIsPart(t.z + 3, 0, 59))
        return 0;
    more = headerMatch(rest, ":99");
    if (more.z) {
        if (!headerIsPart(rest.z + 1, 0, 60))
            return 0;
        rest = more;
        if (headerMatch(rest, ".9").z)
            for (rest = text_slice(rest, 2, rest.n);
                 headerMatch(rest, "9").z; rest = text_slice(rest, 1, rest.n)) {}
    }
    rest = text_trim(rest);
    if (rest.n == 0 || text_is(rest, "Z"))
        return 1;
    more = headerMatch(rest, rest.z[0] == '-' ? "-99:99" : "+99:99");
    return more.z && more.n == 0 && headerIsPart(rest.z + 1, 0, 23)
        && headerIsPart(rest.z + 4, 0, 59);
}

/* ---- the headers ---- */

typedef enum HeaderKey {
    HEADER_REVISION, HEADER_REVISES, HEADER_CREATED, HEADER_DEPENDS_ON,
    HEADER_BRANCH_LABELS, HEADER_REPLACES, HEADER_COUNT
} HeaderKey;

static const char *const headerKey[HEADER_COUNT] = {
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
                   "header \"%.*s\"; there are Revision, Revises, Created, "
                   "Depends-On, Branch-Labels and Replaces", TEXT_ARG(key)));
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
        return trimmed.z ? trimmed : text_of("");
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
        *end = (int)(line.z - r->file.z);
        if (headerIsDirective(line))
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
    doc = sqlite3_str_new(NULL);
    for (; i < n; i++)
        sqlite3_str_appendf(doc, "%.*s\n", TEXT_ARG(lines->v[i]));
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
