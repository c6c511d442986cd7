# Fault injection: every allocation, and every operation on a file, fails in turn
# (once; from then on) under each operation.  build/fault does the work; this says
# what runs.  Arguments: names of cases; none means all.

set argv0 fault.test
set only $argv
set step [expr {[info exists env(STEP)] ? $env(STEP) : 1}]
source [file join [file dirname [info script]] harness.tcl]
db close

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

set value {SELECT migrate_config('x.value', 'v'), migrate_config('lock_timeout', 0);}
set cases [subst -nocommands {
    upgrade     {} {$value SELECT migrate_upgrade('heads')}
    savepoint   {} {$value BEGIN; SELECT migrate_upgrade('heads'); COMMIT}
    wal         {PRAGMA journal_mode = WAL} {$value SELECT migrate_upgrade('heads')}
    downgrade   {$value SELECT migrate_upgrade('heads')} {SELECT migrate_downgrade('base')}
    stamp       {} {SELECT migrate_stamp('heads')}
    script      {$value SELECT migrate_upgrade('a')} {$value SELECT migrate_sql('upgrade', 'heads')}
    range       {} {$value SELECT migrate_sql('upgrade', 'base:heads')}
    plan        {} {SELECT * FROM migrate_plan('upgrade', 'heads')}
    revisions   {$value SELECT migrate_upgrade('heads')} {SELECT * FROM migrate_revisions}
    history     {$value SELECT migrate_upgrade('heads')} {SELECT * FROM migrate_history}
    settings    {} {SELECT * FROM migrate_settings; SELECT migrate_config('backup', 'off')}
    asking      {$value SELECT migrate_upgrade('b')} {SELECT migrate_current(), migrate_heads()}
    trial       {} {$value SELECT migrate_test()}
    lint        {$value SELECT migrate_upgrade('a')} {SELECT * FROM migrate_lint}
    dump        {$value SELECT migrate_upgrade('heads')} {SELECT migrate_dump()}
    sync        {$value SELECT migrate_upgrade('heads')} {SELECT migrate_source('old'), migrate_sync()}
    missing     {$value SELECT migrate_upgrade('heads')}
        {SELECT migrate_source('old'); SELECT * FROM migrate_revisions; SELECT * FROM migrate_plan('sync')}
    unknown     {$value SELECT migrate_upgrade('heads')}
        {SELECT migrate_source('old'); SELECT count(*) FROM migrate_revisions WHERE state = 'missing';
         SELECT migrate_downgrade('c')}
    startup     {} {SELECT migrate_startup()}
    accept      {$value SELECT migrate_upgrade('b')} {SELECT migrate_accept()}
}]

# Two at a time: a fault that happens once, and one that stays.
foreach {name setup body} $cases {
    if {$only ne "" && $name ni $only} continue
    foreach what {malloc io} {
        foreach how {once on} {
            set pipe($how) [open |[list [file join $built build fault] $what $how \
                                $name-$what-$how.db $setup $body $step 2>@1] r]
        }
        foreach how {once on} {
            set out [string trimright [read $pipe($how)]]
            if {[catch {close $pipe($how)} message]} {
                failed fault-$name-$what-$how "$out $message"
            } else {
                passed
                puts "$name, $what $how: $out"
            }
        }
    }
}
finish_test
