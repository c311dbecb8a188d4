package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that keeps a file from being read.
type Problem struct {
	File string // path in the folder that was opened, with slashes
	Line int    // counted from 1; 0 when the file as a whole is meant
	Text string // one sentence without a full stop: what is wrong and what to do
}

// String returns the problem as editors and terminals know it: file:line: text.
func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Text)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Problems is the error of [Open] and [Read]: all that is wrong with the files, in the order of files and lines. It is
// never empty.
type Problems []Problem

// Error returns one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// add notes a problem. The words are made as fmt.Sprintf makes them.
func (ps *Problems) add(file string, line int, format string, args ...any) {
	*ps = append(*ps, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// err returns the problems in order, or nil when there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return ps
}
