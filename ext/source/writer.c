/*
** Writing a source.  See writer.h.
*/
#include "writer.h"

#include "../base/file.h"

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

/* Appends a text with its variables replaced.  True unless there are some and all
** of them are empty. */
static int writerExpand(sqlite3_str *out, Text t, const WriterVariable *v, int n)
{
    int i = 0, nvariable = 0, nempty = 0, length;

    while (i < t.n) {
        const char *value = writerVariable(text_slice(t, i, t.n), v, n, &length);
        if (value) {
            text_append(out, "%s", value);
            nvariable++;
            nempty += *value == 0;
            i += length;
        } else {
            sqlite3_str_appendchar(out, 1, t.z[i++]);
        }
    }
    return nvariable == 0 || nempty < nvariable;
}

/* ---- the name ---- */

/* The bytes of the character at the start of t, which is not empty. */
static int writerCharacter(Text t)
{
    int n = 1;

    while (n < t.n && (t.z[n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* True for a letter or a digit.  Beyond ASCII that is all but the signs of Latin-1
** and the punctuation from U+2000 to U+206F and from U+3000 to U+301F. */
static int writerIsWord(Text c)
{
    const unsigned char *z = (const unsigned char *)c.z;

    if (c.n == 1)
        return (*z >= 'a' && *z <= 'z') || (*z >= 'A' && *z <= 'Z')
            || (*z >= '0' && *z <= '9') || *z == '_';
    if (c.n == 2)
        return z[0] != 0xc2 || z[1] == 0xaa || z[1] == 0xb5 || z[1] == 0xba;
    if (c.n == 3 && z[0] == 0xe2)
        return z[1] > 0x81 || (z[1] == 0x81 && z[2] > 0xaf);
    return c.n != 3 || z[0] != 0xe3 || z[1] != 0x80 || z[2] > 0x9f;
}

/* The words of the message with _ between them, in lower case (ASCII). */
static Text writerWords(Arena *a, Text message)
{
    char *to = ARENA_NEW(a, char, message.n + 1);
    Text words = {to, 0};

    while (to && message.n) {
        Text c = text_slice(message, 0, writerCharacter(message));
        message = text_slice(message, c.n, message.n);
        if (writerIsWord(c)) {
            memcpy(to + words.n, c.z, (size_t)c.n);
            if (*c.z >= 'A' && *c.z <= 'Z')
                to[words.n] = (char)(*c.z + 'a' - 'A');
            words.n += c.n;
        } else if (words.n && to[words.n - 1] != '_') {
            to[words.n++] = '_';
        }
    }
    return words;
}

/* The words that fit into max characters; of a first word that does not, its
** beginning. */
static const char *writerSlug(Arena *a, Text message, int max)
{
    Text words = writerWords(a, message);
    int n = 0, fit = 0;

    for (; n < words.n && max > 0; max--) {
        if (words.z[n] == '_')
            fit = n;
        n += writerCharacter(text_slice(words, n, words.n));
    }
    if (n < words.n && words.z[n] != '_' && fit)
        n = fit;
    while (n && words.z[n - 1] == '_')
        n--;
    words.n = n;
    return text_copy(a, words);
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
    sqlite3_str *out = text_begin();
    char *name;
    size_t n;

    writerExpand(out, text_of(settings_text(settings, SETTING_FILE_TEMPLATE)), v,
                 (int)(sizeof v / sizeof *v));
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
    sqlite3_str *out = text_begin();
    Text rest = message;
    const char *between = "";

    while (rest.z) {
        Text line = text_cut(&rest, '\n');
        while (line.n && text_is_space(line.z[line.n - 1]))
            line.n--;
        text_append(out, "%s%s%Ts", between,
                    *between && line.n ? " " : "", line);
        between = "\n--";
    }
    return text_finish(a, out);
}

MIG_FUNC int writer_has_template(Arena *a, const Source *source)
{
    return tree_find(a, &source->tree, WRITER_TEMPLATE) != FILE_NONE;
}

MIG_FUNC const char *writer_text(Arena *a, const Source *source,
                                 const Draft *draft, const Stamp *now)
{
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
    sqlite3_str *out = text_begin();
    Text rest = text_of(writerTemplate);

    if (writer_has_template(a, source))
        rest = revision_normalise(a, tree_read(a, &source->tree, WRITER_TEMPLATE));
    while (rest.n) {
        Text line = text_cut(&rest, '\n');
        sqlite3_str *one;
        const char *text;
        int is_kept;

        if (draft->sections && text_starts(line, "-- migrate:"))
            break;
        one = text_begin();
        is_kept = writerExpand(one, line, v, (int)(sizeof v / sizeof *v));
        text = text_finish(a, one);
        if (is_kept)
            text_append(out, "%s\n", text);
    }
    if (draft->sections)
        text_append(out, "%s", draft->sections);
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

/* Makes a directory and those above it. */
static void writerDirectory(Arena *a, const char *path)
{
    const char *slash = strchr(path + (*path == '/'), '/');

    for (; slash && ok(a); slash = strchr(slash + 1, '/')) {
        Text above = {path, (int)(slash - path)};
        file_make_directory(a, text_copy(a, above));
    }
    file_make_directory(a, path);
}

/* True if there is a directory with a file in it or below. */
static int writerIsTaken(Arena *a, const char *dir)
{
    Names there = {0};

    if (file_kind(dir) != FILE_DIRECTORY)
        return 0;
    file_list(a, dir, "", 0, &there);
    if (there.n == 0 && ok(a))
        file_list(a, dir, "", 1, &there);
    return there.n > 0;
}

MIG_FUNC const char *writer_init(Arena *a, const char *dir, const char *schema)
{
    const struct { const char *name, *text; } file[] = {
        {SETTINGS_FILE, writerIni}, {WRITER_TEMPLATE, writerTemplate},
        {"README", writerReadme}, {"schema.sql", schema},
    };
    const char *versions = file_join(a, dir, "versions");
    int is_new = file_kind(dir) == FILE_NONE;
    Names written = {0};
    size_t i;
    int j, is_taken;

    if (file_kind(dir) == FILE_REGULAR)
        err_set(a->err, ERR_REFUSED, "%s is a file, and a new source is a "
                "directory; name another one", dir);
    is_taken = writerIsTaken(a, dir);
    if (is_taken)
        err_set(a->err, ERR_REFUSED, "%s is there already and not empty; name "
                "another directory", dir);
    if (ok(a))
        writerDirectory(a, dir);
    file_make_directory(a, versions);
    for (i = 0; i < sizeof file / sizeof *file && ok(a); i++) {
        const char *path = file_join(a, dir, file[i].name);
        names_push(a, &written, text_of(path));
        file_create(a, path, text_of(file[i].text));
    }
    for (j = 0; j < written.n - 1 && !ok(a); j++)   /* all of them, or none */
        file_remove(written.v[j].z);
    if (!ok(a) && !is_taken)
        file_remove_directory(versions);
    if (!ok(a) && is_new)
        file_remove_directory(dir);
    names_push(a, &written, text_of(text_format(a, "%s/", versions)));
    return names_join(a, &written, "\n");
}
