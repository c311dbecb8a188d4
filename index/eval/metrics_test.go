package eval_test

import (
	"math"
	"testing"

	"rapporteur/index/eval"
)

func near(got, want float64) bool { return math.Abs(got-want) < 1e-9 }

// TestRankingMetrics checks figures worked out by hand. The ranking is a b c d e; b has grade 2, d grade 1, and z, which is not
// found, grade 1.
func TestRankingMetrics(t *testing.T) {
	ranked, judged := []string{"a", "b", "c", "d", "e"}, eval.Judgements{"b": 2, "d": 1, "z": 1, "c": 0}
	log := math.Log2
	ideal := 2/log(2) + 1/log(3) + 1/log(4)
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"nDCG@10", eval.NDCG(ranked, judged, 10), (2/log(3) + 1/log(5)) / ideal},
		{"nDCG@3", eval.NDCG(ranked, judged, 3), (2 / log(3)) / ideal},
		{"nDCG@1, ideal of one", eval.NDCG(ranked, judged, 1), 0},
		{"nDCG of the best order", eval.NDCG([]string{"b", "z", "d"}, judged, 10), 1},
		{"nDCG where nothing is relevant", eval.NDCG(ranked, eval.Judgements{"c": 0}, 10), 0},
		{"MRR@10", eval.ReciprocalRank(ranked, judged, 10), 0.5},
		{"MRR@1", eval.ReciprocalRank(ranked, judged, 1), 0},
		{"recall@3", eval.Recall(ranked, judged, 3), 1.0 / 3},
		{"recall@10", eval.Recall(ranked, judged, 10), 2.0 / 3},
		{"recall of nothing relevant", eval.Recall(ranked, nil, 10), 0},
		{"success@1", eval.Success(ranked, judged, 1), 0},
		{"success@3", eval.Success(ranked, judged, 3), 1},
		{"nothing ranked", eval.NDCG(nil, judged, 10), 0},
	} {
		if !near(test.got, test.want) {
			t.Errorf("%s: %v; want %v", test.name, test.got, test.want)
		}
	}
}

// TestAUC counts pairs: of 3 × 2, four are in order, one is a tie, one is not.
func TestAUC(t *testing.T) {
	for _, test := range []struct {
		high, low []float64
		want      float64
	}{
		{[]float64{0.9, 0.5, 0.2}, []float64{0.5, 0.1}, 4.5 / 6},
		{[]float64{1, 2}, []float64{-1, 0}, 1},
		{[]float64{0}, []float64{1}, 0},
		{[]float64{1, 1}, []float64{1, 1, 1}, 0.5},
		{nil, []float64{1}, 0.5},
	} {
		if got := eval.AUC(test.high, test.low); !near(got, test.want) {
			t.Errorf("AUC of %v over %v: %v; want %v", test.high, test.low, got, test.want)
		}
	}
}

func TestRefusedAt(t *testing.T) {
	ten := []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}
	for _, test := range []struct {
		share              float64
		low                []float64
		refused, threshold float64
	}{
		{0.9, []float64{0.05, 0.15, 0.2, 0.5}, 0.5, 0.2}, // one of ten may go: from 0.2 on is kept
		{1, []float64{0.05, 0.15}, 0.5, 0.1},
		{0.95, []float64{0.05, 0.15}, 0.5, 0.1}, // half a question can't go
		{0.5, nil, 0, 0.6},
	} {
		refused, threshold := eval.RefusedAt(test.share, ten, test.low)
		if !near(refused, test.refused) || !near(threshold, test.threshold) {
			t.Errorf("at %v: %v from %v; want %v from %v", test.share, refused, threshold, test.refused, test.threshold)
		}
	}
	if refused, _ := eval.RefusedAt(0.95, nil, ten); refused != 0 {
		t.Errorf("without answerable questions %v are refused", refused)
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		of   []int
		want int
	}{{nil, 0}, {[]int{7}, 7}, {[]int{3, 1, 2}, 2}, {[]int{4, 1, 2, 3}, 2}} {
		if got := eval.Median(test.of); got != test.want {
			t.Errorf("median of %v: %d; want %d", test.of, got, test.want)
		}
	}
}
