package bot

import (
	"context"
	"strings"

	"rapporteur/content"
)

// Answerer finds what the corpus says to a question. Finding nothing is no error: the verdict is [content.None].
// It must be safe for concurrent use. Its errors are logged, so they must not repeat the question's words.
type Answerer interface {
	Answer(ctx context.Context, q content.Question) (content.Answer, error)
}

// Conversation turns what a person says into what the bot replies. It knows nothing of Slack: the bot, the terminal and
// the command line hold the same conversation. It keeps nothing between two calls, so it is as safe for concurrent use
// as its Answerer.
//
// An error is what the Answerer returned, to be logged: the reply that comes with it says calmly that the question
// couldn't be looked up, and has no verdict.
type Conversation struct {
	Corpus   *content.Corpus
	Answerer Answerer
}

// How much a reply shows. Three excerpts fit on a phone's screen with their citations; twelve is what a message holds
// when each may have a few sentences.
const (
	maxExcerpts = 3
	maxWhole    = 12
	maxNearest  = 2
	beside      = 2 // passages on each side of one shown in context
)

// MaxQuestion is how many characters of a question are read. What is longer is cut at a word, and the reply says so.
// Twice this, in JSON, fits into the 2,000 characters that Slack lets a button carry.
const MaxQuestion = 800

// The commands.
const (
	reportCommand         = "/report"
	recommendationCommand = "/recommendation"
)

// Line answers a line as it is typed: a command when it begins with "/", a question otherwise. after is the question
// asked just before in the same conversation, "" for none.
func (c *Conversation) Line(ctx context.Context, text, after string) (Reply, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "/") {
		return c.Ask(ctx, text, after)
	}
	command, rest, _ := strings.Cut(text, " ")
	return c.Command(ctx, strings.ToLower(command), rest, after)
}

// Ask answers a question. No words, or the word "help", bring up what can be asked.
func (c *Conversation) Ask(ctx context.Context, question, after string) (Reply, error) {
	asked := Asked{Text: question, After: after}
	if isHelp(question) {
		return c.help(asked), nil
	}
	return c.ask(ctx, asked)
}

// Context returns a passage and the two on each side of it; false if there is no such passage (any more).
func (c *Conversation) Context(ref Ref) (Around, bool) {
	d := c.Corpus.Document(ref.Document)
	if d == nil {
		return Around{}, false
	}
	var around Around
	side := &around.Before
	for _, p := range d.Around(ref.Passage, beside) {
		if p.ID == ref.Passage {
			around.Asked = c.Corpus.Excerpt(p)
			side = &around.After
			continue
		}
		*side = append(*side, c.Corpus.Excerpt(p))
	}
	return around, around.Asked.Citation.Passage != ""
}

// Again answers once more what was asked before, as a button remembers it.
func (c *Conversation) Again(ctx context.Context, asked Asked) (Reply, error) {
	if asked.Command != "" {
		return c.Command(ctx, asked.Command, asked.Text, asked.After)
	}
	return c.Ask(ctx, asked.Text, asked.After)
}

// More returns the excerpts of an answer that its reply kept back; the first ones when the corpus has changed and
// there are no others now.
func (c *Conversation) More(ctx context.Context, asked Asked) (Reply, error) {
	reply, err := c.Again(ctx, asked)
	if err != nil || len(reply.More) == 0 {
		return reply, err
	}
	reply.From = len(reply.Excerpts)
	reply.Excerpts, reply.More = reply.More, nil
	reply.Title, reply.Lead, reply.Hint, reply.Try = moreTitle, "", "", nil
	return reply, nil
}

func (c *Conversation) ask(ctx context.Context, asked Asked) (Reply, error) {
	asked, notes := read(asked)
	if reply, ok := c.namedPoint(asked); ok {
		return prefixed(reply, notes), nil
	}
	answer, err := c.Answerer.Answer(ctx, content.Question{Text: asked.Text, After: asked.After})
	if err != nil {
		return c.failed(asked), err
	}
	return prefixed(c.answered(asked, answer), notes), nil
}

// read cuts what was asked to what is read of it, and says so.
func read(asked Asked) (Asked, string) {
	text, cut := cutQuestion(asked.Text)
	asked.Text = text
	asked.After, _ = cutQuestion(asked.After)
	if cut {
		return asked, questionCut
	}
	return asked, ""
}

func cutQuestion(text string) (string, bool) {
	text = strings.Join(strings.Fields(clean(text)), " ")
	at := cutAtWord(text, MaxQuestion)
	return strings.TrimSpace(text[:at]), at < len(text)
}

// answered turns an answer into a reply.
func (c *Conversation) answered(asked Asked, a content.Answer) Reply {
	reply := Reply{Verdict: a.Verdict, Asked: asked, ReadAs: a.ReadAs}
	switch {
	case a.Small:
		reply.Verdict, reply.Asked = content.None, Asked{}
		reply.Lead, reply.Hint, reply.Try = smallTalk(c.subject()), c.askable(), c.tries()
		return reply
	case a.Verdict == content.None || len(a.Excerpts) == 0:
		return c.silent(reply, a)
	case a.Verdict == content.Related:
		reply.Lead, reply.Hint = related(c.subject()), c.askable()
	}
	if a.Verdict == content.Answered {
		reply.Lead = c.insteadOfNamed(asked.Text, a.Excerpts[0].Citation)
	}
	reply.Excerpts, reply.More = split(a.Excerpts, shown(a.Whole))
	return prefixed(reply, readAs(a.ReadAs))
}

// silent says that the corpus has no answer, what comes nearest, and what can be asked.
func (c *Conversation) silent(reply Reply, a content.Answer) Reply {
	reply.Verdict = content.None
	reply.Nearest, _ = split(a.Nearest, maxNearest)
	reply.Lead = silence(c.subject())
	if len(reply.Nearest) > 0 {
		reply.Lead += " " + nearestOnly(len(reply.Nearest))
	}
	reply.Hint, reply.Try = c.askable(), c.tries()
	return prefixed(reply, readAs(a.ReadAs))
}

func (c *Conversation) failed(asked Asked) Reply {
	return Reply{Lead: tryAgain, Asked: asked}
}

func shown(whole bool) int {
	if whole {
		return maxWhole
	}
	return maxExcerpts
}

func split(excerpts []content.Excerpt, n int) (first, rest []content.Excerpt) {
	n = min(n, len(excerpts))
	return excerpts[:n:n], excerpts[n:]
}

// prefixed puts a sentence before the reply's lead.
func prefixed(r Reply, sentence string) Reply {
	r.Lead = strings.TrimSpace(sentence + " " + r.Lead)
	return r
}
