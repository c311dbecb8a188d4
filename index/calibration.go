package index

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
)

// Calibration turns signals into a confidence, and a confidence into a verdict: a logistic regression and two thresholds.
type Calibration struct {
	Bias     float64 `json:"bias"`
	Weights  Signals `json:"weights"`  // what each signal counts
	Answered float64 `json:"answered"` // confidence from which a question counts as answered
	Related  float64 `json:"related"`  // confidence from which the passages count as on the subject
}

// calibrationJSON was made by "rapporteur eval calibrate" from the development sets; the README has the command.
//
//go:embed calibration.json
var calibrationJSON []byte

// DefaultCalibration is what an index uses unless it is given another.
func DefaultCalibration() (Calibration, error) { return ReadCalibration(calibrationJSON) }

// ReadCalibration reads the JSON form of a calibration.
func ReadCalibration(data []byte) (Calibration, error) {
	var c Calibration
	fields := json.NewDecoder(bytes.NewReader(data))
	fields.DisallowUnknownFields() // those of a calibration for other signals
	if err := fields.Decode(&c); err != nil {
		return c, fmt.Errorf("read calibration: %w; make it anew with rapporteur eval calibrate", err)
	}
	if c.Related <= 0 || c.Answered < c.Related || c.Answered >= 1 {
		return c, fmt.Errorf("read calibration: want 0 < related <= answered < 1, got %v and %v", c.Related, c.Answered)
	}
	return c, nil
}

// Calibrate gives the index a calibration of its own. No question may be under way.
func (x *Index) Calibrate(c Calibration) { x.calibration = c }

// Confidence is the chance, from 0 to 1, that a question with such signals is answered.
func (c Calibration) Confidence(s Signals) float64 {
	sum, weights := c.Bias, c.Weights.Values()
	for i, v := range s.Values() {
		sum += weights[i] * v
	}
	return 1 / (1 + math.Exp(-sum))
}
