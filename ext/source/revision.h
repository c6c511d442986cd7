/*
** A revision file, read: its headers, and its sections as statements.
**
** The format is SPEC section 3.  The two halves are read apart, because a command
** needs the headers of every revision and the SQL of few.
**
**     -- add role to users             the message
**     --
**     -- Prose.                        with the message, the doc
**     --
**     -- Revision: b2c3d4e5f6a7        the headers: the last paragraph of
**     -- Revises: 0c086b93f8b9         the leading comment
**
**     -- migrate:up
**     ALTER TABLE users ADD COLUMN ...
**
** Where SPEC is silent:
**
**   - The leading comment is all that stands before the first directive: lines
**     that begin with --, or empty ones, which separate its paragraphs as "--" does.
**   - A file without a subject is a revision without a message.  Of Created, what
**     SQLite reads as a time is one.
**   - Sections may stand in any order, each once.  A directive ends the statement
**     before it, which needs no semicolon; one within a parenthesis or a quote that
**     is still open is what tells that it was never closed.
**   - In CREATE TRIGGER, as in strings and C-style comments, no line is a directive.
**   - The condition of an if ends with its line; it may end with a comment.
**   - Savepoints may be used within a section, or within one branch of an if.
**   - Parameters need a name: ? and ?1 are refused.
**   - Places count lines of the file and characters of a line, from 1, whatever ends
**     the lines and whether there is a byte order mark.
**
** Errors: bad-revision and illegal-id, with file, line and column.
*/
#ifndef MIG_REVISION_H
#define MIG_REVISION_H

#include "../sql/statement.h"

/* What the headers say.  The texts live in the arena. */
typedef struct Revision {
    Text id;
    Names down;             /* none: a base */
    Names depends, labels, replaces;
    Text message;           /* the subject line */
    Text doc;               /* subject and prose, without the comment marks */
    Text created;           /* "2026-01-05 12:00:00+00:00"; empty if not said */
    const char *name;       /* the file, as messages name it: "versions/x.sql" */
    const char *path;       /* the file, as it can be opened */
} Revision;

typedef enum ItemKind { ITEM_STATEMENT, ITEM_IF, ITEM_ELSE, ITEM_ENDIF } ItemKind;

typedef struct Item {
    ItemKind kind;
    Statement statement;    /* ITEM_STATEMENT */
    Text condition;         /* ITEM_IF: the expression */
    int offset;             /* in the file, of the statement or the condition */
    int skip;               /* ITEM_IF, ITEM_ELSE: the item to go on with when the
                            ** statements between are not to run */
} Item;

typedef struct Section {
    int is_given;           /* there is such a section */
    int no_transaction;     /* transaction:false */
    int no_foreign_keys;    /* foreign_keys:off */
    Text text;              /* what stands between its directive and the next */
    Item *v;
    int n, cap;
} Section;

typedef enum SectionKind { SECTION_UP, SECTION_VERIFY, SECTION_DOWN, SECTION_COUNT }
    SectionKind;

typedef struct Body {
    Text file;              /* what offsets count in: the file, normalised */
    const char *name;       /* for messages */
    Section v[SECTION_COUNT];
} Body;

/* The text of a file as it is read: without a byte order mark, LF for CRLF. */
MIG_FUNC Text revision_normalise(Arena *a, Text bytes);

/* True if head, the beginning of a file, has all of the leading comment. */
MIG_FUNC int revision_has_headers(Text head);

/* Reads the headers of a normalised text. */
MIG_FUNC Revision revision_read(Arena *a, const char *name, Text file);

/* Reads the sections of a normalised text. */
MIG_FUNC Body revision_read_body(Arena *a, const char *name, Text file);

/* Reads a section of its own, its directive included, as it was kept of a file that
** is gone; nothing at all is a body without sections. */
MIG_FUNC Body revision_read_section(Arena *a, const char *name, Text text);

/* Whether t can be an id: [A-Za-z0-9_.]{1,64}, and no reserved word. */
#define REVISION_ID_RULE "an id is 1 to 64 of A-Z a-z 0-9 _ . and none of " \
                         "base, head, heads, current"
MIG_FUNC int revision_is_id(Text t);

/* "file:line:col", for a message about what stands at offset. */
MIG_FUNC const char *body_place(Arena *a, const Body *body, int offset);

#endif
