# How fast ALTER TABLE is: a rebuild against SQLite's twelve steps written by hand, a
# change in place against the SELECT that verifies it, and what memory both take.
# ROWS= says how many rows; without it ten million, or what the disk has room for.
# ONLY= is a pattern of the cases to run, TIMES= how often each is run.
#
# Each is run several times, in turn, and the best time counts.

package require sqlite3
set top [file dirname [file dirname [file dirname [file normalize [info script]]]]]
set extension [file join $top migrate.so]
set times [expr {[info exists env(TIMES)] ? $env(TIMES) : 2}]
set only [expr {[info exists env(ONLY)] ? $env(ONLY) : "*"}]

# A row takes about 90 bytes with its index; copies of the file and its journal, four times that.
proc room {} {
    set words [regexp -all -inline {\S+} [lindex [split [exec df -Pk .] \n] 1]]
    expr {[lindex $words 3] * 1024 / 500}
}
set rows [expr {[info exists env(ROWS)] ? $env(ROWS) : min(10000000, [room])}]

proc make_rows {} {
    file delete rows.db
    sqlite3 db rows.db
    db eval {PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
        CREATE TABLE p(id INTEGER PRIMARY KEY);
        INSERT INTO p WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n;
        CREATE TABLE t(id INTEGER PRIMARY KEY, p INT REFERENCES p, name TEXT, size REAL, note TEXT DEFAULT '');
        CREATE TABLE w(a INT, b INT, name TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
        BEGIN}
    db eval {INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $::rows)
             SELECT i, 1 + i * 7919 % 1000, 'name ' || i * 7919 % 1000003, i / 3.0, 'a note' FROM n;
             INSERT INTO w SELECT id / 100, id % 100, name FROM t; COMMIT;
             CREATE INDEX i ON t(name, size DESC)}
    db close
}

# Milliseconds, and memory, of a script on a copy of the file.
proc measure {script} {
    file copy -force rows.db run.db
    exec sync
    set code [list set script $script]
    append code "\n" [list set extension $::extension] "\n" {
        package require sqlite3
        sqlite3 db run.db
        db enable_load_extension 1
        db eval {SELECT load_extension($extension)}
        db eval {PRAGMA synchronous = OFF; SELECT max(length(name)) FROM t}
        set started [clock milliseconds]
        db eval $script
        puts [expr {[clock milliseconds] - $started}]
        regexp {VmHWM:\s+(\d+)} [read [open /proc/self/status]] -> kb
        puts [expr {$kb / 1024}]
    }
    exec tclsh << $code
}

set cases {
    "rebuild: ADD COLUMN FIRST" 1.1 {
        SELECT migrate_alter('ALTER TABLE t ADD COLUMN first TEXT FIRST')
    } {
        PRAGMA foreign_keys = OFF; BEGIN;
        CREATE TABLE new(first TEXT, id INTEGER PRIMARY KEY, p INT REFERENCES p, name TEXT, size REAL, note TEXT DEFAULT '');
        INSERT INTO new(id, p, name, size, note) SELECT id, p, name, size, note FROM t;
        DROP TABLE t; ALTER TABLE new RENAME TO t; CREATE INDEX i ON t(name, size DESC); COMMIT
    }
    "rebuild: ALTER TYPE" 1.1 {
        SELECT migrate_alter('ALTER TABLE t ALTER size TYPE TEXT')
    } {
        PRAGMA foreign_keys = OFF; BEGIN;
        CREATE TABLE new(id INTEGER PRIMARY KEY, p INT REFERENCES p, name TEXT, size TEXT, note TEXT DEFAULT '');
        INSERT INTO new(id, p, name, size, note) SELECT id, p, name, size, note FROM t;
        DROP TABLE t; ALTER TABLE new RENAME TO t; CREATE INDEX i ON t(name, size DESC);
        PRAGMA foreign_key_check(t); COMMIT
    }
    "rebuild: WITHOUT ROWID" 1.1 {
        SELECT migrate_alter('ALTER TABLE w ADD COLUMN c INT FIRST')
    } {
        PRAGMA foreign_keys = OFF; BEGIN;
        CREATE TABLE new(c INT, a INT, b INT, name TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
        INSERT INTO new(a, b, name) SELECT a, b, name FROM w;
        DROP TABLE w; ALTER TABLE new RENAME TO w; COMMIT
    }
    "in place: SET NOT NULL" 1.2 {
        SELECT migrate_alter('ALTER TABLE t ALTER note SET NOT NULL')
    } { SELECT EXISTS (SELECT 1 FROM t WHERE note IS NULL) }
    "in place: ADD CHECK" 1.2 {
        SELECT migrate_alter('ALTER TABLE t ADD CHECK (size > 0 AND length(note) < 100)')
    } { SELECT EXISTS (SELECT 1 FROM t WHERE NOT (size > 0 AND length(note) < 100)) }
    "in place: SET DEFAULT" 1.2 {
        SELECT migrate_alter('ALTER TABLE t ALTER note SET DEFAULT 7')
    } { SELECT EXISTS (SELECT 1 FROM t NOT INDEXED WHERE note = x'00112233445566778899aabbccddeeff') }
    "in place: ADD FOREIGN KEY" 1.2 {
        SELECT migrate_alter('ALTER TABLE w ADD FOREIGN KEY (b) REFERENCES p')
    } { SELECT count(*) FROM w WHERE b NOT NULL AND NOT EXISTS (SELECT 1 FROM p WHERE p.id = w.b) }
}

puts "$rows rows, SQLite [sqlite3 -version]"
make_rows
puts [format "%-28s %9s %9s %7s %7s %9s %9s" change ours "by hand" ratio limit "MB ours" "by hand"]
set bad 0
foreach {name limit ours hand} $cases {
    if {![string match $only $name]} continue
    foreach which {ours hand} { set ms($which) 1e9; set mb($which) 0 }
    for {set i 0} {$i < $times} {incr i} {
        foreach which {ours hand} {
            lassign [measure [set $which]] time memory
            set ms($which) [expr {min($ms($which), $time)}]
            set mb($which) [expr {max($mb($which), $memory)}]
        }
    }
    set ratio [expr {double($ms(ours)) / max(1, $ms(hand))}]
    # the clock of a small run says little
    set is_bad [expr {$ratio > $limit && $ms(ours) - $ms(hand) > 100 || $mb(ours) > $mb(hand) + 16}]
    incr bad $is_bad
    puts [format "%-28s %6d ms %6d ms %7.2f %7.1f %9d %9d%s" $name $ms(ours) $ms(hand) $ratio $limit \
        $mb(ours) $mb(hand) [expr {$is_bad ? "  TOO MUCH" : ""}]]
}
file delete rows.db run.db
exit [expr {$bad > 0}]
