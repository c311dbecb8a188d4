package eval

import (
	"context"
	"errors"
	"fmt"
	"math"

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
// L-BFGS) and sets its thresholds: answered keeps at least the share keep of each group of the answered, related half of those
// that it loses.
func Fit(groups []Group, keep float64) (index.Calibration, error) {
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
	c := index.Calibration{Bias: round(found.X[0]), Weights: index.SignalsOf(found.X[1:], round)}
	c.Answered = floor(threshold(c, groups, keep))
	c.Related = floor(threshold(c, groups, 1-(1-keep)/2))
	return c, nil
}

// floor keeps those that stand just at a threshold.
func floor(v float64) float64 { return math.Floor(v*1000) / 1000 }

func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// balanced weighs samples so that the answered count as much as the rest, each group by the root of its size, so that small ones
// are heard, and each of the rest also by how far it can be told from the answered at all: near misses, which no words tell,
// shall not blur what can be told.
func balanced(groups []Group) []Sample {
	weights, sides := make([]float64, len(groups)), map[bool]float64{}
	for i, g := range groups {
		weights[i] = math.Sqrt(float64(len(g.Samples)))
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

// threshold is the confidence that keeps at least a share of each group of the answered.
func threshold(c index.Calibration, groups []Group, keep float64) float64 {
	lowest := 1.0
	for _, g := range groups {
		if !g.answered() {
			continue
		}
		_, at := RefusedAt(keep, g.Confidences(c), nil)
		lowest = min(lowest, at)
	}
	return lowest
}

// Confidences returns how sure a calibration makes of each sample.
func (g Group) Confidences(c index.Calibration) []float64 {
	out := make([]float64, len(g.Samples))
	for i, s := range g.Samples {
		out[i] = c.Confidence(s.Signals)
	}
	return out
}
