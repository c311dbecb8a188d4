package content

import "testing"

func TestParseReference(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Reference
		ok   bool
	}{
		{"b", Reference{Label: "b"}, true},
		{"(B)", Reference{Label: "b"}, true},
		{"B.", Reference{Label: "b"}, true},
		{"2", Reference{Label: "2"}, true},
		{"a", Reference{Label: "a"}, true},
		{"iv", Reference{Label: "iv"}, true},
		{"z", Reference{Label: "z"}, true},
		{"115.1", Reference{Label: "115.1"}, true},
		{"12(a)", Reference{Label: "12(a)"}, true},
		{"conclusion b", Reference{Kind: Conclusion, Label: "b"}, true},
		{"conclusion a", Reference{Kind: Conclusion, Label: "a"}, true},
		{"Conclusion (b)?", Reference{Kind: Conclusion, Label: "b"}, true},
		{"recommendation no. 3", Reference{Kind: Recommendation, Label: "3"}, true},
		{"question 2", Reference{Kind: Panel, Label: "2"}, true},
		{"point (c)", Reference{Label: "c"}, true},
		{"the last recommendation", Reference{Kind: Recommendation, Place: -1}, true},
		{"judicial cooperation", Reference{}, false},
		{"money flow", Reference{}, false},
		{"conclusion b on courts", Reference{}, false},
		{"", Reference{}, false},
	} {
		got, ok := ParseReference(test.in)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("ParseReference(%q) = %+v, %v; want %+v, %v", test.in, got, ok, test.want, test.ok)
		}
	}
}

func TestFindReference(t *testing.T) {
	for _, test := range []struct {
		in, named string
		want      Reference
	}{
		{"What is conclusion (a)?", "conclusion (a)", Reference{Kind: Conclusion, Label: "a"}},
		{"show me recommendation c", "recommendation c", Reference{Kind: Recommendation, Label: "c"}},
		{"what was question 2?", "question 2", Reference{Kind: Panel, Label: "2"}},
		{"what does conclusion a say?", "conclusion a", Reference{Kind: Conclusion, Label: "a"}},
		{"the question a person asks", "", Reference{}},
		{"is there a recommendation I missed", "", Reference{}},
		{"what did the second conclusion say", "second conclusion", Reference{Kind: Conclusion, Place: 2}},
		{"que dit la recommandation 115.1 ?", "recommandation 115.1", Reference{Kind: Recommendation, Label: "115.1"}},
		{"¿qué dice la conclusión b?", "conclusión b", Reference{Kind: Conclusion, Label: "b"}},
		{"any recommendations on courts?", "", Reference{}},
		{"read conclusion(b) to me", "conclusion(b)", Reference{Kind: Conclusion, Label: "b"}},
		{"what does paragraph 12 say", "paragraph 12", Reference{Kind: Paragraph, Label: "12"}},
	} {
		got, span, ok := FindReference(test.in)
		if ok != (test.named != "") || got != test.want {
			t.Errorf("FindReference(%q) = %+v, %v; want %+v", test.in, got, ok, test.want)
		}
		if named := test.in[span.Start:span.End]; named != test.named {
			t.Errorf("FindReference(%q) names %q; want %q", test.in, named, test.named)
		}
	}
}

func TestLookup(t *testing.T) {
	point := func(kind Kind, label string) *Passage {
		return &Passage{ID: string(kind) + "-" + label, Document: "r", Kind: kind, Label: label}
	}
	lettered := &Corpus{Documents: []*Document{{ID: "r", Sections: []*Section{{Passages: []*Passage{
		point(Panel, "a"), point(Panel, "b"), point(Conclusion, "a"), point(Conclusion, "b"), point(Conclusion, "c"),
	}}}}}}
	numbers := &Corpus{Documents: []*Document{{ID: "r", Sections: []*Section{{Passages: []*Passage{
		point(Paragraph, "1"), point(Conclusion, "1"), point(Recommendation, "3"), point(Recommendation, "4"), point("decision", "9"),
	}}}}}}
	for _, test := range []struct {
		corpus *Corpus
		in     Reference
		want   string
	}{
		{lettered, Reference{Label: "b"}, "conclusion-b"},
		{lettered, Reference{Label: "2"}, "conclusion-b"},
		{lettered, Reference{Kind: Recommendation, Label: "c"}, "conclusion-c"},
		{lettered, Reference{Kind: Panel, Label: "2"}, "question-b"},
		{lettered, Reference{Kind: Conclusion, Place: -1}, "conclusion-c"},
		{lettered, Reference{Label: "z"}, ""},
		{lettered, Reference{Label: "7"}, ""},
		{numbers, Reference{Label: "3"}, "recommendation-3"},
		{numbers, Reference{Label: "1"}, "conclusion-1"},
		{numbers, Reference{Kind: Recommendation, Label: "1"}, ""},
		{numbers, Reference{Kind: Recommendation, Place: 1}, "recommendation-3"},
		{numbers, Reference{Kind: Paragraph, Label: "1"}, "paragraph-1"},
		{numbers, Reference{Label: "9"}, "decision-9"},
	} {
		var got string
		for _, p := range test.corpus.Lookup(test.in) {
			got += p.ID
		}
		if got != test.want {
			t.Errorf("Lookup(%+v) = %q; want %q", test.in, got, test.want)
		}
	}
}
