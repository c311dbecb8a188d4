package index

import (
	"strings"
	"unicode"
)

// courtesy is words of which small talk is made, in the languages of the readers.
var courtesy = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`hi hello hey hiya howdy yo there good morning afternoon evening day night thanks thank you thx ty cheers
		bot rapporteur are is great nice cool awesome perfect brilliant helpful amazing super wonderful excellent well done very much so
		many a lot bye goodbye ciao see ya later ok okay yes no please sorry how doing whats up welcome all everyone team my friend
		merci beaucoup bonjour salut bonsoir au revoir gracias muchas hola buenos dias adios danke vielen dank hallo tschuss guten tag
		tesekkurler tesekkur ederim merhaba selam sagol grazie obrigado obrigada ola شكرا مرحبا السلام عليكم jambo asante lol haha the best`) {
		m[fold(w)] = true
	}
	return m
}()

// isSmallTalk reports whether a text is a greeting, thanks or praise and nothing else. An empty text is one.
func isSmallTalk(text string) bool {
	words := strings.FieldsFunc(fold(strings.ToLower(strings.ReplaceAll(text, "'", ""))), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, w := range words {
		if !courtesy[w] {
			return false
		}
	}
	return len(words) <= 12
}
