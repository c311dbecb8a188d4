//go:build !chaos

package main

// The short form, for every run of the tests; "go test -tags chaos -run Chaos ./cmd/rapporteur" is the long one.
const (
	chaosQuestions = 120
	chaosKills     = 8
)
