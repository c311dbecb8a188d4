package bot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapporteur/content"
)

// All that the bot says in its own words stands here, in full sentences with a next step.

// Texts that are always the same.
const (
	tryAgain    = "I could not look this up just now. Please ask again in a moment."
	questionCut = "Your question is longer than 800 characters; I have read its beginning only."

	unknownCommand = "There is no such command. These are the ones I know:"
	helpTitle      = "How to ask"
	contentsTitle  = "Contents"
	aboutTitle     = "About"
	pointsTitle    = "Points"
	moreTitle      = "More excerpts"
	contextTitle   = "In context"
	noticeTitle    = "Rapporteur"
	homeTitle      = "Rapporteur"
	welcomeTitle   = "Ask me about the report"

	contentsCommand = "/report contents"
	aboutCommand    = "/report about"

	aboutHint    = "See what there is with /report contents, and how to ask with /report help."
	seeAllPoints = "See all of them with /recommendation."

	aboutBot = "I show what the report says in excerpts, and cite where each one stands. " +
		"I do not interpret, advise, or add anything from elsewhere. When the report is silent, I say so."

	showContextLabel = "Show in context"
	moreLabel        = "More excerpts"
	shareLabel       = "Share in channel"
	closeLabel       = "Close"
	originalLabel    = "read the original"

	continuesInContext = "… (continues: Show in context)"
	continuesBeyond    = "… (the passage goes on; the original has all of it)"
	nearestHeading     = "Nearest, though not an answer:"
	beforeHeading      = "Just before"
	askedHeading       = "The passage"
	afterHeading       = "Just after"

	passageGone = "This passage is no longer there: the report has changed since. Please ask again."
	answerGone  = "There are no more excerpts: the report has changed since. Please ask again."
	pressAgain  = "That took too long for Slack to open a window. Please press again."
	sharedNote  = "Shared in the channel."

	helpfulLabel   = "Helpful"
	unhelpfulLabel = "Not helpful"
	thanks         = "Thank you for telling."
	commentTitle   = "What was missing?"
	commentLabel   = "What did you look for, or what was wrong?"
	commentHint    = "This is read by those who look after the bot, and deleted when questions are."
	askThere       = "You can also ask people in "

	settingsTitle = "Settings"
	settingsLabel = "Settings"
	saveLabel     = "Save"
	sendLabel     = "Send"
	cancelLabel   = "Cancel"
	notAllowed    = "You may not change the settings here. Whoever installed the bot can allow you to, in Settings on its Home tab."
	choosePeople  = "Choose people"
	chooseChannel = "Choose a channel"
	editorsLabel  = "Who may change these settings"
	editorsHint   = "Whoever saves them stays among them."
	askInLabel    = "Where to point people when the report is silent"
	askInHint     = "A channel where somebody may know more. Nobody is notified."
	feedbackLabel = "Feedback"
	askFeedback   = "Ask under each answer whether it helped"
	keepLabel     = "How long questions are kept"
	keepHint      = "With what was answered, to see what people look for. What is older is deleted."
	keepsNothing  = "Questions are not kept: whoever runs the bot has not switched that on."

	hasAsked     = " asked:"
	wasAsked     = "Asked:"
	summaryWords = "Summary in our own words."
	verbatim     = "The document's own words."
)

// subject is how many documents the bot speaks for: what it calls them depends on it.
type subject int

func (s subject) String() string {
	if s == 1 {
		return "the report"
	}
	return "the reports"
}

func (s subject) verb(one, several string) string {
	if s == 1 {
		return one
	}
	return several
}

func welcome(s subject) string {
	return "Mention me with a question, and I will show what " + s.String() + " " + s.verb("says", "say") +
		" about it, and where. When " + s.verb("it is", "they are") + " silent, I say so. Here are three things to try:"
}

func smallTalk(s subject) string {
	return "Glad to be of use. Ask me anything about " + s.String() + ", and I will show you what " +
		s.verb("it says", "they say") + " and where."
}

func silence(s subject) string {
	return capital(s.String()) + " " + s.verb("is", "are") + " silent on this: what you asked is not in " + s.verb("it", "them") + "."
}

func nearestOnly(n int) string {
	if n == 1 {
		return "The passage below comes nearest, but does not answer it."
	}
	return "The passages below come nearest, but do not answer it."
}

func related(s subject) string {
	return capital(s.String()) + " " + s.verb("touches", "touch") + " on this subject, but " + s.verb("does", "do") +
		" not say what you asked. This is what comes nearest."
}

func readAs(question string) string {
	if question == "" {
		return ""
	}
	return "Read as: " + strings.TrimSuffix(question, ".") + "."
}

func canAsk(s subject, names []string) string {
	if len(names) == 0 {
		return "See what there is with /report contents."
	}
	return "You can ask what " + s.verb("it says", "they say") + " under " + listed(quoted(names), maxNames) + ". All of it: /report contents."
}

// maxNames bounds how many sections or documents a hint names, maxTitle the characters of each.
const (
	maxNames = 6
	maxTitle = 80
)

func helpLead(s subject) string {
	return "I show what " + s.String() + " " + s.verb("says", "say") + ", in excerpts, each with its place. Mention me or write to me with a question, or use a command:"
}

func helpRows() []Row {
	return []Row{
		{Label: "/report QUESTION", Text: "shows what the report says about it, to you alone; you may share the answer"},
		{Label: "/report contents", Text: "lists the sections, and the points with their labels"},
		{Label: "/report about", Text: "says what the report is, and what I do and do not do"},
		{Label: "/report help", Text: "shows this list"},
		{Label: "/recommendation", Text: "lists all points"},
		{Label: "/recommendation b", Text: "pulls up one by its label; (B), 2 and conclusion b will do as well"},
		{Label: "/recommendation WORDS", Text: "finds the points that are about something"},
	}
}

