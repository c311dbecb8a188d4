package workspace

import (
	"fmt"
	"strconv"
	"strings"
)

// object is a JSON object in the making.
type object = map[string]any

// id makes an ID that no other has; the lock is held.
func (w *Workspace) id(prefix string) string {
	w.serial++
	return prefix + strings.ToUpper(strconv.FormatInt(int64(w.serial)+36*36*36, 36))
}

// ts makes a timestamp as Slack's messages have them: seconds, a point, six digits; later than every one before. The
// lock is held.
func (w *Workspace) ts() string {
	w.lastTS = max(w.o.Clock.Now().UnixMicro(), w.lastTS+1)
	return fmt.Sprintf("%d.%06d", w.lastTS/1e6, w.lastTS%1e6)
}

// isTS says whether s has the form of a timestamp.
func isTS(s string) bool {
	seconds, rest, ok := strings.Cut(s, ".")
	return ok && digits(seconds) && digits(rest) && len(rest) <= 6
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
