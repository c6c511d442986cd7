# Fault injection: memory, SQLite's files, the disk's room and the source's files fail
# in turn under each operation.  build/fault does the work; this says what runs, and
# prints what came of it.  Arguments: names of cases; none means all.  STEP=n makes
# every n-th fault only, STEP=/n about n of each kind.

set argv0 fault.test
set only $argv
set step [expr {[info exists env(STEP)] ? $env(STEP) : 1}]
source [file join [file dirname [info script]] harness.tcl]

# A source with something of everything.
revision a -up {CREATE TABLE p(id INTEGER PRIMARY KEY, n UNIQUE);
CREATE TABLE c(id INTEGER PRIMARY KEY, p REFERENCES p(id) ON DELETE CASCADE);
INSERT INTO p VALUES (1, 'one'), (2, 'two');
INSERT INTO c VALUES (1, 1), (2, 2);} -undo {DROP TABLE c; DROP TABLE p;}
revision b -down a -up {ALTER TABLE p ADD COLUMN IF NOT EXISTS x DEFAULT 'x';
-- migrate:if (SELECT count(*) FROM p) = 2
CREATE INDEX p_x ON p(x);
-- migrate:else
CREATE INDEX p_y ON p(x);
-- migrate:endif
CREATE TRIGGER t AFTER INSERT ON p BEGIN UPDATE p SET x = 'new' WHERE id = new.id; END;} \
    -verify {SELECT count(*) = 2 FROM p;} \
    -undo {DROP TRIGGER IF EXISTS t; DROP INDEX IF EXISTS p_x; ALTER TABLE p DROP COLUMN IF EXISTS x;}
write_file migrations/versions/c.sql "-- c\n--\n-- Revision: c\n-- Revises: b\n
-- migrate:up foreign_keys:off
CREATE TABLE p2(id INTEGER PRIMARY KEY, n NOT NULL, x);
INSERT INTO p2 SELECT * FROM p;
DROP TABLE p;
ALTER TABLE p2 RENAME TO p;
-- migrate:down
"
revision d -down c -depends e -labels side -up {UPDATE p SET n = :value;} -undo ""
revision e -down base -up {CREATE TABLE e(x);} -undo {DROP TABLE e;}

# What another source makes of it.
revision a2 -dir old/versions -up {CREATE TABLE old(x);} -undo {DROP TABLE old;}

# The model: a column has another name, one is new; a table and a view are new.
write_file migrations/schema.sql {CREATE TABLE p(id INTEGER PRIMARY KEY, n NOT NULL, x);
CREATE TABLE c(id INTEGER PRIMARY KEY, parent INT REFERENCES p(id) ON DELETE CASCADE, -- migrate:renamed-from p
    note TEXT DEFAULT '');
CREATE TABLE f(y);
CREATE VIEW v AS SELECT n FROM p;
}

# It as a bundle, signed.
sql {SELECT migrate_bundle('signed.bundle')}
db close
exec minisign -G -f -W -p key.pub -s key
exec minisign -S -s key -m signed.bundle
set key [lindex [split [read_file key.pub] \n] 1]

set value {SELECT migrate_config('x.value', 'v'), migrate_config('lock_timeout', 0);}
set up "$value SELECT migrate_upgrade('heads');"
set lines {SELECT migrate_source('migrations/lines');}

