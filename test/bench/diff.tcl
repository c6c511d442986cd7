# The model against the database: 1,000 tables with 20 columns and 3 indexes each.
# Without a difference it takes less than 0.3 s; with every table changed, twice the
# tables take about twice the time.

set top [file dirname [file dirname [file dirname [file normalize [info script]]]]]
package require sqlite3

proc schema {n change} {
    set out {}
    for {set t 0} {$t < $n} {incr t} {
        set columns {"id INTEGER PRIMARY KEY"}
        for {set c 1} {$c < 20} {incr c} {
            lappend columns "column_$c [lindex {TEXT {VARCHAR(40) NOT NULL} {INTEGER DEFAULT 0} REAL} [expr {$c % 4}]]"
        }
        if {$change} { lappend columns "added TEXT CHECK (added <> '')" }
        append out "CREATE TABLE table_$t (\n    [join $columns ",\n    "]\n);\n"
        foreach c {1 2 3} {
            append out "CREATE INDEX index_${t}_$c ON table_$t (column_$c, column_[expr {$c + 5}]);\n"
        }
    }
    return $out
}

proc write {path text} {
    set out [open $path w]
    puts -nonewline $out $text
    close $out
}

# Milliseconds for migrate_diff, the best of three; its number of rows must be n.
proc measure {n change rows} {
    file delete -force diff.db migrations
    file mkdir migrations/versions
    write migrations/schema.sql [schema $n $change]
    sqlite3 db diff.db
    db eval "PRAGMA synchronous = OFF; BEGIN; [schema $n 0] COMMIT"
    db close
    set best 1e9
    foreach _ {1 2 3} {
        sqlite3 db diff.db
        db enable_load_extension 1
        db eval {SELECT load_extension($::top || '/migrate.so')}
        set start [clock microseconds]
        set got [db onecolumn {SELECT count(*) FROM migrate_diff}]
        set ms [expr {([clock microseconds] - $start) / 1000.0}]
        if {$ms < $best} { set best $ms }
        db close
        if {$got != $rows} { error "$got rows, not $rows" }
    }
    return $best
}

set bad 0
set ms [measure 1000 0 0]
puts [format "%-48s %8.1f ms  (limit 300)" "check, 1000 tables, no difference" $ms]
incr bad [expr {$ms > 300}]
set half [measure 500 1 500]
set ms [measure 1000 1 1000]
puts [format "%-48s %8.1f ms  (500: %.1f, limit 3 times)" \
    "diff, 1000 tables, each changed" $ms $half]
incr bad [expr {$ms > 3 * $half}]
exit [expr {$bad > 0}]
