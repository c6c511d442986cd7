# Runs schema pairs of ../shared/corpus/diff: a revision is generated, applied, judged
# and undone, as the corpus's README says, with foreign keys on.
#
#     pairs_run 1 4          the first of four parts
#
# Every sixth is done in SQLite's own SQL as well; MODE=plain does all of them so.
# ONLY=name runs what matches.

set pairs_dir [file join $shared corpus diff]

# ---- looking at a schema: what SQLite says of it, and its words ----

# The words of a statement but for those that say what is so anyhow or where a
# constraint stands: a naive twin of the comparison.
proc pair_words {sql} {
    set words {}
    regsub -all -nocase {collate binary|on (update|delete) no action} $sql {} sql
    set token {--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^]]*\]|[\w$\u0080-\uffff]+|==|<>|!=|\|\||<=|>=|<<|>>|[^\s]}
    foreach word [regexp -all -inline -- $token $sql] {
        if {[string match --* $word] || [string match "/\\**" $word]} continue
        set first [string index $word 0]
        if {$first in [list \" ` ' \[]} {
            set word [string range $word 1 end-1]
            if {$first ne "\["} { set word [string map [list $first$first $first] $word] }
        } elseif {$word eq "=="} {
            set word =
        } elseif {$word eq "<>"} {
            set word !=
        }
        dict set words [string tolower $word] 1
    }
    foreach word {( ) , ; foreign key primary asc virtual generated always constraint null
                  immediate deferrable initially not no action before for each row if
                  exists + stored main . abort conflict on columns} {
        dict unset words $word
    }
    return [lsort [dict keys $words]]
}

# Everything that a schema is, by the pragmas and by its words.
proc pair_schema {db} {
    set out {}
    set own {_migrate_version _migrate_log sqlite_sequence sqlite_stat1 sqlite_stat4}
    $db eval {SELECT lower(name) AS t, type, ncol, wr, strict FROM pragma_table_list
              WHERE schema = 'main' AND type <> 'shadow' ORDER BY 1} {
        if {$t in $own || $t eq "sqlite_schema"} continue
        lappend out "table $t $type $ncol $wr $strict"
        if {$type eq "virtual"} continue
        if {[catch {
        $db eval {SELECT cid, lower(name) AS c, lower(replace(type, ' ', '')) AS y, "notnull" AS n,
                         dflt_value AS d, pk, hidden AS h FROM pragma_table_xinfo($t)} {
            if {$type eq "view"} { set n 0 }
            lappend out "  column $c $cid $y $n $pk $h [pair_words $d]"
        }}]} { lappend out "  broken" }
        set list {}
        $db eval {SELECT name AS i, "unique" AS u, origin AS o, partial AS p
                  FROM pragma_index_list($t)} {
            set one "  index [expr {$o eq {c} ? [string tolower $i] : {}}] $u $o $p"
            $db eval {SELECT cid, lower(name) AS c, desc AS e, lower(coll) AS l, key AS k
                      FROM pragma_index_xinfo($i)} { append one " ($cid $c $e $l $k)" }
            lappend list $one
        }
        $db eval {SELECT id, group_concat(lower("table") || '.' || lower("from") || '>' ||
                  coalesce(lower("to"), ''), ',') AS k, on_update AS u, on_delete AS d
                  FROM pragma_foreign_key_list($t) GROUP BY id} {
            lappend list "  key $k $u $d"
        }
        lappend out {*}[lsort $list]
    }
    $db eval {SELECT type, lower(name) AS n, sql, lower(tbl_name) AS t FROM sqlite_schema
              WHERE sql IS NOT NULL ORDER BY 1, 2} {
        if {$n in $own || $t in $own || [pair_is_shadow $db $n]} continue
        lappend out "$type $n: [pair_words $sql]"
    }
    return [join $out \n]
}

proc pair_is_shadow {db name} {
    $db exists {SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'
                AND name = $name COLLATE NOCASE}
}

# The first line in which two texts differ.
proc pair_first {x y} {
    foreach p [split $x \n] q [split $y \n] {
        if {$p ne $q} { return "got  $p\n     want $q" }
    }
}

# What integrity_check and foreign_key_check say.
proc pair_health {} {
    set out [db eval {PRAGMA integrity_check}]
    if {[catch {
        db eval {PRAGMA foreign_key_check} row { lappend out "$row(table) $row(parent)" }
    } said]} { lappend out $said }
    return $out
}

# ---- rows ----

# For each table that both schemas have the values of the columns that both have.
proc pair_values {db columns} {
    set out {}
    dict for {table list} $columns {
        set sql "SELECT [join $list ,] FROM [pair_quote $table]"
        set rows {}
        if {[catch { $db eval $sql row {
            set one {}
            foreach c $row(*) { lappend one $row($c) }
            lappend rows $one
        } } said]} { lappend rows $said }
        dict set out $table [lsort $rows]
    }
    return $out
}

