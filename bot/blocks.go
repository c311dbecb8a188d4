package bot

import (
	"slices"

	"github.com/slack-go/slack"

	"rapporteur/content"
)

// How much of a message its parts may take, in characters. Together with what is kept for notes they leave more than
// half of it to the excerpts.
const (
	maxLead    = 2000
	maxHint    = 1500
	maxLeadIn  = 400
	minExcerpt = 600 // an excerpt is given at least this much, or waits behind "More excerpts"
	notesRoom  = 600 // for the lines that say whose words these are and what doesn't fit
	notesLeft  = 3   // the blocks for them
)

// Blocks returns a reply as Slack's blocks, within all of Slack's limits whatever the reply holds. All words stand in
// rich text or plain text, so that nothing in them can mention, link or format; what doesn't fit is cut at the end of a
// sentence, and the reply says so.
func Blocks(r Reply) []slack.Block { return lay(r, nil) }

// Shared returns a reply as blocks for everyone to see, under the question and who asked it, a user's ID.
func Shared(r Reply, user string) []slack.Block {
	r.Private = false
	asker := text(wasAsked, bold())
	if who := person(user); who != nil {
		asker = append(who, text(hasAsked, nil)...)
	}
	line, _ := cutQuestion(r.Asked.Line())
	question := slack.RichTextQuote{Type: slack.RTEQuote, Elements: text(line, nil)}
	head := slack.NewRichTextBlock("", slack.NewRichTextSection(asker...))
	if len(question.Elements) > 0 {
		head.Elements = append(head.Elements, &question)
	}
	return lay(r, head)
}

// lay puts the parts of a reply in order: what must be there is measured first, the excerpts and rows get the rest.
func lay(r Reply, head slack.Block) []slack.Block {
	foot := footer(r)
	s := sheet{left: maxBlocks - notesLeft - len(foot), room: maxMessageText - notesRoom}
	for _, b := range foot {
		s.room -= blockSize(b)
	}
	if head != nil {
		s.add(head)
	}
	if title := shorten(r.Title, maxHeader-1); title != "" {
		s.add(slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, title, false, false)))
	}
	if lead := fitted(r.Lead, maxLead); lead != nil {
		s.add(paragraph(lead))
	}
	s.answer(r)
	s.rows(r.Rows)
	return numbered(append(s.blocks, foot...))
}

// answer lays out the excerpts and what comes nearest, and says whose words they are.
func (s *sheet) answer(r Reply) {
	once := sameOrigin(r)
	shown := s.excerpts(r.Excerpts, r.From, once)
	if len(r.Nearest) > 0 {
		s.add(paragraph(text(nearestHeading, bold())))
		shown += s.excerpts(r.Nearest, r.From+shown, once)
	}
	if once && shown > 0 {
		s.note(whoseWords(allExcerpts(r)[0].Citation.Origin))
	}
	if missing := len(r.Excerpts) + len(r.Nearest) - shown; missing > 0 {
		s.note(notShown(missing))
	}
}

// note adds a line for which room was kept.
func (s *sheet) note(words string) {
	s.blocks = append(s.blocks, paragraph(text(words, italic())))
}

// sameOrigin reports whether one line can say for all excerpts whose words they are.
func sameOrigin(r Reply) bool {
	origins := map[content.Origin]bool{}
	for _, e := range allExcerpts(r) {
		origins[e.Citation.Origin] = true
	}
	return len(origins) == 1
}

func allExcerpts(r Reply) []content.Excerpt { return slices.Concat(r.Excerpts, r.Nearest) }

// excerpts lays out excerpts as long as there is room, and returns how many. Each gets an even share of the room left.
func (s *sheet) excerpts(excerpts []content.Excerpt, from int, once bool) int {
	for i, e := range excerpts {
		share := min(max(s.room/(len(excerpts)-i), minExcerpt), maxBlockText, s.room)
		if !s.add(excerptBlocks(e, from+i+1, share, once)...) {
			return i
		}
	}
	return len(excerpts)
}

// excerptBlocks is an excerpt with what leads it in, its citation, and the button that shows it in its context.
func excerptBlocks(e content.Excerpt, number, share int, once bool) []slack.Block {
	cited := citation(number, e.Citation)
	if !once {
		cited = append(cited, text(" · "+whoseWords(e.Citation.Origin), italic())...)
	}
	b := slack.NewRichTextBlock("")
	if leadIn := shorten(e.LeadIn, maxLeadIn-1); leadIn != "" {
		b.Elements = append(b.Elements, slack.NewRichTextSection(text(leadIn, italic())...))
	}
	ref := Ref{Document: e.Citation.Document, Passage: e.Citation.Passage}
	more := buttons(button(showContext, number, showContextLabel, ref))
	limit := share - blockSize(b) - size(cited)
	goesOn := continuesBeyond
	if more != nil {
		limit -= blockSize(more)
		goesOn = continuesInContext
	}
	if q := quote(e, max(limit, minQuote), goesOn); len(q.Elements) > 0 {
		b.Elements = append(b.Elements, q)
	}
	b.Elements = append(b.Elements, slack.NewRichTextSection(cited...))
	if more == nil {
		return []slack.Block{b}
	}
	return []slack.Block{b, more}
}

// minQuote is what an excerpt's words get at least, however long its citation. The longest lead-in and citation with a
// link come to about 2,100 characters, so that a block stays below its limit.
const minQuote = 300

// footer is the hint and the buttons that concern the whole reply.
func footer(r Reply) []slack.Block {
	var foot []slack.Block
	if hint := fitted(r.Hint, maxHint); hint != nil {
		foot = append(foot, paragraph(hint))
	}
	if channel := channel(r.AskIn); channel != nil {
		line := append(text(askThere, nil), channel...)
		foot = append(foot, paragraph(append(line, text(".", nil)...)))
	}
	asked := portable(r.Asked)
	var elements []slack.BlockElement
	if len(r.More) > 0 {
		elements = append(elements, button(moreExcerpts, 1, moreLabel, asked))
	}
	if r.Private && r.Verdict != "" && r.Asked.Line() != "" {
		elements = append(elements, button(share, 1, shareLabel, asked))
	}
	for i, line := range r.Try[:min(len(r.Try), maxTries)] {
		if oneLine(line) != "" {
			elements = append(elements, button(try, i+1, oneLine(line), portable(Asked{Text: line})))
		}
	}
	if b := buttons(elements...); b != nil {
		foot = append(foot, b)
	}
	return append(foot, rating(r)...)
}

// rating asks whether an answer helped, in a row of its own.
func rating(r Reply) []slack.Block {
	if r.Exchange == "" {
		return nil
	}
	about := rated{r.Exchange, string(r.Verdict)}
	if b := buttons(button(helpful, 1, helpfulLabel, about), button(unhelpful, 1, unhelpfulLabel, about)); b != nil {
		return []slack.Block{b}
	}
	return nil
}

// fitted is our own words, cut at a sentence if they are too long.
func fitted(words string, limit int) inline {
	if at := cutAtSentence(words, limit); at < len(words) {
		words = words[:at]
	}
	return text(words, nil)
}
