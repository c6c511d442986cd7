# How fast a directory of 10,000 revisions is, against reading its files with cat.
#
# current and an upgrade that finds nothing to do may take three times as long.
# Times are wall clock, medians of several runs that take turns.

set top [file dirname [file dirname [file dirname [file normalize [info script]]]]]
set program [file join $top migrate]
set n 10000
set runs 11

proc write {path text} {
    set out [open $path w]
    puts -nonewline $out $text
    close $out
}

file delete -force bench
file mkdir bench/migrations/versions
cd bench
set down base
for {set i 0} {$i < $n} {incr i} {
    set id [format %08x%04x [expr {$i * 2654435761 & 0xffffffff}] [expr {$i & 0xffff}]]
    write migrations/versions/${id}_add_table_$i.sql "-- add table $i
--
-- What it is for, in a sentence or two, as one would write it in a message
-- to the others.
--
-- Revision: $id
-- Revises: $down
-- Created: 2026-01-05 12:00:00+00:00

-- migrate:up
INSERT INTO t VALUES ($i, 'a row for revision $i');

-- migrate:down
DELETE FROM t WHERE id = $i;
"
    set down $id
}
exec sqlite3 test.db "CREATE TABLE t(id INTEGER PRIMARY KEY, what)"
set started [clock microseconds]
exec $program -q -d test.db upgrade
puts [format "upgrade from base: %.2f s" [expr {([clock microseconds] - $started) / 1e6}]]

set commands [list cat {sh -c "cat migrations/versions/* >/dev/null"} \
    current [list $program -d test.db current] \
    upgrade [list $program -q -d test.db upgrade]]
for {set i 0} {$i < $runs} {incr i} {
    foreach {name command} $commands {
        set started [clock microseconds]
        exec {*}$command
        lappend took($name) [expr {[clock microseconds] - $started}]
    }
}
set fine 1
foreach {name command} $commands {
    set median($name) [lindex [lsort -integer $took($name)] [expr {$runs / 2}]]
    set times [expr {double($median($name)) / $median(cat)}]
    puts [format "%-8s %7.1f ms %6.2f times cat" $name [expr {$median($name) / 1e3}] $times]
    if {$times > 3} { set fine 0 }
}
cd ..
file delete -force bench
exit [expr {!$fine}]
