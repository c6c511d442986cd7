# How much of ext/ is run by all that runs it: the suite, faults, the fuzzers' inputs.
# Lines and branches of each file, and of all; then the lines that nothing runs, with
# the reason that coverage.txt gives.  A branch is one way to go on from a condition.
#
# Arguments: the directory of builds with --coverage, after they were run.  What counts
# is what is in migrate.so; a branch is run if it is in any of the builds.

set dir [lindex $argv 0]
set top [file dirname [file dirname [file normalize [info script]]]]
cd $top

# Each test counted apart, in counts/NAME/PATH; what its counts belong to lies in PATH.
set base {}
set builds {}
foreach name {migrate.so-one build/static} {
    set path [file normalize [file join $dir $name]]
    foreach counts [glob -nocomplain -directory [file join $dir counts] *] {
        set data [file join $counts [string range $path.gcda 1 end]]
        if {![file exists $data]} continue
        file copy -force $path.gcno [file rootname $data].gcno
        lappend builds $data
        if {$name eq "migrate.so-one"} { lappend base $data }
    }
}
set builds [concat $builds [glob -nocomplain -directory $dir *.gcda] \
    [glob -nocomplain -directory $dir build/fault-*.gcda]]

# ---- reading ----

# What gcov says of one build: runs(file,line), taken(file,line) as a list of 0 and 1.
proc read_build {path} {
    global runs taken text
    set is_base [expr {$path in $::base}]
    set file ""
    set pipe [open |[list gcov --branch-probabilities --stdout $path 2>/dev/null]]
    while {[gets $pipe row] >= 0} {
        if {[regexp {^ *-: *0:Source:(.*)$} $row -> file]} {
            regexp {ext/(base|sql|graph|schema|source|run|bind)/.*$} $file file
            continue
        }
        if {![string match ext/*.c $file]} continue
        if {[regexp {^ *([^:]+): *(\d+):(.*)$} $row -> count line source]} {
            set at $file,$line
            if {[string trim $count] eq "-"} { set at ""; continue }
            set is_run [regexp {^\d} [string trim $count]]
            if {$is_base} {
                set text($at) $source
                if {![info exists runs($at)]} { set runs($at) 0 }
            }
            if {![info exists runs($at)]} { set at ""; continue }
            if {$is_run} { set runs($at) 1 }
            set n 0
        } elseif {$at ne "" && [regexp {^branch +\d+ (.*)$} $row -> how]} {
            set is_taken [regexp {^taken [1-9]} $how]
            lappend now($at) $is_taken
        }
    }
    catch {close $pipe}
    foreach at [array names now] {
        if {![info exists taken($at)]} {
            if {$is_base} { set taken($at) $now($at) }
        } elseif {[llength $taken($at)] == [llength $now($at)]} {
            set taken($at) [lmap a $taken($at) b $now($at) { expr {$a | $b} }]
        }
    }
}

foreach build $builds { set at ""; read_build $build }

# ---- what there is ----

proc percent {run n} {
    expr {$n ? [format %5.1f [expr {100.0 * $run / $n}]] : "    -"}
}

proc row {name lines n branches of} {
    puts [format "%-24s %5d of %5d %s %%  %5d of %5d %s %%" $name $lines $n \
              [percent $lines $n] $branches $of [percent $branches $of]]
}

foreach at [array names runs] {
    set file [lindex [split $at ,] 0]
    lappend files($file) [lindex [split $at ,] 1]
}
puts "                                    lines               branches"
set total {0 0 0 0}
foreach file [lsort [array names files]] {
    set sum {0 0 0 0}
    foreach line $files($file) {
        set branches [expr {[info exists taken($file,$line)] ? $taken($file,$line) : {}}]
        set sum [lmap a $sum b [list $runs($file,$line) 1 \
            [tcl::mathop::+ {*}$branches] [llength $branches]] { expr {$a + $b} }]
    }
    row $file {*}$sum
    set total [lmap a $total b $sum { expr {$a + $b} }]
}
row total {*}$total

# ---- what is not run, and why ----

# coverage.txt: a paragraph for each reason: the reason, then patterns of lines.
proc reasons {} {
    set out {}
    set in [open [file join $::top test coverage.txt]]
    set reason ""
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

puts "\nlines that nothing runs:"
set reasons [reasons]
foreach at [lsort -dictionary [array names runs]] {
    if {$runs($at)} continue
    set why "(no reason is given)"
    set line "[lindex [split $at ,] 0]: [string trim $text($at)]"
    foreach {pattern reason} $reasons {
        if {[string match $pattern $line]} { set why $reason; break }
    }
    lappend missing($why) "[string map {, :} $at]: [string trim $text($at)]"
}
foreach why [lsort [array names missing]] {
    puts "\n$why"
    foreach line $missing($why) { puts "    [string range $line 0 100]" }
}
