//go:build chaos

package main

const (
	chaosQuestions = 1000
	chaosKills     = 50
)
