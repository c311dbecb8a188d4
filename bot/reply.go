package bot

import "rapporteur/content"

// Reply is what the bot says, before it takes a shape: blocks in Slack, lines in a terminal.
//
// It is read from top to bottom in the order of its fields. Strings are plain text: they are escaped when the reply takes its
// shape, and not before.
type Reply struct {
	Verdict  content.Verdict   // for commands that list something, Answered; "" when nothing could be looked up
	Title    string            // a short heading; "" for a plain answer
	Lead     string            // our own words before the excerpts, in full sentences; may be empty
	Excerpts []content.Excerpt // shown whole, in order
	More     []content.Excerpt // kept behind "More excerpts", in order
	Nearest  []content.Excerpt // shown as nearest only, when the verdict is None
	Rows     []Row             // of a list: contents, points, help
	Hint     string            // a closing line: what can be asked
	Try      []string          // questions and commands that work, to be tried by a click
	Private  bool              // seen by the asker alone, who may share it
	Asked    Asked             // what is answered here; zero for small talk, which answers nothing
	ReadAs   string            // the question with its misspellings mended; "" when it was read as typed
	AskIn    string            // the ID of a channel where people may ask instead; "" for none
	Exchange string            // names the question and this answer, to be rated by a click; "" where nobody is asked to
	From     int               // how many excerpts were shown before these: their numbers go on from there
}

// Row is one line of a list.
type Row struct {
	Label  string // set apart before the text, such as "(b)" or "/report about"; may be empty
	Text   string
	Indent int    // steps to the right, 0 for none
	Link   string // where the text leads, a http or https link; may be empty
}

// Asked is what a person said to the bot, enough to answer it again: it travels in buttons.
type Asked struct {
	Command string `json:"c,omitempty"` // "/report" or "/recommendation"; "" for a plain question
	Text    string `json:"t"`           // the words that follow
	After   string `json:"a,omitempty"` // the question asked just before in the same conversation
}

// Line returns what was asked as a person would type it: the command, if any, and the words.
func (a Asked) Line() string {
	switch {
	case a.Command == "":
		return a.Text
	case a.Text == "":
		return a.Command
	}
	return a.Command + " " + a.Text
}

// Question returns what a follow-up asked next is to be read after: the question alone where the command only asks; ""
// where nothing was asked of the report itself.
func (a Asked) Question() string {
	switch {
	case isHelp(a.Text) && a.Command != recommendationCommand:
		return ""
	case a.Command == reportCommand && (isContents(a.Text) || isAbout(a.Text)):
		return ""
	case a.Command == reportCommand:
		return a.Text
	}
	return a.Line()
}

// Ref names a passage: it travels in buttons.
type Ref struct {
	Document string `json:"d"` // the document's ID
	Passage  string `json:"p"` // the passage's ID
}

// Around is a passage in its place: the passage itself, and what stands before and after it in the same document.
type Around struct {
	Before []content.Excerpt // in reading order, at most two
	Asked  content.Excerpt   // the whole passage
	After  []content.Excerpt // in reading order, at most two
}
