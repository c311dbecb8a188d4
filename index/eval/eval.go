// Package eval measures answers against questions whose answers are known, so that a change of ranking or of the verdict
// shows in figures, and so that people can see how well their own reports are answered.
//
// Two kinds of judged questions are read: [Questions], asked of reports as people ask them, with the ids of the passages that
// answer; and a [Collection], passages and questions in the layout of the BEIR benchmarks (corpus.jsonl, queries.jsonl,
// qrels.tsv), of which a corpus is made. The metrics are those of the field and defined in metrics.go.
//
// Nothing here decides how a question is answered; package index does.
package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"rapporteur/content"
)

// Answerer answers questions; an index.Index is one.
type Answerer interface {
	Answer(ctx context.Context, q content.Question) (content.Answer, error)
}

// longestLine is how many bytes one line of a file may have.
const longestLine = 16 << 20

// readLines reads JSON lines. An error names the file and the line.
func readLines[T any](name string, r io.Reader) ([]T, error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, longestLine)
	var out []T
	for n := 1; scanner.Scan(); n++ {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		var line T
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, n, err)
		}
		out = append(out, line)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return out, nil
}
