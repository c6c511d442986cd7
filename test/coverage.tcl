# How much of ext/ is run by all that runs it: the suite, faults, the fuzzers' inputs.
# Lines and branches of each file, and of all; then what nothing runs, with the reason
# that coverage.txt gives.  A branch is one way to go on from a condition.
#
# Argument: the directory of builds with --coverage, after they were run.  What counts
# is what is in migrate.so; it is run if it is in any of the builds.  Every line with a
# branch that is not taken goes to the file branches.txt there.

set dir [lindex $argv 0]
set top [file dirname [file dirname [file normalize [info script]]]]
cd $top

# ---- reading ----

# What gcov says of one build: runs(place) is 0 or 1, taken(place) a list of them, one
# a branch; a place is "file:line".  Of other builds than the first, only its places.
proc read_build {path is_first} {
    global runs taken text
    set is_ours 0
    set place ""
    set now {}
    set ways {}
    set pipe [open |[list gcov --branch-probabilities --stdout $path 2>/dev/null]]
    while {[gets $pipe row] >= 0} {
        if {[regexp {^ *-: *0:Source:(.*)$} $row -> path]} {
            set is_ours [regexp {ext/\w+/\w+\.c$} $path file]
        } elseif {!$is_ours} {
            continue
        } elseif {[regexp {^ *([^:]+): *(\d+):(.*)$} $row -> count line source]} {
            set place $file:$line
            if {$count eq "-" || (!$is_first && ![info exists runs($place)])} {
                set place ""
                continue
            }
            if {$is_first} { set text($place) [string trim $source] }
            dict set now $place [string match {[0-9]*} $count]
        } elseif {$place ne "" && [regexp {^branch +\d+ (.*)$} $row -> how]} {
            dict lappend ways $place [string match {taken [1-9]*} $how]
        }
    }
    close $pipe
    dict for {place is_run} $now {
        if {$is_first} { set runs($place) $is_run; set taken($place) {} }
        if {$is_run} { set runs($place) 1 }
    }
    dict for {place list} $ways {
        if {$is_first} {
            set taken($place) $list
        } elseif {[llength $list] == [llength $taken($place)]} {
            set taken($place) [lmap a $taken($place) b $list { expr {$a | $b} }]
        }
    }
}

read_build [file join $dir migrate.so-one.gcda] 1
foreach path [glob -directory $dir *.gcda build/*.gcda] {
    if {[file exists [file rootname $path].gcno]} { read_build $path 0 }
}

# ---- what there is ----

proc percent {run n} {
    expr {$n ? [format %5.1f [expr {100.0 * $run / $n}]] : "    -"}
}

proc row {name lines n branches of} {
    puts [format "%-24s %5d of %5d %s %%  %5d of %5d %s %%" $name $lines $n \
              [percent $lines $n] $branches $of [percent $branches $of]]
}

proc sum {a b} { lmap x $a y $b { expr {$x + $y} } }

set files {}
set total {0 0 0 0}
foreach place [array names runs] {
    set one [list $runs($place) 1 [tcl::mathop::+ {*}$taken($place)] \
                 [llength $taken($place)]]
    set file [lindex [split $place :] 0]
    if {![dict exists $files $file]} { dict set files $file {0 0 0 0} }
    dict set files $file [sum $one [dict get $files $file]]
    set total [sum $one $total]
}
puts "                                    lines               branches"
foreach file [lsort [dict keys $files]] { row $file {*}[dict get $files $file] }
row total {*}$total

# ---- what is not run, and why ----

# coverage.txt: the reason, then, indented, patterns of what it holds for.  The first
# pattern that matches counts.
proc read_reasons {} {
    set out {}
    set in [open [file join $::top test coverage.txt]]
    foreach row [split [read $in] \n] {
        if {[string match "#*" $row] || [string trim $row] eq ""} continue
        if {[string match " *" $row]} {
            lappend out [string trim $row] $reason
        } else {
            set reason $row
        }
    }
    close $in
    return $out
}

set reasons [read_reasons]
proc reason_of {line is_run} {
    foreach {pattern reason} $::reasons {
        if {[string match $pattern $line]} { return $reason }
    }
    expr {$is_run ? "A half of a condition that no test tries" : "No reason is given"}
}

set why {}
foreach place [lsort -dictionary [array names runs]] {
    set nbranch [llength [lsearch -all -exact $taken($place) 0]]
    if {$runs($place) && !$nbranch} continue
    set line "[lindex [split $place :] 0]: $text($place)"
    set reason [reason_of $line $runs($place)]
    dict lappend why $reason $place
    dict incr nlines $reason [expr {!$runs($place)}]
    dict incr nbranches $reason $nbranch
}

lassign $total - lines - branches
puts "\nnot run: lines     branches"
dict for {reason -} $why {
    puts [format "%6d %s %%  %6d %s %%   %s" \
        [dict get $nlines $reason] [percent [dict get $nlines $reason] $lines] \
        [dict get $nbranches $reason] [percent [dict get $nbranches $reason] $branches] \
        $reason]
}

puts "\nlines that nothing runs:"
set out [open [file join $dir branches.txt] w]
dict for {reason places} $why {
    if {[dict get $nlines $reason]} { puts "\n$reason" }
    puts $out "\n$reason"
    foreach place $places {
        if {!$runs($place)} { puts "    [string range "$place: $text($place)" 0 100]" }
        if {0 in $taken($place)} { puts $out "    $place: $text($place)  ($taken($place))" }
    }
}
close $out
