package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"rapporteur/content"
	"rapporteur/index"
)

// Signaller measures questions for calibration; an index.Index is one.
type Signaller interface {
	Signals(ctx context.Context, q content.Question) (index.Signals, bool, error)
}

// Sample is a measured question and whether it is answered.
type Sample struct {
	Signals  index.Signals
	Answered bool
	Weight   float64
}

// Group is samples of one sort, which count as much together as those of any other group.
type Group struct {
	Name    string
	Samples []Sample
}

// Measure makes a group of the questions that are searched for; others need no calibration.
func Measure(ctx context.Context, by Signaller, name string, answered bool, questions []content.Question) (Group, error) {
	g := Group{Name: name}
	for _, q := range questions {
		s, ok, err := by.Signals(ctx, q)
		if err != nil {
			return g, fmt.Errorf("question %q: %w", q.Text, err)
		}
		if ok {
			g.Samples = append(g.Samples, Sample{Signals: s, Answered: answered})
		}
	}
	return g, nil
}

// ridge keeps weights small where the samples say little: the strength of the L2 penalty against the mean loss of a sample.
const ridge = 0.0001

// Fit finds the logistic regression that tells answered samples from others (maximum likelihood with an L2 penalty, by
// L-BFGS) and sets its thresholds where they lose least, when an answered question that is refused costs so much and a false claim
// costs 1; for related, which claims nothing, a refusal costs more.
func Fit(groups []Group, cost float64) (index.Calibration, error) {
	samples := balanced(groups)
	if len(samples) == 0 {
		return index.Calibration{}, errors.New("calibrate: no questions that are searched for")
	}
	first := make([]float64, len(index.Signals{}.Values())+1)
	problem := optimize.Problem{
		Func: func(b []float64) float64 { return loss(b, samples) },
		Grad: func(gradient, b []float64) { slope(gradient, b, samples) },
	}
	found, err := optimize.Minimize(problem, first, nil, &optimize.LBFGS{})
	if found == nil {
		return index.Calibration{}, fmt.Errorf("calibrate: %w", err)
	}
	for i, w := range found.X {
		found.X[i] = math.Round(w*1000) / 1000
	}
	c := index.Calibration{Bias: found.X[0], Weights: index.SignalsOf(found.X[1:])}
	c.Answered = floor(threshold(c, samples, cost))
	c.Related = min(c.Answered, floor(threshold(c, samples, relatedCost*cost)))
	return c, nil
}

// relatedCost is how much dearer a refusal is than a passage shown as no more than related.
const relatedCost = 4

// floor keeps those that stand just at a threshold.
func floor(v float64) float64 { return math.Floor(v*1000) / 1000 }

// balanced weighs samples so that the answered count as much as the rest, each group by its size to the power of 3/4, so that small ones
// are heard, and each of the rest also by how far it can be told from the answered at all: near misses, which no words tell,
// shall not blur what can be told.
func balanced(groups []Group) []Sample {
	weights, sides := make([]float64, len(groups)), map[bool]float64{}
	for i, g := range groups {
		weights[i] = math.Pow(float64(len(g.Samples)), 0.75)
		if !g.answered() {
			weights[i] *= math.Pow(2*max(0, AUC(coverage(groups, true), g.coverage())-0.5), 2)
		}
		sides[g.answered()] += weights[i]
	}
	var samples []Sample
	for i, g := range groups {
		for _, s := range g.Samples {
			s.Weight = weights[i] / sides[s.Answered] / float64(len(g.Samples))
			samples = append(samples, s)
		}
	}
	return samples
}

func (g Group) answered() bool { return len(g.Samples) > 0 && g.Samples[0].Answered }

func (g Group) coverage() []float64 {
	out := make([]float64, len(g.Samples))
	for i, s := range g.Samples {
		out[i] = s.Signals.Cover
	}
	return out
}

// coverage is that of all groups of one side.
func coverage(groups []Group, answered bool) []float64 {
	var out []float64
	for _, g := range groups {
		if g.answered() == answered {
			out = append(out, g.coverage()...)
		}
	}
	return out
}

// loss is the mean log loss plus the penalty; b is the bias and then the weights.
func loss(b []float64, samples []Sample) float64 {
	sum := 0.0
	for _, s := range samples {
		z := logit(b, s)
		sum += s.Weight * (math.Log1p(math.Exp(-math.Abs(z))) + max(z, 0) - z*float64(one(s.Answered)))
	}
	for _, w := range b[1:] {
		sum += ridge * w * w / 2
	}
	return sum
}

func slope(gradient, b []float64, samples []Sample) {
	clear(gradient)
	for _, s := range samples {
		miss := s.Weight * (1/(1+math.Exp(-logit(b, s))) - float64(one(s.Answered)))
		gradient[0] += miss
		for i, v := range s.Signals.Values() {
			gradient[i+1] += miss * v
		}
	}
	for i, w := range b[1:] {
		gradient[i+1] += ridge * w
	}
}

func logit(b []float64, s Sample) float64 {
	z := b[0]
	for i, v := range s.Signals.Values() {
		z += b[i+1] * v
	}
	return z
}

// threshold is the confidence with the least loss: the weight of the answered below it, times what such a one costs, and that of the
// others from it on.
func threshold(c index.Calibration, samples []Sample, cost float64) float64 {
	slices.SortFunc(samples, func(a, b Sample) int { return cmp.Compare(c.Confidence(a.Signals), c.Confidence(b.Signals)) })
	loss := 0.0
	for _, s := range samples {
		if !s.Answered {
			loss += s.Weight
		}
	}
	least, at := math.Inf(1), 0.0
	for _, s := range samples {
		if loss < least {
			least, at = loss, c.Confidence(s.Signals)
		}
		if s.Answered {
			loss += cost * s.Weight
		} else {
			loss -= s.Weight
		}
	}
	return at
}

// Confidences returns how sure a calibration makes of each sample.
func (g Group) Confidences(c index.Calibration) []float64 {
	out := make([]float64, len(g.Samples))
	for i, s := range g.Samples {
		out[i] = c.Confidence(s.Signals)
	}
	return out
}
