package index

import (
	"errors"
	"testing"

	"rapporteur/content"

	"github.com/google/go-cmp/cmp"
)

func TestAlike(t *testing.T) {
	v := vocabulary{byGram: map[string][]int{}}
	for _, w := range []string{"smuggled", "smuggling", "cooperate", "operation", "cat"} {
		v.add(w)
	}
	for word, want := range map[string][]string{
		"smuggler": {"smuggled", "smuggling"}, "cooperation": {"cooperate", "operation"}, "zebra": nil, "cat": nil, // too short to be in it
	} {
		var got []string
		for _, a := range v.alike(word) {
			got = append(got, a.word)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", word, diff)
		}
	}
}

func TestSharedRun(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"When did the war of roses end?", "The War of Roses began.", 4},
		{"a b c", "c b a", 1},
		{"", "a", 0},
		{"Was it \"the end\"?", "it: the end.", 3},
	} {
		if got := sharedRun(test.a, test.b); got != test.want {
			t.Errorf("%q, %q: %d; want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestWanted(t *testing.T) {
	for text, want := range map[string]wants{
		"When did it start?":                    aDate,
		"Which treaty applies when it is dark?": 0,
		"in what month was it":                  aDate,
		"how long did it last":                  aDuration,
		"How much does a visa cost?":            aNumber | aPrice,
		"why is that so?":                       aReason,
		"define smuggling":                      aMeaning,
		"what should States do?":                aDuty,
		"Who was there?":                        aName,
		"where is it mentioned in the text?":    0,
		"combien de personnes ont participé ?":  aNumber,
	} {
		if got := wanted(text); got != want {
			t.Errorf("%q wants %b; want %b", text, got, want)
		}
	}
}

func TestHeld(t *testing.T) {
	const all = mustHold | aDuty | aLack
	for text, want := range map[string]wants{
		"It began in 1066.":                         aDate | aNumber,
		"it lasted three hours, at most":            aNumber | aDuration,
		"the fee was $20":                           aNumber | aPrice,
		"the page leaves the number of pages empty": aLack,
		"States must act":                           aDuty,
		"in Vienna":                                 aName,
		"that is called a beck":                     aMeaning,
		"nothing of the kind":                       0,
	} {
		if got := held(text, all); got != want {
			t.Errorf("%q holds %b; want %b", text, got, want)
		}
		if got := held(text, aDate); got != want&aDate {
			t.Errorf("%q, asked for a date: %b", text, got)
		}
	}
}

// TestPremise checks which words of a question are only to be checked.
func TestPremise(t *testing.T) {
	for text, want := range map[string]wants{
		"UNESCO hosted it, right?": aName,
		"I heard 300 came, true?":  aNumber,
		"was it held in Geneva?":   aName,
		"who held it in Geneva?":   0,
		"the moderator was Swiss":  0,
	} {
		x := &Index{glossary: &glossary{}}
		x.engine.Store(nothing(t))
		terms := []term{}
		a, err := newAnalyzer("en")
		if err != nil {
			t.Fatal(err)
		}
		s := &shelf{analyzer: a}
		for _, group := range groups(s.tokens(text)) {
			terms = append(terms, s.plain(group, text))
		}
		if got := x.premise(s, text, terms); got != want {
			t.Errorf("%q checks %b; want %b", text, got, want)
		}
	}
}

// nothing is an engine without passages.
func nothing(t *testing.T) *engine {
	t.Helper()
	e, err := (&Index{}).inMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.close() })
	return e
}

// TestRivalsThatHoldTheTypeComeFirst checks that a passage with the type of answer asked for goes before one that covers as much
// without it, and that one which covers much less does not.
func TestRivalsThatHoldTheTypeComeFirst(t *testing.T) {
	for _, test := range []struct {
		coverage []float64
		untyped  []bool
		want     float64
	}{
		{[]float64{0.9, 0.8}, []bool{true, false}, 0.8},
		{[]float64{0.9, 0.5}, []bool{true, false}, 0.9},
		{[]float64{0.9, 0.8}, []bool{false, false}, 0.9},
		{nil, nil, 0},
	} {
		var r reading
		for i, c := range test.coverage {
			r.found = append(r.found, finding{evidence: evidence{coverage: c, untyped: test.untyped[i]}})
		}
		r.prefer()
		if len(r.found) > 0 && r.found[0].coverage != test.want {
			t.Errorf("%v, untyped %v: first is %v; want %v", test.coverage, test.untyped, r.found[0].coverage, test.want)
		}
	}
}

// TestHeals answers although bleve panics in the middle of a search, and again as before from then on.
func TestHeals(t *testing.T) {
	section := &content.Section{Heading: "H"}
	section.Passages = []*content.Passage{{ID: "p", Document: "d", Text: "A zebra was seen by the river.", Kind: content.Paragraph, Paragraph: 1}}
	corpus := &content.Corpus{Documents: []*content.Document{{ID: "d", Title: "T", Language: "en", Sections: []*content.Section{section}}}}
	x, err := Open(t.Context(), corpus, "")
	if err != nil {
		t.Fatal(err)
	}
	whole := x.engine.Load()
	x.engine.Store(&engine{}) // without a reader: any search panics
	for range 2 {
		if a, err := x.Answer(t.Context(), content.Question{Text: "where was the zebra seen?"}); err != nil || len(a.Excerpts) != 1 {
			t.Errorf("got %+v, %v", a, err)
		}
	}
	if err := errors.Join(x.Close(), whole.close()); err != nil {
		t.Error(err)
	}
}
