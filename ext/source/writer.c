/*
** Writing a source.  See writer.h.
*/
#include "writer.h"

#include "../base/file.h"

#include <stdlib.h>

/* ---- variables ---- */

typedef struct WriterVariable {
    const char *name, *value;
} WriterVariable;

/* The value of the variable at the start of t, "${name}", and its length; NULL if
** t does not begin with one that is known. */
static const char *writerVariable(Text t, const WriterVariable *v, int n, int *length)
{
    int end = text_starts(t, "${") ? text_find(t, '}') : -1, i;

    for (i = 0; end > 0 && i < n; i++) {
        if (text_is(text_slice(t, 2, end), v[i].name)) {
            *length = end + 1;
            return v[i].value;
        }
    }
    return NULL;
}

/* Appends a text with its variables replaced; *empty counts those that were
** empty. */
static void writerExpand(sqlite3_str *out, Text t, const WriterVariable *v, int n,
                         int *empty)
{
    int i = 0, length;

    while (i < t.n) {
        const char *value = writerVariable(text_slice(t, i, t.n), v, n, &length);
        if (value) {
            sqlite3_str_appendall(out, value);
            *empty += *value == 0;
            i += length;
        } else {
            sqlite3_str_appendchar(out, 1, t.z[i++]);
        }
    }
}

/* ---- the name ---- */

