package index

import "testing"

func TestOneSpelling(t *testing.T) {
	a, err := newAnalyzer("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range [][2]string{
		{"organised", "organized"}, {"organisation", "organization"}, {"co-hosted", "cohosted"}, {"criminalising", "criminalizing"},
		{"panellists", "panelists"}, {"programme", "program"}, {"labour", "labor"}, {"centre", "center"}, {"I.O.M.", "IOM"},
		{"4th", "4"}, {"three", "3"}, {"Türkiye", "Turkiye"}, {"offence", "offense"}, {"the State's", "states"}, {"analysed", "analyzed"},
	} {
		x, y := a.tokens(same[0]), a.tokens(same[1])
		if len(x) == 0 || len(y) == 0 || x[0].term != y[0].term {
			t.Errorf("%q is %v, %q is %v; want one term", same[0], x, same[1], y)
		}
	}
	for _, other := range [][2]string{{"rise", "rice"}, {"four", "for"}, {"3.5", "35"}, {"smuggling", "trafficking"}} {
		x, y := a.tokens(other[0]), a.tokens(other[1])
		if len(x) > 0 && len(y) > 0 && x[0].term == y[0].term {
			t.Errorf("%q and %q are both %q", other[0], other[1], x[0].term)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"joint", "joint", 0}, {"jiont", "joint", 1}, {"smugling", "smuggling", 1}, {"", "abc", 3}, {"judical", "judicial", 1}, {"été", "ete", 2}} {
		if got := distance([]rune(test.a), []rune(test.b)); got != test.want {
			t.Errorf("distance(%q, %q) = %d; want %d", test.a, test.b, got, test.want)
		}
	}
}
