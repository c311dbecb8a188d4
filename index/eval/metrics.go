package eval

import (
	"math"
	"slices"
)

// Judgements says which passages answer a question, and how well: 0 or absent for those that don't.
type Judgements map[string]int

// relevant counts the passages that answer.
func (j Judgements) relevant() int {
	n := 0
	for _, grade := range j {
		if grade > 0 {
			n++
		}
	}
	return n
}

// NDCG is the discounted gain of the first k ids over that of the best order, from 0 to 1, with the grade as gain and
// log2(rank+1) as discount, as trec_eval computes ndcg_cut (Järvelin and Kekäläinen, 2002). 0 when nothing is relevant.
func NDCG(ranked []string, judged Judgements, k int) float64 {
	best := make([]int, 0, len(judged))
	for _, grade := range judged {
		best = append(best, grade)
	}
	slices.SortFunc(best, func(a, b int) int { return b - a })
	ideal := 0.0
	for i, grade := range best[:min(k, len(best))] {
		ideal += gain(grade, i)
	}
	if ideal == 0 {
		return 0
	}
	sum := 0.0
	for i, id := range ranked[:min(k, len(ranked))] {
		sum += gain(judged[id], i)
	}
	return sum / ideal
}

// gain is what a grade counts at a place, from 0.
func gain(grade, place int) float64 { return math.Max(0, float64(grade)) / math.Log2(float64(place)+2) }

// ReciprocalRank is one over the place of the first relevant among the first k ids; 0 when none is there.
func ReciprocalRank(ranked []string, judged Judgements, k int) float64 {
	for i, id := range ranked[:min(k, len(ranked))] {
		if judged[id] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// Recall is the share of the relevant that are among the first k ids; 0 when nothing is relevant.
func Recall(ranked []string, judged Judgements, k int) float64 {
	all := judged.relevant()
	if all == 0 {
		return 0
	}
	found := 0
	for _, id := range ranked[:min(k, len(ranked))] {
		if judged[id] > 0 {
			found++
		}
	}
	return float64(found) / float64(all)
}

// Success is 1 when a relevant id is among the first k, else 0.
func Success(ranked []string, judged Judgements, k int) float64 {
	if ReciprocalRank(ranked, judged, k) > 0 {
		return 1
	}
	return 0
}

// AUC is the chance that a value drawn from high is above one drawn from low, ties counting half: the area under the ROC
// curve, by the rank sum (Mann and Whitney, 1947). 0.5 when either is empty.
func AUC(high, low []float64) float64 {
	if len(high) == 0 || len(low) == 0 {
		return 0.5
	}
	sorted := slices.Sorted(slices.Values(low))
	sum := 0.0
	for _, h := range high {
		below, _ := slices.BinarySearch(sorted, h)
		upto, _ := slices.BinarySearch(sorted, math.Nextafter(h, math.Inf(1)))
		sum += float64(below) + float64(upto-below)/2
	}
	return sum / float64(len(high)) / float64(len(low))
}

// RefusedAt sets the threshold at which the share of high is kept, a value at the threshold being kept, and returns the share
// of low that falls below it, with the threshold. 0, 0 when high is empty.
func RefusedAt(share float64, high, low []float64) (refused, threshold float64) {
	if len(high) == 0 {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(high))
	dropped := int(math.Floor((1 - share) * float64(len(sorted)) * (1 + 1e-12)))
	threshold = sorted[min(dropped, len(sorted)-1)]
	if len(low) == 0 {
		return 0, threshold
	}
	below := 0
	for _, l := range low {
		if l < threshold {
			below++
		}
	}
	return float64(below) / float64(len(low)), threshold
}

// Median returns the middle of some counts, the lower of two; 0 for none.
func Median(counts []int) int {
	if len(counts) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(counts))
	return sorted[(len(sorted)-1)/2]
}

// share is a part of a whole, 0 of nothing.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
