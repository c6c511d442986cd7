# Power loss: at every sync of an operation the power fails, and every disk that may
# be left is looked at.  build/power does the work; this says what runs.  Arguments:
# names of cases; none means all.  CHOICES=n random disks at each sync, SEED=n the
# same ones again.

set argv0 power.test
set only $argv
set choices [expr {[info exists env(CHOICES)] ? $env(CHOICES) : 16}]
source [file join [file dirname [info script]] harness.tcl]
set seed [seed_random]
db close

# Rows by the page, an index, a rebuild; each step changes what the one before made.
revision a -up {CREATE TABLE big(id INTEGER PRIMARY KEY, x TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO big SELECT i, printf('%0200d', i * 7919 % 1000) FROM n;} -undo {DROP TABLE big;}
revision b -down a -up {CREATE INDEX big_x ON big(x);
ALTER TABLE big ADD COLUMN y;
UPDATE big SET y = substr(x, 150);} \
    -undo {ALTER TABLE big DROP COLUMN y; DROP INDEX big_x;}
write_file migrations/versions/c.sql "-- c\n--\n-- Revision: c\n-- Revises: b\n
-- migrate:up foreign_keys:off
CREATE TABLE big2(id INTEGER PRIMARY KEY, x TEXT NOT NULL, y);
INSERT INTO big2 SELECT * FROM big;
DROP TABLE big;
ALTER TABLE big2 RENAME TO big;
CREATE INDEX big_x ON big(x);
-- migrate:down
"
revision d -down c -up {DELETE FROM big WHERE id % 2;} -undo {}
write_file migrations/versions/e.sql "-- e\n--\n-- Revision: e\n-- Revises: d\n
-- migrate:up transaction:false
CREATE TABLE e(x);
INSERT INTO e SELECT x FROM big;
VACUUM;
-- migrate:down
DROP TABLE e;
"

# Two slots of firmware: the new one has all of these up to d, and f, which goes back
# outside of a transaction; the old one has a, and what came after it there.
foreach id {a b c d} {
    file mkdir new/versions
    file copy migrations/versions/$id.sql new/versions
}
file copy new outside
write_file outside/versions/f.sql "-- f\n--\n-- Revision: f\n-- Revises: d\n
-- migrate:up
CREATE TABLE f(x);
INSERT INTO f SELECT x FROM big;
-- migrate:down transaction:false
DROP TABLE f;
VACUUM;
"
file mkdir old/versions
file copy migrations/versions/a.sql old/versions
revision x -dir old/versions -down a -up {CREATE TABLE x AS SELECT id * 2 AS y FROM big;} \
    -undo {DROP TABLE x;}

# A table changed by a rebuild, then in place; rowids have gaps, child rows hang on it.
revision a -dir changes/versions -up {CREATE TABLE t(x INTEGER, y TEXT COLLATE NOCASE,
    k INTEGER UNIQUE, CONSTRAINT positive CHECK (x > 0));   -- the first
CREATE TABLE child(id INTEGER PRIMARY KEY, k REFERENCES t(k) ON DELETE CASCADE);
CREATE INDEX t_y ON t(y DESC) WHERE x > 5;
CREATE VIEW v AS SELECT k, y FROM t;
CREATE TRIGGER t_gone AFTER DELETE ON t BEGIN DELETE FROM child WHERE id = old.x; END;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO t(rowid, x, y, k) SELECT i * 3, i, printf('%0100d', i * 7919 % 1000), 61 - i FROM n;
INSERT INTO child SELECT NULL, k FROM t WHERE k % 2;} -undo {DROP VIEW v; DROP TABLE child; DROP TABLE t;}
revision b -dir changes/versions -down a \
    -up {ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'c' FIRST; ALTER TABLE t ALTER x TYPE TEXT;} \
    -undo {ALTER TABLE t ALTER x TYPE INTEGER; ALTER TABLE t DROP COLUMN c;}
revision c -dir changes/versions -down b \
    -up {ALTER TABLE t ALTER y SET NOT NULL; ALTER TABLE t DROP CONSTRAINT positive;} \
    -undo {ALTER TABLE t ADD CONSTRAINT positive CHECK (x > 0); ALTER TABLE t ALTER y DROP NOT NULL;}
file copy changes alone
file delete alone/versions/b.sql alone/versions/c.sql
write_file alone/versions/d.sql "-- d\n--\n-- Revision: d\n-- Revises: a\n
-- migrate:up transaction:false
ALTER TABLE t ADD COLUMN IF NOT EXISTS c TEXT DEFAULT 'c' FIRST;
ALTER TABLE t ALTER y SET NOT NULL;
"

set each {SELECT migrate_config('transaction', 'each');}
set new {SELECT migrate_source('new'), migrate_upgrade('d');}
set old {SELECT migrate_source('old')}
set changes {SELECT migrate_source('changes')}
set alone {SELECT migrate_source('alone')}
set copied {SELECT migrate_config('backup', '%s'); SELECT migrate_upgrade('d')}

# name, setup, body, what may be between, what decides, the copy
set cases [subst {
    upgrade     {} {SELECT migrate_upgrade('d')} {} {} {}
    each        {} {$each SELECT migrate_upgrade('d')}
        {SELECT migrate_upgrade('a'); SELECT migrate_upgrade('b');
         SELECT migrate_upgrade('c');} {} {}
    downgrade   {SELECT migrate_upgrade('d')} {SELECT migrate_downgrade('a')} {} {} {}
    down-each   {SELECT migrate_upgrade('d')} {$each SELECT migrate_downgrade('a')}
        {SELECT migrate_downgrade('c'); SELECT migrate_downgrade('b');} {} {}
    stamp       {} {SELECT migrate_stamp('d')} {} {} {}
    by-hand     {SELECT migrate_upgrade('b')} {SELECT migrate_upgrade('c')} {} {} {}
    rebuild     {$changes, migrate_upgrade('a')} {$changes; SELECT migrate_upgrade('b')} {} {} {}
    in-place    {$changes, migrate_upgrade('b')} {$changes; SELECT migrate_upgrade('c')} {} {} {}
    un-rebuild  {$changes, migrate_upgrade('b')} {$changes; SELECT migrate_downgrade('a')} {} {} {}
    un-in-place {$changes, migrate_upgrade('c')} {$changes; SELECT migrate_downgrade('b')} {} {} {}
    alone       {$alone, migrate_upgrade('a')} {$alone; SELECT migrate_upgrade('d')}
        {SELECT migrate_alter('ALTER TABLE t ADD COLUMN c TEXT DEFAULT ''c'' FIRST');
         SELECT migrate_alter('ALTER TABLE t ALTER y SET NOT NULL');}
        {SELECT migrate_stamp('a')} {}
    outside     {SELECT migrate_upgrade('b')} {SELECT migrate_upgrade('e')}
        {SELECT migrate_upgrade('d'); CREATE TABLE e(x); INSERT INTO e SELECT x FROM big;}
        {DROP TABLE IF EXISTS e; SELECT migrate_stamp('d')} {}
    backup      {SELECT migrate_upgrade('a')} {[format $copied /power/test.bak]} {} {}
        /power/test.bak
    sync        {$new} {$old; SELECT migrate_sync()} {} {} {}
    sync-each   {$new} {$each $old; SELECT migrate_sync()}
        {$old, migrate_downgrade('c'); $old, migrate_downgrade('b');
         $old, migrate_downgrade('a');} {} {}
    sync-out    {SELECT migrate_source('outside'), migrate_upgrade()}
        {$old; SELECT migrate_sync()}
        {DROP TABLE f; CREATE TABLE f(x); $old, migrate_downgrade('d');}
        {CREATE TABLE IF NOT EXISTS f(x); SELECT migrate_stamp('f')} {}
    elsewhere   {SELECT migrate_upgrade('a')} {[format $copied /power/copy/test.bak]} {} {}
        /power/copy/test.bak
}]

set power [file join $built build power]
foreach {name setup body midway decide copy} $cases {
    if {$only ne "" && $name ni $only} continue
    # not NORMAL with a rollback journal: SQLite alone, without us, does not bear that
    foreach {mode synchronous} {
        delete full  delete extra  truncate full  persist full  wal full  wal normal
    } {
        set test power-$name-$mode-$synchronous
        if {[catch {exec $power honest $mode $synchronous $choices $seed $setup \
                        $body $midway $decide $copy} out]} {
            failed $test $out
        } else {
            passed
            puts "$name, $mode $synchronous: $out"
            foreach what {syncs disks} {
                regexp "(\\d+) $what" $out -> n
                dict incr sum $what $n
            }
        }
    }
    # a disk that syncs nothing must be found out
    if {![catch {exec $power lie delete full $choices $seed $setup $body \
                     $midway $decide $copy} out]
        || ![string match "power fails at sync \[1-9\]*" $out]} {
        failed power-$name-lie "nothing found: $out"
    } else {
        passed
        puts "$name, a disk that lies: [string range [lindex [split $out \n] 0] 0 100]"
    }
}
if {[info exists sum]} { puts "power: [dict get $sum syncs] syncs, [dict get $sum disks] disks" }
finish_test
