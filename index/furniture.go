package index

import "strings"

// furniture is words that say how something is asked, not what: they help to rank a little and never decide whether
// there is an answer. Chosen by reading questions, not counted. In the form of [token.word].
var furniture = set(`
	about actual actually add address anything anywhere appear ask asked asking bit bot bring can cite come comes could
	cover covered covers define definition describe described describes detail details did discuss discussed discusses
	document does dont everything exactly explain express find full gave get gist give given gives go got happen happened happens hear
	heard hello help hey hi idea include included includes info inform information into involve involved involves
	know known let like list look lot made make makes me mean means mention mentioned mentions much need needed
	note noted number ok okay paper part passage publication pdf please pls point points present provide put question questions quote
	read refer regard regarding regards report reports right said saw say saying says section see show shown shows
	so some somebody someone something sort speak stand state stated stuff summarize summary take talk talked talking talks
	tell text thank thanks thing things think topic touch true used want wanted well were whats wonder word words would write
	written yes kind type exact called name named today does anyone really also just kindly quick quickly there im ive id
	according else showed total overall altogether roughly approximately approx
	cual cuales quien quienes cuando donde cuanto cuantos cuantas informe dice dijo hablar sobre acerca
	quel quelle quels quelles quand combien comment rapport dit parle concernant propos
	nedir neler nelerdir hangi kac nerede nasil rapor raporu raporda hakkinda deniyor diyor ilgili
	تقرير التقرير يقول ماذا عن`)

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Fields(words) {
		s[spelling(w)] = true
	}
	return s
}
