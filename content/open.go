package content

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// glossaryFile is where a folder's glossary stands.
const glossaryFile = "glossary.yaml"

// Open reads a folder of reports: every file that ends in .md, in it and in the folders below it, in the order of their
// paths, and glossary.yaml at its top. Hidden files and folders are passed over, and so are README.md and FORMAT.md.
// When files can't be read as reports the error is of type [Problems], with all that is wrong in all of them.
func Open(fsys fs.FS) (*Corpus, error) {
	files, err := reportFiles(fsys)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, Problems{{File: ".", Text: "no report here: put at least one Markdown file (.md) into the folder"}}
	}
	c := &Corpus{}
	var problems Problems
	for _, file := range files {
		d, found := openFile(fsys, file)
		problems = append(problems, found...)
		if d != nil {
			c.Documents = append(c.Documents, d)
			problems = append(problems, sameDocument(c, d, file, files)...)
		}
	}
	var wrong Problems
	c.Glossary, wrong = openGlossary(fsys)
	problems = append(problems, wrong...)
	if err := problems.err(); err != nil {
		return nil, err
	}
	return c, nil
}

// reportFiles lists the reports in path order.
func reportFiles(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(file string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case file != "." && strings.HasPrefix(name, "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && path.Ext(name) == ".md" && name != "README.md" && name != "FORMAT.md":
			files = append(files, file)
		}
		return nil
	})
	return files, err
}

func openFile(fsys fs.FS, file string) (*Document, Problems) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, Problems{{File: file, Text: "can't be read: " + cause(err)}}
	}
	d, err := Read(file, text)
	var problems Problems
	if errors.As(err, &problems) {
		return nil, problems
	}
	return d, nil
}

func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// sameDocument finds an earlier document with the ID of the last one read.
func sameDocument(c *Corpus, d *Document, file string, files []string) Problems {
	for i, other := range c.Documents[:len(c.Documents)-1] {
		if other.ID == d.ID {
			return Problems{{File: file, Line: 1, Text: "the id " + d.ID + " is that of document " + quoteTitle(c.Documents[i]) +
				" as well: give one of the two another id in its front matter"}}
		}
	}
	return nil
}

func quoteTitle(d *Document) string { return "“" + d.Title + "”" }
