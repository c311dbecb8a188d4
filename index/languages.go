package index

import (
	// Each of these registers bleve's analyzer for one language under its code.
	_ "github.com/blevesearch/bleve/v2/analysis/lang/ar"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/ckb"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/da"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/de"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/es"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/fa"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/fi"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/fr"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/hi"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/hr"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/hu"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/it"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/nl"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/no"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/pl"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/pt"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/ro"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/ru"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/sv"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/tr"

	"github.com/blevesearch/bleve/v2/analysis/analyzer/standard"
)

// ofBleve maps language codes to bleve's analyzers, as of v2.6.3.
var ofBleve = map[string]string{
	"ar": "ar", "ckb": "ckb", "da": "da", "de": "de", "es": "es", "fa": "fa", "fi": "fi", "fr": "fr", "hi": "hi",
	"hr": "hr", "hu": "hu", "it": "it", "nl": "nl", "no": "no", "nb": "no", "nn": "no", "pl": "pl", "pt": "pt", "ro": "ro",
	"ru": "ru", "sv": "sv", "tr": "tr", "zh": "cjk", "ja": "cjk", "ko": "cjk",
}

// analyzerName returns the name of bleve's analyzer for a language; one that only lower-cases where bleve has none.
func analyzerName(base string) string {
	if name, ok := ofBleve[base]; ok {
		return name
	}
	return standard.Name
}
