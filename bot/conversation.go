package bot

import (
	"context"

	"rapporteur/content"
)

// Answerer finds what the corpus says to a question. Finding nothing is no error: the verdict is [content.None].
// It must be safe for concurrent use.
type Answerer interface {
	Answer(ctx context.Context, q content.Question) (content.Answer, error)
}
