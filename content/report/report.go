// Package report holds the embedded report and its glossary: "Reflecting on the Necessity of International Cooperation and
// Supporting New Models of Cooperation to Counter Migrant Smuggling" (IOM with UNODC, Vienna, 4 September 2017).
//
// The words are ours: each passage tells in short what the report's page on the IOM Publications Platform says, and nothing
// from elsewhere.
package report

import (
	"embed"
	"io/fs"
)

//go:embed *.md glossary.yaml
var files embed.FS

// FS returns the folder of the embedded report, in the form that content.Open reads.
func FS() fs.FS { return files }