func noPointAbout(s subject) string {
	return "No point of " + s.String() + " is about this. These are the points that there are:"
}

func noPoints(s subject) string {
	return capital(s.String()) + " " + s.verb("letters or numbers", "letter or number") + " no recommendations, conclusions or other points. Ask with /report and your question."
}

func noPointCalled(s subject, name string) string {
	return "No point of " + s.String() + " is called “" + shorten(name, maxTitle) + "”."
}

// noRecommendations says that a report has other points than recommendations, and which one is shown.
func noRecommendations(s subject, p *content.Passage) string {
	owner := "This report has no separate list of recommendations; its "
	if s > 1 {
		owner = "Not every report has a list of recommendations; here the "
	}
	return owner + listHeading(p) + " are " + letteredOrNumbered(p.Label) + ". This is " + named(p) + "."
}

// listHeading is what the report calls the list in which a point stands: its section's heading if that names the kind,
// or the kind in the plural.
func listHeading(p *content.Passage) string {
	kind := plural(p.Kind)
	if n := len(p.Section); n > 0 && strings.HasSuffix(strings.ToLower(p.Section[n-1]), kind) {
		return shorten(uncapital(p.Section[n-1]), maxTitle)
	}
	return kind
}

func letteredOrNumbered(label string) string {
	if startsWithDigit(label) {
		return "numbered"
	}
	return "lettered"
}

// rivals names other points with the label of the one shown.
func rivals(points []*content.Passage) string {
	var sentences []string
	for _, p := range points {
		sentences = append(sentences, "There is also "+named(p)+": "+pullUpCommand(p)+".")
	}
	return strings.Join(sentences, " ")
}

func contentsHint(lists []list) string {
	hint := "Ask about any of it with /report and your question"
	if len(lists) == 0 {
		return hint + "."
	}
	return hint + ", or pull up a point by its label, such as " + pullUpCommand(lists[0].points[0]) + "."
}

func pullUp(p *content.Passage) string {
	return "Pull one up whole by its label, such as " + pullUpCommand(p) + "."
}

// pullUpCommand is the command that pulls a point up.
func pullUpCommand(p *content.Passage) string {
	if rank(p.Kind) < 2 {
		return recommendationCommand + " " + p.Label
	}
	return recommendationCommand + " " + string(p.Kind) + " " + p.Label
}

// labelsOf says how many points of a kind there are and how they are labelled.
func labelsOf(k content.Kind, points []*content.Passage, several bool, title string) string {
	sentence := "There " + isAre(len(points)) + " " + counted(k, len(points)) + ": " + span(points)
	if several {
		sentence += " in “" + shorten(title, maxTitle) + "”"
	}
	return sentence + "."
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// counted is "4 conclusions".
func counted(k content.Kind, n int) string {
	if n == 1 {
		return "1 " + string(k)
	}
	return strconv.Itoa(n) + " " + plural(k)
}

// span names the labels of points: all of a few, the first and the last of many.
func span(points []*content.Passage) string {
	if len(points) > maxLabels {
		return bracketed(points[0].Label) + " to " + bracketed(points[len(points)-1].Label)
	}
	labels := make([]string, len(points))
	for i, p := range points {
		labels[i] = bracketed(p.Label)
	}
	return listed(labels, maxLabels)
}

// maxLabels bounds how many labels are named one by one.
const maxLabels = 8

// listed is "a, b and c", or "a, b and 5 more" when there are more than limit.
func listed(names []string, limit int) string {
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return names[0]
	case n > limit:
		return strings.Join(names[:limit], ", ") + " and " + strconv.Itoa(n-limit) + " more"
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

func quoted(names []string) []string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = "“" + n + "”"
	}
	return quoted
}

// named is "conclusion (b)", "recommendation 12".
func named(p *content.Passage) string { return string(p.Kind) + " " + bracketed(p.Label) }

// bracketed sets a label as reports print it: letters in brackets, numbers bare.
func bracketed(label string) string {
	if startsWithDigit(label) || utf8.RuneCountInString(label) > 4 {
		return label
	}
	return "(" + label + ")"
}

func plural(k content.Kind) string {
	if stem, ok := strings.CutSuffix(string(k), "y"); ok {
		return stem + "ies"
	}
	return string(k) + "s"
}

func whoseWords(o content.Origin) string {
	if o == content.Verbatim {
		return verbatim
	}
	return summaryWords // the modest of the two: a summary is never dressed as a quotation
}

// kept says for how long questions are kept, as a choice.
func kept(days int) string {
	switch days {
	case 0:
		return "Not at all"
	case 1:
		return "1 day"
	}
	return strconv.Itoa(days) + " days"
}

// keptNotice tells people what becomes of their questions.
func keptNotice(days int) string {
	if days == 0 {
		return "Questions are not kept."
	}
	return "Questions are kept for " + kept(days) + ", with who asked them; then they are deleted."
}

func pageNumber(page string) string { return "p. " + page }

func paragraphNumber(n int) string { return fmt.Sprintf("paragraph %d", n) }

func foundExcerpts(n int) string {
	if n == 1 {
		return "Found 1 excerpt."
	}
	return fmt.Sprintf("Found %d excerpts.", n)
}

func moreRows(n int) string {
	return fmt.Sprintf("… and %d more that do not fit here. Ask about one of them, or see the sections with /report contents.", n)
}

func notShown(n int) string {
	if n == 1 {
		return "1 more excerpt does not fit here. Ask for something narrower to see it."
	}
	return fmt.Sprintf("%d more excerpts do not fit here. Ask for something narrower to see them.", n)
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// uncapital lowers the first letter, unless the word is an acronym.
func uncapital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[n:])
	if n == 0 || unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
