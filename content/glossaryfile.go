package content

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"
)

// glossaryYAML is the form of glossary.yaml.
type glossaryYAML struct {
	Terms []struct {
		Name      string              `yaml:"name"`
		Aliases   []string            `yaml:"aliases"`
		Near      []string            `yaml:"near"`
		Foreign   map[string][]string `yaml:"foreign"`
		Misspelt  []string            `yaml:"misspelt"`
		Never     []string            `yaml:"never"`
		Unwritten bool                `yaml:"unwritten"`
	} `yaml:"terms"`
}

const glossaryFields = "name, aliases, near, foreign, misspelt, never and unwritten"

// openGlossary reads glossary.yaml; a folder without one has an empty glossary.
func openGlossary(fsys fs.FS) (Glossary, Problems) {
	data, err := fs.ReadFile(fsys, glossaryFile)
	if errors.Is(err, fs.ErrNotExist) {
		return Glossary{}, nil
	}
	if err != nil {
		return Glossary{}, Problems{{File: glossaryFile, Text: "can't be read: " + cause(err)}}
	}
	return ReadGlossary(glossaryFile, data)
}

// ReadGlossary reads a glossary file (its form is in FORMAT.md). name is its path, for problems.
func ReadGlossary(name string, data []byte) (Glossary, Problems) {
	var file glossaryYAML
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		line, what := yamlError(err)
		return Glossary{}, Problems{{File: name, Line: line, Text: what + ": a term has the fields " + glossaryFields}}
	}
	var g Glossary
	var problems Problems
	first := map[string]bool{}
	for i, t := range file.Terms {
		key := strings.ToLower(clean(t.Name))
		switch {
		case key == "":
			problems.add(name, 0, "term %d has no name: give it the words that the reports use", i+1)
		case first[key]:
			problems.add(name, 0, "two terms have the name %q: put them into one", t.Name)
		}
		first[key] = true
		for _, never := range t.Never {
			if containsFold(t.Aliases, never) {
				problems.add(name, 0, "the term %q has %q among its aliases and its never words: it can't be both", t.Name, never)
			}
		}
		g.Terms = append(g.Terms, Term(t))
	}
	if len(problems) > 0 {
		return Glossary{}, problems
	}
	return g, nil
}

func containsFold(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
