package bot

import "rapporteur/content"

// Reply is what the bot says, before it takes a shape: blocks in Slack, lines in a terminal.
//
// It is read from top to bottom in the order of its fields. Strings are plain text: they are escaped when the reply takes its
// shape, and not before.
type Reply struct {
	Verdict  content.Verdict   // for commands that list something, Answered
	Title    string            // a short heading; "" for a plain answer
	Lead     string            // our own words before the excerpts, in full sentences; may be empty
	Excerpts []content.Excerpt // shown whole, in order
	More     []content.Excerpt // kept behind "More excerpts", in order
	Nearest  []content.Excerpt // shown as nearest only, when the verdict is None
	Rows     []Row             // of a list: contents, points, help
	Hint     string            // a closing line: what can be asked
	Try      []string          // questions and commands that work, to be tried by a click
	Private  bool              // seen by the asker alone, who may share it
	Asked    Asked             // what is answered here
}

// Row is one line of a list.
type Row struct {
	Label  string // set apart before the text, such as "(b)" or "/report about"; may be empty
	Text   string
	Indent int // steps to the right, 0 for none
}

// Asked is what a person said to the bot, enough to answer it again: it travels in buttons.
type Asked struct {
	Command string `json:"c,omitempty"` // "/report" or "/recommendation"; "" for a plain question
	Text    string `json:"t"`           // the words that follow
	After   string `json:"a,omitempty"` // the question asked just before in the same conversation
}
