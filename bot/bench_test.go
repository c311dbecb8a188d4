package bot

import (
	"strings"
	"testing"
)

func BenchmarkShape(b *testing.B) {
	ordinary := conversation(sideEvent())
	reply, _ := ordinary.Line(b.Context(), "What about smuggling?", "")
	hostile := replyOf("<!channel>", strings.Repeat("word. <@U1> ", 1500), "https://example.org/", 3, 9, 60, 300)
	for _, test := range []struct {
		name  string
		reply Reply
	}{{"answer", reply}, {"hostile", hostile}} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				Blocks(test.reply)
				Fallback(test.reply)
			}
		})
	}
}