/* The words of the message with _ between them, in lower case, cut after a word
** where they are longer than max bytes. */
static const char *writerSlug(Arena *a, Text message, int max)
{
    char *slug = ARENA_NEW(a, char, message.n + 2);
    int i, n = 0, cut = 0;

    if (!slug)
        return "";
    for (i = 0; i < message.n; i++) {
        char c = message.z[i];
        int is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
            || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
        if (is_word) {
            slug[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        } else if (n && slug[n - 1] != '_') {
            slug[n++] = '_';
        }
        if (n && slug[n - 1] == '_' && n <= max + 1)
            cut = n - 1;
    }
    if (n > max) {
        n = cut ? cut : max;
        while (n && ((unsigned char)slug[n] & 0xc0) == 0x80)
            n--;                    /* not within a character */
    }
    while (n && slug[n - 1] == '_')
        n--;
    slug[n] = 0;
    return slug;
}

MIG_FUNC const char *writer_name(Arena *a, const Source *source,
                                 const Draft *draft, const Stamp *now)
{
    const Settings *settings = &source->settings;
    Text rest = draft->message;
    WriterVariable v[] = {
        {"revision", text_copy(a, draft->id)},
        {"slug", writerSlug(a, text_cut(&rest, '\n'),
                            settings_int(settings, SETTING_TRUNCATE_SLUG_LENGTH))},
        {"year", now->year}, {"month", now->month}, {"day", now->day},
        {"hour", now->hour}, {"minute", now->minute}, {"second", now->second},
        {"epoch", now->epoch},
    };
    sqlite3_str *out = sqlite3_str_new(NULL);
    int empty = 0;
    char *name;
    size_t n;

    writerExpand(out, text_of(settings_text(settings, SETTING_FILE_TEMPLATE)), v,
                 (int)(sizeof v / sizeof *v), &empty);
    name = text_finish(a, out);
    for (n = strlen(name); n && name[n - 1] == '_'; n--)
        name[n - 1] = 0;            /* no slug */
    return text_format(a, "%s.sql", name);
}

/* ---- the text ---- */

static const char *const writerTemplate =
    "-- ${message}\n"
    "--\n"
    "-- Revision: ${revision}\n"
    "-- Revises: ${revises}\n"
    "-- Created: ${created}\n"
    "-- Depends-On: ${depends_on}\n"
    "-- Branch-Labels: ${branch_labels}\n"
    "-- Replaces: ${replaces}\n"
    "\n"
    "-- migrate:up\n"
    "${up}\n"
    "\n"
    "-- migrate:down\n"
    "${down}\n";

/* The message as lines of a comment: those after the first begin with "-- ". */
static const char *writerMessage(Arena *a, Text message)
{
    sqlite3_str *out = sqlite3_str_new(NULL);
    Text rest = message;
    const char *between = "";

    while (rest.z) {
        Text line = text_cut(&rest, '\n');
        while (line.n && text_is_space(line.z[line.n - 1]))
            line.n--;
        sqlite3_str_appendf(out, "%s%s%.*s", between,
                            *between && line.n ? " " : "", TEXT_ARG(line));
        between = "\n--";
    }
    return text_finish(a, out);
}

MIG_FUNC const char *writer_text(Arena *a, const Source *source,
                                 const Draft *draft, const Stamp *now)
{
    const char *path = file_join(a, source->path, "template.sql");
    WriterVariable v[] = {
        {"message", writerMessage(a, text_trim(draft->message))},
        {"revision", text_copy(a, draft->id)},
        {"revises", draft->down.n ? names_join(a, &draft->down, ", ") : "base"},
        {"created", text_format(a, "%s-%s-%s %s:%s:%s%s", now->year, now->month,
                                now->day, now->hour, now->minute, now->second,
                                now->zone)},
        {"depends_on", names_join(a, &draft->depends, ", ")},
        {"branch_labels", names_join(a, &draft->labels, ", ")},
        {"replaces", names_join(a, &draft->replaces, ", ")},
        {"up", draft->up}, {"down", draft->undo},
    };
    sqlite3_str *out = sqlite3_str_new(NULL);
    Text rest = text_of(writerTemplate);

    if (file_kind(path) != FILE_NONE)
        rest = revision_normalise(a, file_read(a, path));
    while (rest.n) {
        Text line = text_cut(&rest, '\n');
        sqlite3_str *one;
        int empty = 0;
        const char *text;

        if (draft->sections && text_starts(line, "-- migrate:"))
            break;
        one = sqlite3_str_new(NULL);
        writerExpand(one, line, v, (int)(sizeof v / sizeof *v), &empty);
        text = text_finish(a, one);
        if (empty == 0)
            sqlite3_str_appendf(out, "%s\n", text);
    }
    if (draft->sections)
        sqlite3_str_appendall(out, draft->sections);
    return text_finish(a, out);
}

/* ---- a new source ---- */

static const char *const writerIni =
    "# Settings of these migrations. Every key has a default, shown here.\n"
    "# Another section, chosen with --name, overrides this one key by key.\n"
    "\n"
    "[migrate]\n"
    "\n"
    "# what to work on: a path, a file: URI, or sqlite:///path;\n"
    "# --database and then $DATABASE_URL override it\n"
    "# database = app.db\n"
    "\n"
    "# where revisions live, separated by \":\"; the first gets new ones\n"
    "# version_locations = versions\n"
    "\n"
    "# the schema as it should be: a file, a directory of *.sql, or a database\n"
    "# model = schema.sql\n"
    "\n"
    "# names of new files; also ${year} ${month} ${day} ${hour} ${minute}\n"
    "# ${second} ${epoch}\n"
    "# file_template = ${revision}_${slug}\n"
    "# truncate_slug_length = 40\n"
    "# timezone = utc\n"
    "\n"
    "# all: a command is one transaction; each: one a revision\n"
    "# transaction = all\n"
    "\n"
    "# milliseconds to wait for another writer\n"
    "# lock_timeout = 5000\n"
    "\n"
    "# on: copy the database before a command that changes it\n"
    "# backup = off\n";

static const char *const writerReadme =
    "# Migrations\n"
    "\n"
    "The history of this database's schema, one SQL file a revision in `versions/`,\n"
    "for `migrate`.\n"
    "\n"
    "    migrate status                    where the database is\n"
    "    migrate upgrade                   to the newest revision\n"
    "    migrate downgrade -1              one revision back\n"
    "    migrate revision -m \"add a table\" a new file to write SQL in\n"
    "    migrate history                   all revisions\n"
    "\n"
    "The same from SQL, in the `sqlite3` shell or any program:\n"
    "\n"
    "    .load migrate\n"
    "    SELECT migrate_upgrade('head');\n"
    "    SELECT revision, message, state FROM migrate_revisions;\n"
    "\n"
    "`migrate.ini` has the settings, `schema.sql` is the model (the schema as it\n"
    "should be), and `template.sql` is what a new revision looks like.\n";

MIG_FUNC const char *writer_init(Arena *a, const char *dir, const char *schema)
{
    const struct { const char *name, *text; } file[] = {
        {"migrate.ini", writerIni}, {"template.sql", writerTemplate},
        {"README", writerReadme}, {"schema.sql", schema},
    };
    sqlite3_str *out;
    Names there = {0};
    size_t i;

    if (file_kind(dir) == FILE_DIRECTORY)
        file_list(a, dir, "", 0, &there);
    if (there.n)
        err_set(a->err, ERR_REFUSED, "%s is there already and not empty; name "
                "another directory", dir);
    file_make_directory(a, dir);
    file_make_directory(a, file_join(a, dir, "versions"));
    if (!ok(a))
        return "";
    out = sqlite3_str_new(NULL);
    for (i = 0; i < sizeof file / sizeof *file && ok(a); i++) {
        const char *path = file_join(a, dir, file[i].name);
        file_create(a, path, text_of(file[i].text));
        sqlite3_str_appendf(out, "%s\n", path);
    }
    sqlite3_str_appendf(out, "%s/", file_join(a, dir, "versions"));
    return text_finish(a, out);
}