# name, what the database is like, what runs; then what decides where a section outside
# of a transaction was interrupted
set cases [subst -nocommands {
    load        {} load {}
    load-again  {} {load again} {}
    load-startup {} {load startup} {}
    load-readonly {$up} {load readonly} {}
    upgrade     {} {$up} {}
    savepoint   {} {$value BEGIN; SELECT migrate_upgrade('heads'); COMMIT} {}
    wal         {PRAGMA journal_mode = WAL} {$up} {}
    each        {$up} {SELECT migrate_config('transaction', 'each'), migrate_downgrade('c')} {}
    downgrade   {$up} {SELECT migrate_downgrade('base')} {}
    sync        {$up} {SELECT migrate_source('old'), migrate_sync()} {}
    missing     {$up} {SELECT migrate_source('old'); SELECT * FROM migrate_revisions;
        SELECT * FROM migrate_plan('sync')} {}
    unknown     {$up} {SELECT migrate_source('old');
        SELECT count(*) FROM migrate_revisions WHERE state = 'missing'; SELECT migrate_downgrade('c')} {}
    startup     {} {SELECT migrate_startup()} {}
    development {} {$value SELECT migrate_startup()} {}
    outside     {$up} {SELECT migrate_source('migrations/out'), migrate_upgrade('f')}
        {DROP TABLE IF EXISTS f; SELECT migrate_stamp('d', 'purge')}
    outside-wal {PRAGMA journal_mode = WAL; $up} {SELECT migrate_source('migrations/out'), migrate_upgrade('f')}
        {DROP TABLE IF EXISTS f; SELECT migrate_stamp('d', 'purge')}
    pragma      {} {$lines SELECT migrate_upgrade('n')} {}
    stamp       {} {SELECT migrate_stamp('heads')} {}
    purge       {$up} {SELECT migrate_stamp('a', 'purge')} {}
    accept      {$up; UPDATE _migrate_log SET checksum = 'x' WHERE revision <> 'c'}
        {SELECT migrate_accept()} {}
    backup      {$up} {SELECT migrate_config('backup', '%.bak'), migrate_downgrade('c')} {}
    native      {$up} {SELECT migrate_alter('ALTER TABLE c ADD y, RENAME p TO parent')} {}
    in-place    {$up} {SELECT migrate_alter('ALTER TABLE c ADD CHECK (id > 0), ALTER p SET DEFAULT 1, ADD COLUMN z REFERENCES p AFTER p')} {}
    rebuild     {$up; ANALYZE} {BEGIN; SELECT migrate_alter('ALTER TABLE p ALTER x TYPE TEXT USING x || 1, ADD UNIQUE (x, id)'); COMMIT} {}
    rebuild-wal {PRAGMA journal_mode = WAL; $up} {SELECT migrate_alter('ALTER TABLE p ALTER x TYPE TEXT, DROP n')} {}
    keyed       {$up} {SELECT migrate_alter('ALTER TABLE p ALTER x TYPE INT USING 7, SET WITHOUT ROWID')} {}
    sql         {$value SELECT migrate_upgrade('b')} {SELECT migrate_sql('upgrade', 'c')} {}
    script      {$value SELECT migrate_upgrade('a')} {$value SELECT migrate_sql('upgrade', 'heads')} {}
    range       {} {$value SELECT migrate_sql('upgrade', 'base:heads')} {}
    trial       {} {SELECT migrate_test('a')} {}
    plan        {} {SELECT * FROM migrate_plan('upgrade', 'heads')} {}
    revisions   {$up} {SELECT * FROM migrate_revisions} {}
    history     {$up} {SELECT * FROM migrate_history} {}
    version     {$up} {readonly: SELECT * FROM migrate_version; SELECT * FROM migrate_history} {}
    lint        {$value SELECT migrate_upgrade('a')} {SELECT * FROM migrate_lint} {}
    dump        {$up} {SELECT migrate_dump()} {}
    settings    {} {SELECT migrate_source('old'), migrate_config('backup', 'off');
        SELECT * FROM migrate_settings} {}
    asking      {$value SELECT migrate_upgrade('b')}
        {SELECT migrate_current(), migrate_heads(), migrate_build()} {}
    revision    {} {SELECT migrate_revision('new', '{"rev_id": "new1", "head": "d"}')} {}
    diff        {$up} {SELECT * FROM migrate_diff} {}
    autogenerate {$up} {SELECT migrate_revision('new',
        '{"rev_id": "new4", "head": "d", "autogenerate": true}')} {}
    merge       {} {$lines SELECT migrate_merge('n s', 'one', '{"rev_id": "new2"}')} {}
    squash      {} {$lines SELECT migrate_squash('l:m', 'one', '{"rev_id": "new3"}')} {}
    init        {} {SELECT migrate_init('new')} {}
    pack        {} {SELECT migrate_bundle('new.bundle')} {}
    embed       {} {SELECT migrate_bundle('new.c', 'c')} {}
    bundle      {SELECT migrate_bundle('a.bundle')} {SELECT migrate_source('a.bundle'); $up} {}
    signed      {} {SELECT migrate_config('trusted_key', '$key'), migrate_source('signed.bundle'); $up} {}
}]

