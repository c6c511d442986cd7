# How much of ext/ the tests have run: lines and branches of each file, and of all.
# A branch is one way to go on from a condition.
#
# Arguments: the directory of a build with --coverage, after the tests.  There a
# copy of each file is left, FILE.gcov, in which ##### marks what was not run.

set dir [lindex $argv 0]
set top [file dirname [file dirname [file normalize [info script]]]]
set data [glob -directory $dir {migrate.so-*.gcda}]
cd $top
set report [exec -ignorestderr gcov --branch-probabilities --no-output $data]
exec -ignorestderr gcov --branch-probabilities --preserve-paths --relative-only $data >/dev/null
file mkdir [file join $dir lines]
foreach path [glob *.gcov] {
    file rename -force $path [file join $dir lines $path]
}

# "98.00% of 50": the number that were run, and of how many.
proc counted {text what} {
    if {![regexp "$what:(\[0-9.\]+)% of (\[0-9\]+)" $text -> percent n]} { return {0 0} }
    list [expr {round($percent * $n / 100.0)}] $n
}

proc percent {run n} {
    expr {$n ? [format %5.1f [expr {100.0 * $run / $n}]] : "    -"}
}

proc row {name lines branches} {
    lassign $lines run n
    lassign $branches taken of
    puts [format "%-24s %5d of %5d %s %%  %5d of %5d %s %%" $name $run $n \
              [percent $run $n] $taken $of [percent $taken $of]]
}

puts "                                    lines               branches"
set total {0 0 0 0}
foreach part [lrange [split [string map {"File '" \0} $report] \0] 1 end] {
    set file [lindex [split $part '] 0]
    if {![string match ext/* $file]} continue
    set lines [counted $part {Lines executed}]
    set branches [counted $part {Taken at least once}]
    set found($file) [list $lines $branches]
    set total [lmap a $total b [concat $lines $branches] { expr {$a + $b} }]
}
foreach file [lsort [array names found]] { row $file {*}$found($file) }
row total [lrange $total 0 1] [lrange $total 2 3]
