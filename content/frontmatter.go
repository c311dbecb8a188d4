package content

import (
	"errors"
	"net/url"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
)

// frontMatter is what a file says about its document before the text.
type frontMatter struct {
	ID        string   `yaml:"id"`
	Title     string   `yaml:"title"`
	Publisher string   `yaml:"publisher"`
	Date      string   `yaml:"date"`
	Language  string   `yaml:"language"`
	Source    string   `yaml:"source"`
	Text      string   `yaml:"text"`
	Try       []string `yaml:"try"`
}

const frontMatterFields = "id, title, publisher, date, language, source, text and try"

// readFrontMatter reads the YAML between the two lines of hyphens. body is what follows, and line the number of its
// first line.
func readFrontMatter(file, text string, problems *Problems) (f frontMatter, body string, line int) {
	first, rest, _ := strings.Cut(text, "\n")
	if strings.TrimRight(first, " \t") != "---" {
		problems.add(file, 1, "no front matter: begin the file with a line ---, then title: and text:, then a line ---")
		return f, text, 1
	}
	lines := strings.SplitAfter(rest, "\n")
	for i, l := range lines {
		if strings.TrimRight(l, " \t\n") == "---" {
			f.read(file, strings.Join(lines[:i], ""), problems)
			return f, strings.Join(lines[i+1:], ""), i + 3
		}
	}
	problems.add(file, 1, "the front matter is not closed: end it with a line ---")
	return f, "", 1
}

// read reads the YAML and checks the values.
func (f *frontMatter) read(file, text string, problems *Problems) {
	if err := yaml.UnmarshalWithOptions([]byte(text), f, yaml.Strict()); err != nil {
		line, what := yamlError(err)
		problems.add(file, line+1, "%s: the fields are %s", what, frontMatterFields)
		return
	}
	at := func(field string) int { return fieldLine(text, field) + 1 }
	if strings.TrimSpace(f.Title) == "" {
		problems.add(file, at("title"), "no title: add a line such as title: The name of the report")
	}
	if f.Text != string(Summary) && f.Text != string(Verbatim) {
		problems.add(file, at("text"), "want text: summary where the words are yours, or text: verbatim where they are the document's")
	}
	if f.ID != "" && !validID(f.ID) {
		problems.add(file, at("id"), "the id %q can't be used: %s", f.ID, idRule)
	}
	if !validSource(f.Source) {
		problems.add(file, at("source"), "the source %q is no link: want one that begins with https:// or http://", f.Source)
	}
	if _, err := language.Parse(f.Language); f.Language != "" && err != nil {
		problems.add(file, at("language"), "the language %q is not known: want a code such as en, fr or pt-BR", f.Language)
	}
}

// yamlError returns the line, counted from 1, and the first line of what the YAML library says.
func yamlError(err error) (int, string) {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return 1, "the YAML can't be read"
	}
	return e.GetToken().Position.Line, e.GetMessage()
}

// fieldLine returns the line of a field, counted from 1; 0 when it is not there.
func fieldLine(text, field string) int {
	for i, l := range strings.Split(text, "\n") {
		if strings.HasPrefix(l, field+":") {
			return i + 1
		}
	}
	return 0
}

func validSource(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// document makes a document of the front matter.
func (f *frontMatter) document(file string) *Document {
	d := &Document{
		ID: f.ID, Title: clean(f.Title), Publisher: clean(f.Publisher), Date: clean(f.Date), Language: f.Language,
		Source: f.Source, Origin: Origin(f.Text),
	}
	for _, question := range f.Try {
		if question = clean(question); question != "" {
			d.Try = append(d.Try, question)
		}
	}
	if d.ID == "" {
		d.ID = slug(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	}
	if d.ID == "" {
		d.ID = "report"
	}
	if d.Language == "" {
		d.Language = "en"
	}
	return d
}