proc pair_quote {name} { return "\"[string map {\" \"\"} $name]\"" }

proc pair_common {db model skip} {
    set out {}
    $db eval {SELECT name AS t FROM pragma_table_list WHERE schema = 'main'
              AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
              AND name NOT LIKE '\_migrate%' ESCAPE '\'} {
        set list {}
        $db eval {SELECT name AS c FROM pragma_table_xinfo($t) WHERE hidden = 0} {
            if {"[string tolower $t.$c]" in $skip} continue
            if {[$model exists {SELECT 1 FROM pragma_table_xinfo($t)
                                WHERE name = $c COLLATE NOCASE AND hidden = 0}]
                && [$model exists {SELECT 1 FROM pragma_table_list
                                   WHERE name = $t COLLATE NOCASE AND type = 'table'}]} {
                lappend list "quote([pair_quote $c])"
            }
        }
        if {$list ne ""} { dict set out $t $list }
    }
    return $out
}

# ---- one case ----

# Runs a case; an empty text, or what is wrong.
proc pair_run {json is_hinted} {
    foreach key {from_sql to_sql seed_sql expect unhinted} {
        set $key [corpus onecolumn {SELECT json_extract($json, '$.' || $key)}]
    }
    catch {db close}
    catch {model close}
    foreach path [glob -nocomplain pair.db* migrations/versions/*] { file delete $path }
    write_file migrations/schema.sql $to_sql
    open_db db pair.db
    db eval {PRAGMA synchronous = OFF}
    db eval $from_sql
    db eval $seed_sql
    sqlite3 model :memory:
    model eval $to_sql
    db eval {PRAGMA foreign_keys = ON}
    set origin [pair_schema db]
    set health [pair_health]
    set before [db eval {SELECT type, name, sql FROM sqlite_schema}]
    set lossy [corpus eval {SELECT lower(substr(value, 12)) FROM json_each($json, '$.lint')
                            WHERE value LIKE 'lossy-cast:%'}]
    # what has the name of another now is not the same
    if {$is_hinted} {
        lappend lossy {*}[corpus eval {SELECT lower(key) FROM json_each($json, '$.hints.columns')}]
    }
    set common [pair_common db model $lossy]
    if {$is_hinted} {
        corpus eval {SELECT key FROM json_each($json, '$.hints.tables')} {
            dict unset common $key
        }
    }
    # NUMERIC affinity came over a column without a type
    db eval {SELECT name AS t, strict FROM pragma_table_list WHERE strict} {
        if {![model exists {SELECT 1 FROM pragma_table_list WHERE name = $t AND strict}]
            && [db exists {SELECT 1 FROM pragma_table_info($t) WHERE upper(type) = 'ANY'}]} {
            dict unset common $t
        }
    }
    set values [pair_values db $common]
    set refuse [expr {$expect eq "refuse-or-ask"
                      || (!$is_hinted && $unhinted eq "may-refuse")}]
    set options [pair_options $json $is_hinted]

    if {[catch {db onecolumn {SELECT migrate_revision('pair', $options)}} path]} {
        return [expr {$refuse ? "" : "generate: $path"}]
    }
    if {$path eq ""} {
        if {$expect in {no-change equivalent}} { return }
        return "nothing generated"
    }
    set ::pair_file [read_file $path]
    if {$expect eq "no-change"} { return "a change: $::pair_file" }
    if {[catch {db eval {SELECT migrate_upgrade()}} said]} {
        if {$refuse} {
            db eval {DROP TABLE IF EXISTS _migrate_log}
            set now [db eval {SELECT type, name, sql FROM sqlite_schema}]
            return [expr {$now eq $before ? "" : "refused half-way: $said"}]
        }
        return "upgrade: $said\n$::pair_file"
    }
    set now [pair_schema db]
    set want [pair_schema model]
    if {$now ne $want} { return "upgraded: [pair_first $now $want]\n$::pair_file" }
    set mismatch [catch {model eval {PRAGMA foreign_key_check}} said]
    foreach one [pair_health] {
        # what SQLite says of the model itself is no fault of the upgrade
        if {$one ni $health && !($mismatch && $one eq $said)} { return "health: $one\n$::pair_file" }
    }
    foreach list [expr {$is_hinted ? {survive survive_hinted} : {survive}}] {
        corpus eval {SELECT json_extract(value, '$.query') AS query,
                            json_extract(value, '$.expect_rows') AS want,
                            json_extract(value, '$.tag') AS tag
                     FROM json_each($json, '$.' || $list)} {
            set got [pair_rows $query]
            if {[pair_reals $got] ne [pair_reals $want]} {
                return "survive $tag: $query\ngot  $got\nwant $want\n$::pair_file"
            }
        }
    }
    set left [db eval {SELECT kind, name, detail FROM migrate_diff}]
    if {$left ne ""} { return "check: $left\n$::pair_file" }
    if {[catch {db eval {SELECT migrate_downgrade('base')}} said]} {
        return "downgrade: $said\n$::pair_file"
    }
    set now [pair_schema db]
    if {$now ne $origin} { return "downgraded: [pair_first $now $origin]\n$::pair_file" }
    foreach {table rows} [pair_values db $common] {
        if {$rows ne [dict get $values $table]} {
            return "values of $table: $rows\nwant [dict get $values $table]\n$::pair_file"
        }
    }
    return
}

# A query's rows as the corpus writes them.
proc pair_rows {query} {
    if {[catch {
        set names {}
        db eval $query row {
            for {set i 1} {$i <= [llength $row(*)]} {incr i} { lappend names c$i }
            break
        }
        if {$names eq ""} { return {[]} }
        set names [join $names ,]
        set rows [db onecolumn "WITH q($names) AS ($query)
                                SELECT json_group_array(json_array($names)) FROM q"]
    } said]} { return $said }
    return $rows
}

# The text with its reals as one SQLite and another may spell them: in one way.
proc pair_reals {text} {
    set same {}
    set reals [regexp -all -inline -- {-?\d+\.\d+(?:e[+-]?\d+)?} $text]
    foreach real [lsort -command {apply {{a b} {
        expr {[string length $b] - [string length $a]}
    }}} $reals] {
        lappend same $real [format %.17g $real]
    }
    string map $same $text
}

proc pair_options {json is_hinted} {
    set renames {}
    if {$is_hinted} {
        corpus eval {SELECT key AS new, value AS old FROM json_each($json, '$.hints.columns')} {
            # "table.column" is of the new table
            dict set renames [pair_old_name $json $new].$old $new
        }
        corpus eval {SELECT key AS new, value AS old FROM json_each($json, '$.hints.tables')} {
            dict set renames $old $new
        }
    }
    set list {}
    dict for {old new} $renames {
        lappend list "[corpus onecolumn {SELECT json_quote($old)}]:[corpus onecolumn {SELECT json_quote($new)}]"
    }
    return "{\"autogenerate\": true, \"plain\": [expr {$::pair_plain ? {true} : {false}}],
             \"renames\": {[join $list ,]}}"
}

# The old name of the table that "table.column" begins with.
proc pair_old_name {json new} {
    set found ""
    corpus eval {SELECT key AS t, value AS o FROM json_each($json, '$.hints.tables')} {
        if {[string match "$t.*" $new]} { set found $o }
    }
    if {$found ne ""} { return $found }
    model eval {SELECT name FROM sqlite_schema WHERE type = 'table'} {
        if {[string first "[string tolower $name]." [string tolower $new]] == 0
            && [string length $name] > [string length $found]} { set found $name }
    }
    return $found
}

# ---- all of them ----

proc pairs_run {part nparts} {
    # every revision is synced: a directory in memory, where there is one, is quicker
    if {[file writable /dev/shm]} {
        set dir /dev/shm/migrate-pairs-[pid]
        file mkdir $dir/migrations/versions
        set back [pwd]
        cd $dir
    }
    sqlite3 corpus :memory:
    set n 0
    foreach file {pairs generated} {
        set in [open [file join $::pairs_dir $file.jsonl]]
        fconfigure $in -encoding utf-8
        while {[gets $in json] >= 0} {
            if {[incr n] % $nparts != $part % $nparts} continue
            set name [corpus onecolumn {SELECT json_extract($json, '$.name')}]
            if {![wanted $name]} continue
            set hinted [corpus onecolumn {SELECT json_extract($json, '$.hints') IS NOT NULL}]
            foreach {is_hinted is_plain} [concat {0 0} [expr {$hinted ? {1 0} : {}}] \
                                          [expr {$n % 6 ? {} : [list $hinted 1]}]] {
                set ::pair_file ""
                set ::pair_plain [expr {$is_plain || ([info exists ::env(MODE)]
                                                      && $::env(MODE) eq "plain")}]
                if {[catch {pair_run $json $is_hinted} wrong]} {
                    set wrong "error: $wrong\n$::errorInfo"
                }
                if {$wrong eq ""} { passed } else {
                    failed "$name[expr {$is_hinted ? { hinted} : {}}][expr \
                            {$is_plain ? { plain} : {}}]" $wrong
                }
            }
        }
        close $in
    }
    if {[info exists dir]} {
        catch {db close}
        cd $back
        file delete -force $dir
    }
}
