# What every test file begins with.
#
# A test says what, the harness knows how:
#
#     graph diamond { a; b <- a; c <- a label:api; d <- b c dep:x }
#     do_test target-2.1 { sql {SELECT migrate_upgrade('api@head')} } 2
#     do_error_test target-2.2 { sql {SELECT migrate_upgrade('nope')} } \
#         {not-found: *nope*}
#
# Each file runs in a process and a directory of its own (the current one), with a
# database handle "db" on test.db and the extension loaded.

package require Tcl 8.6
package require sqlite3

set top [file dirname [file dirname [file normalize [info script]]]]
set shared [file join [file dirname $top] shared]
# what is tested: built at the top, or, with sanitizers, elsewhere
set built [expr {[info exists env(MIGRATE_BUILD)] ? $env(MIGRATE_BUILD) : $top}]
set extension [file join $built migrate.so]
set program [file join $built migrate]
set testname [file rootname [file tail $argv0]]
set npass 0
set nfail 0

# ---- running ----

proc passed {} { incr ::npass }

proc failed {name what} {
    incr ::nfail
    puts "FAIL $name"
    foreach line [split $what \n] { puts "     $line" }
}

# Runs body; its result must be the one expected.
proc do_test {name body expected} {
    if {![wanted $name]} return
    if {[catch {uplevel #0 $body} result]} {
        failed $name "error: $result\n$::errorInfo"
    } elseif {$result ne $expected} {
        failed $name "expected: $expected\ngot:      $result"
    } else {
        passed
    }
}

# Runs body; its result must match the glob pattern.
proc do_match_test {name body pattern} {
    if {![wanted $name]} return
    if {[catch {uplevel #0 $body} result]} {
        failed $name "error: $result\n$::errorInfo"
    } elseif {![string match $pattern $result]} {
        failed $name "expected: $pattern\ngot:      $result"
    } else {
        passed
    }
}

# Runs body; it must fail with a message that matches the glob pattern.
proc do_error_test {name body pattern} {
    if {![wanted $name]} return
    if {![catch {uplevel #0 $body} result]} {
        failed $name "expected an error: $pattern\ngot:      $result"
    } elseif {![string match $pattern $result]} {
        failed $name "expected: $pattern\ngot:      $result"
    } else {
        passed
    }
}

# Runs body, in which a CHECK calls a function of ours that acts: a newer SQLite refuses
# that, and where it does not we do.
proc do_check_test {name body} {
    do_test $name "catch {$body} message
        regsub {^(unsafe use of migrate_|busy-statement: .* a statement that writes: INSERT).*} \
            \$message refused" refused
}

# TESTS=name-* make test runs only what matches.
proc wanted {name} {
    expr {![info exists ::env(ONLY)] || [string match $::env(ONLY) $name]}
}

# Every test file ends with this.
proc finish_test {} {
    catch {db close}
    puts "$::testname: $::npass passed, $::nfail failed"
    exit [expr {$::nfail > 0}]
}

# A random number below n; the seed is printed, and SEED=n repeats a run.
proc seed_random {} {
    set seed [expr {[info exists ::env(SEED)] ? $::env(SEED)
                    : [clock clicks] & 0x7fffffff}]
    puts "$::testname: SEED=$seed"
    expr {srand($seed)}
    return $seed
}
proc random {n} { expr {int(rand() * $n)} }

# ---- files ----

proc write_file {path text} {
    file mkdir [file dirname $path]
    set out [open $path w]
    fconfigure $out -translation lf -encoding utf-8
    puts -nonewline $out $text
    close $out
    return $path
}

proc write_bytes {path bytes} {
    file mkdir [file dirname $path]
    set out [open $path wb]
    puts -nonewline $out $bytes
    close $out
    return $path
}

proc read_file {path} {
    set in [open $path r]
    fconfigure $in -encoding utf-8 -translation lf
    set text [read $in]
    close $in
    return $text
}

# Begins anew: no source, no database file but an empty test.db, which is open.
proc reset {} {
    catch {db close}
    foreach path [glob -nocomplain * .mig*] { file delete -force $path }
    file mkdir migrations/versions
    open_db db test.db
}

# A handle with the extension loaded.
proc open_db {handle path} {
    sqlite3 $handle $path
    $handle enable_load_extension 1
    $handle eval {SELECT load_extension($::extension)}
}

# The result of SQL on db, as a list.
proc sql {statements} { uplevel #0 [list db eval $statements] }

# ---- sources ----

# A revision file.  options: -down -depends -labels -replaces -message -up -undo
# -verify -file -created -dir; -undo NONE leaves the section out.
proc revision {id args} {
    array set o {-down base -depends "" -labels "" -replaces "" -message "" -up ""
                 -undo "" -verify "" -file "" -created "" -dir migrations/versions}
    array set o $args
    if {$o(-message) eq ""} { set o(-message) "revision $id" }
    if {$o(-file) eq ""} { set o(-file) "$id.sql" }
    set text "-- $o(-message)\n--\n-- Revision: $id\n-- Revises: $o(-down)\n"
    foreach {key name} {-created Created -depends Depends-On -labels Branch-Labels
                        -replaces Replaces} {
        if {$o($key) ne ""} { append text "-- $name: $o($key)\n" }
    }
    append text "\n-- migrate:up\n$o(-up)\n"
    if {$o(-verify) ne ""} { append text "\n-- migrate:verify\n$o(-verify)\n" }
    if {$o(-undo) ne "NONE"} { append text "\n-- migrate:down\n$o(-undo)\n" }
    write_file [file join $o(-dir) $o(-file)] $text
}

# A graph as text: "id <- parent parent dep:id label:name", separated by ";".
# Each revision makes a table t_ID and drops it again.
proc graph {text} {
    foreach path [glob -nocomplain migrations/versions/*.sql] { file delete $path }
    foreach one [split $text ";\n"] {
        set words [regexp -all -inline {\S+} $one]
        if {$words eq ""} continue
        set id [lindex $words 0]
        set down {}; set depends {}; set labels {}
        foreach word [lrange $words 1 end] {
            if {$word eq "<-"} continue
            if {[regexp {^dep:(.*)} $word -> x]} { lappend depends $x; continue }
            if {[regexp {^label:(.*)} $word -> x]} { lappend labels $x; continue }
            lappend down $word
        }
        if {$down eq ""} { set down base }
        revision $id -down [join $down ", "] -depends [join $depends ", "] \
            -labels [join $labels ", "] -up "CREATE TABLE \"t_$id\"(x);" \
            -undo "DROP TABLE \"t_$id\";"
    }
}

# ---- looking ----

# The version rows.
proc rows {} {
    if {[db exists {SELECT 1 FROM sqlite_schema WHERE name = '_migrate_version'}]} {
        return [sql {SELECT version_num FROM _migrate_version ORDER BY 1}]
    }
}

# Everything in a database but the log's times, as text: what a command must leave
# alone, or do the same as another.
proc contents {{handle db}} {
    set out {}
    $handle eval {SELECT name, sql FROM sqlite_schema ORDER BY name} {
        lappend out $name $sql
    }
    $handle eval {SELECT name FROM sqlite_schema WHERE type = 'table'
                  AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name} {
        if {$name eq "_migrate_log"} {
            lappend out [$handle eval {SELECT revision, operation, status, message,
                down_revisions, depends_on, branch_labels, checksum, error, downgrade
                FROM _migrate_log ORDER BY id}]
        } else {
            set quoted [string map {\" \"\"} $name]
            lappend out [lsort [$handle eval "SELECT * FROM \"$quoted\""]]
        }
    }
    return $out
}

# Runs the program: {status stdout stderr}.
proc run {args} {
    set status 0
    if {[catch {exec -keepnewline $::program {*}$args 2> stderr.txt} out options]} {
        set code [dict get $options -errorcode]
        if {[lindex $code 0] eq "CHILDSTATUS"} {
            set status [lindex $code 2]
            # exec adds this line to what the program printed
            set out [regsub {\n?child process exited abnormally$} $out {}]
        } elseif {[lindex $code 0] ne "NONE"} {
            set status $code
        }
    }
    list $status $out [read_file stderr.txt]
}

# What the program printed; an error if it failed.
proc cli {args} {
    lassign [run {*}$args] status out err
    if {$status != 0} { error "exit $status: $err" }
    return $out
}

catch {unset env(MIGRATE_SOURCE)}
catch {unset env(DATABASE_URL)}
reset
