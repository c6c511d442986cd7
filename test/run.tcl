# Runs the test files, as many at once as there are processors, each in a directory
# of its own under build/test (with MIGRATE_BUILD, test/ there).  Arguments: names of tests (without .test); none
# means all.  The last line counts: "N passed, N failed".

set here [file dirname [file normalize [info script]]]
set work [file join [file dirname $here] build test]
if {[info exists env(MIGRATE_BUILD)]} { set work [file join $env(MIGRATE_BUILD) test] }
set names $argv
if {$names eq ""} {
    foreach path [lsort [glob -directory $here *.test]] {
        lappend names [file rootname [file tail $path]]
    }
}
if {[catch {exec nproc} nproc]} { set nproc 2 }
set npass 0
set nfail 0
set running 0
set started [clock milliseconds]

proc start {} {
    global names running nproc here work
    while {$running < $nproc && [llength $names]} {
        set names [lassign $names name]
        set dir [file join $work $name]
        file delete -force $dir
        file mkdir $dir
        set script [file join $here $name.test]
        set pipe [open |[list sh -c "cd \"\$0\" && exec \$UNDER tclsh \"\$1\" 2>&1" \
                         $dir $script] r]
        fconfigure $pipe -blocking 0
        fileevent $pipe readable [list collect $pipe $name]
        set ::output($name) ""
        incr running
    }
    if {$running == 0} { set ::done 1 }
}

proc collect {pipe name} {
    global output running npass nfail
    append output($name) [read $pipe]
    if {![eof $pipe]} return
    fconfigure $pipe -blocking 1
    set status [catch {close $pipe}]
    incr running -1
    if {[regexp {: (\d+) passed, (\d+) failed\n$} $output($name) -> pass fail]} {
        incr npass $pass
        incr nfail $fail
    } else {
        append output($name) "$name: did not finish\n"
        incr nfail
    }
    puts -nonewline $output($name)
    flush stdout
    start
}

start
vwait done
puts [format "%.1f s" [expr {([clock milliseconds] - $started) / 1000.0}]]
puts "$npass passed, $nfail failed"
exit [expr {$nfail > 0}]
