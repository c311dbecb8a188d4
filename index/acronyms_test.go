package index

import "testing"

func TestSpelledOut(t *testing.T) {
	for _, test := range []struct{ text, acronym, want string }{
		{"It was led by the World Health Organization", "WHO", "World Health Organization"},
		{"and the United Nations Office on Drugs and Crime", "UNODC", "United Nations Office on Drugs and Crime"},
		{"by the United Nations High Commissioner for Refugees", "UNHCR", "United Nations High Commissioner for Refugees"},
		{"a Standard Operating Procedure", "SOP", "Standard Operating Procedure"},
		{"the cost-benefit analysis", "CBA", "cost-benefit analysis"},
		{"met in Vienna", "EU", ""},
		{"the Great Lakes Water Board", "GWB", ""}, // a capital between has no letter
		{"", "AB", ""},
	} {
		if got := spelledOut(test.text, test.acronym); got != test.want {
			t.Errorf("%q (%s): %q; want %q", test.text, test.acronym, got, test.want)
		}
	}
}
