package bot

import "rapporteur/content"

// The lines that every shape of a reply shows alike.
const (
	NearestHeading = nearestHeading // before passages that come nearest
	TryHeading     = "Try:"
)

// Place says where a passage stands: title, sections, label or paragraph, and page where known, parted by " › " and " · ".
func Place(c content.Citation) string { return place(c) }

// Whose says whether an excerpt's words are a summary or the document's own.
func Whose(o content.Origin) string { return whoseWords(o) }
