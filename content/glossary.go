package content

// Glossary is what the readers of a corpus call things: words that mean the same, and words that never do.
type Glossary struct {
	Terms []Term
}

// Term is one thing that has several names.
type Term struct {
	Name      string              // as the report calls it
	Aliases   []string            // mean the same as the name, both ways
	Near      []string            // a person who says one of these means the name, or close to it; not the other way round
	Foreign   map[string][]string // the name in other languages, by BCP 47 tag: "fr", "es", "tr", "ar"
	Misspelt  []string            // frequent misspellings and mix-ups of the name
	Never     []string            // look alike or are often confused, and are something else: never to be joined with the name
	Unwritten bool                // the report never uses the name: whoever asks for it asks for something that is not there
}
