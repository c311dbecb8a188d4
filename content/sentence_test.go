package content_test

import (
	"strings"
	"testing"

	"rapporteur/content"
)

func BenchmarkSentences(b *testing.B) {
	text := strings.Repeat("The side event took place in Vienna on 4 September 2017, see Art. 5 of the text. It was organized by the Government, e.g. by two ministries. ", 8)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		content.Sentences(text)
	}
}