# What their processes find in the environment.
set developing {ENVIRONMENT=development DB_AUTO_MIGRATE=yes}
set environment [dict create development $developing \
                     load-startup [list {*}$developing MIGRATE_SOURCE=old]]

# A section outside of a transaction; a line to squash, and branches to merge.
file copy migrations out
file rename out migrations/out
write_file migrations/out/versions/f.sql "-- f\n--\n-- Revision: f\n-- Revises: d\n
-- migrate:up transaction:false
CREATE TABLE f(x);
INSERT INTO f SELECT n FROM p;
VACUUM;
-- migrate:down
DROP TABLE f;
"
foreach {id down} {k base m l s k} {
    revision $id -down $down -dir migrations/lines/versions \
        -up "CREATE TABLE t_${id}(x);" -undo "DROP TABLE t_$id;"
}
revision n -down m -dir migrations/lines/versions -up {ATTACH ':memory:' AS aside;
CREATE TABLE t_n(x);} -undo {DROP TABLE t_n;}
revision l -down k -dir migrations/lines/versions -up {PRAGMA recursive_triggers = ON;
PRAGMA ignore_check_constraints = ON;
CREATE TABLE t_l(x);} -undo {DROP TABLE t_l;}

# Settings and a template that cannot be missed without a difference.
write_file migrations/lines/migrate.ini {[migrate]
version_table = lines
version_locations = versions:more
file_template = ${revision}
}
write_file migrations/lines/template.sql {-- ${message}
--
-- Of the lines.
--
-- Revision: ${revision}
-- Revises: ${revises}
-- Replaces: ${replaces}

-- migrate:up
${up}
-- migrate:down
${down}
}
file mkdir migrations/lines/more

set kinds {
    malloc once malloc on io once io on full on
    file once file on file interrupt file short file unable
}

# ---- as many at once as there are processors ----

set queue {}
foreach {name setup body mend} $cases {
    if {$only ne "" && $name ni $only} continue
    foreach {what how} $kinds {
        lappend queue [list $name $what $how $setup $body $mend]
    }
}

proc next {} {
    global queue running step built
    if {![llength $queue]} {
        if {$running == 0} { set ::done 1 }
        return
    }
    set queue [lassign $queue one]
    lassign $one name what how setup body mend
    set test $name-$what-$how
    file delete -force $test
    file mkdir $test
    file copy migrations old signed.bundle signed.bundle.minisig $test
    set body [string map [list % $test.db] $body]
    set command [list env]
    if {[dict exists $::environment $name]} {
        lappend command {*}[dict get $::environment $name]
    }
    lappend command {*}[list [file join $built build fault] $what $how $test.db $setup $body $step]
    if {$mend ne ""} { lappend command $mend }
    set pipe [open |[list sh -c {cd "$0" && exec "$@" 2>&1} $test {*}$command] r]
    fconfigure $pipe -blocking 0
    set ::output($test) ""
    incr running
    fileevent $pipe readable [list gather $pipe $test $what $how [clock milliseconds]]
}

proc gather {pipe test what how started} {
    append ::output($test) [read $pipe]
    if {![eof $pipe]} return
    fconfigure $pipe -blocking 1
    set out [string trimright $::output($test)]
    if {[catch {close $pipe} message]
        || ![regexp {(\d+) faults: (\d+) errors, (\d+) borne$} $out -> n errors borne]} {
        failed fault-$test "$out $message"
    } else {
        passed
        puts [format "%s: %s, %.1f s" $test $out \
                  [expr {([clock milliseconds] - $started) / 1e3}]]
        flush stdout
        foreach {key by} [list cases 1 faults $n errors $errors borne $borne] {
            dict incr ::sum([list $what $how]) $key $by
        }
        file delete -force $test
    }
    incr ::running -1
    next
}

set running 0
if {[catch {exec nproc} nproc]} { set nproc 2 }
for {set i 0} {$i < $nproc} {incr i} { next }
if {$running} { vwait done }

puts "\nfault              operations    faults   reported      borne"
foreach {what how} $kinds {
    if {![info exists sum([list $what $how])]} continue
    dict with sum([list $what $how]) {
        puts [format "%-18s %10d %9d %10d %10d" "$what $how" $cases $faults $errors $borne]
    }
}
finish_test
