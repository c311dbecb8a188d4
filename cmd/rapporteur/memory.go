package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// burst is how much memory ten thousand waiting questions and the work on them may take beside twice what the index takes.
const burst = 32 << 20

// boundMemory lets the collector work harder, rather than memory grow, when questions come in faster than they are answered.
// The limit follows what is loaded by now, so that a large collection does not live against it. GOMEMLIMIT wins.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetMemoryLimit(int64(2*m.HeapAlloc) + burst)
}
