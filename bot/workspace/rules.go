package workspace

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// check examines one value and records what Slack would say against it. A path is a JSON pointer.
type check func(v *verdict, path string, value any)

// verdict collects what is wrong with a payload.
type verdict struct {
	faults []string // "must be less than 76 characters [json-pointer:/blocks/0/…]"
}

// refuse records a fault. Wordings that appear in public threads are Slack's: "must be less than … characters",
// "must be more than 0 characters", "no more than … items allowed", "unsupported type", "missing required field",
// "invalid additional property", "already exists", "must define either". The others are ours.
func (v *verdict) refuse(path, format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...)+" [json-pointer:"+path+"]")
}

// messages are the faults as response_metadata carries them.
func (v *verdict) messages() []string {
	var all []string
	for _, f := range v.faults {
		all = append(all, "[ERROR] "+f)
	}
	return all
}

// str wants a string of least to most characters. Slack counts characters, not bytes ([docs] "maximum length … characters";
// slack-go#405); we take a character to be a code point, and count the string as it was sent, so that "&amp;" is
// five. What Slack makes of letters outside the basic plane is not known.
func str(least, most int) check {
	return func(v *verdict, path string, value any) {
		s, ok := value.(string)
		n := utf8.RuneCountInString(s)
		switch {
		case !ok:
			v.refuse(path, "must provide a string")
		case n < least:
			v.refuse(path, "must be more than %d characters", least-1)
		case n > most:
			v.refuse(path, "must be less than %d characters", most+1)
		}
	}
}

// link wants an absolute http, https, mailto or tel URL of at most the given length.
func link(most int) check {
	return func(v *verdict, path string, value any) {
		before := len(v.faults)
		str(1, most)(v, path, value)
		if len(v.faults) > before {
			return
		}
		u, err := url.Parse(value.(string))
		if err != nil || !slices.Contains([]string{"http", "https", "mailto", "tel"}, u.Scheme) || u.Host+u.Opaque == "" {
			v.refuse(path, "invalid url")
		}
	}
}

func boolean(v *verdict, path string, value any) {
	if _, ok := value.(bool); !ok {
		v.refuse(path, "must provide a boolean")
	}
}

// integer wants a whole number from least to most.
func integer(least, most int) check {
	return func(v *verdict, path string, value any) {
		n, ok := value.(float64)
		switch {
		case !ok || n != float64(int(n)):
			v.refuse(path, "must provide an integer")
		case n < float64(least):
			v.refuse(path, "must be at least %d", least)
		case n > float64(most):
			v.refuse(path, "must be at most %d", most)
		}
	}
}

// among wants one of the given words.
func among(words ...string) check {
	return func(v *verdict, path string, value any) {
		if s, ok := value.(string); !ok || !slices.Contains(words, s) {
			v.refuse(path, "must be a valid enum value")
		}
	}
}

// list wants an array of least to most members, and each to pass.
func list(least, most int, each check) check {
	return func(v *verdict, path string, value any) {
		members, ok := value.([]any)
		switch {
		case !ok:
			v.refuse(path, "must provide an array")
			return
		case len(members) < least:
			v.refuse(path, "no less than %d items allowed", least)
		case len(members) > most:
			v.refuse(path, "no more than %d items allowed", most)
		}
		for i, m := range members {
			each(v, fmt.Sprintf("%s/%d", path, i), m)
		}
	}
}

// shape is the keys that an object may have, "type" apart, and what each must be. A key that begins with ! is required.
type shape map[string]check

// check wants an object that has every required key and no unknown one.
func (s shape) check(v *verdict, path string, value any) {
	o, ok := value.(map[string]any)
	if !ok {
		v.refuse(path, "must provide an object")
		return
	}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if _, given := o[strings.TrimPrefix(key, "!")]; key[0] == '!' && !given {
			v.refuse(path, "missing required field: %s", key[1:])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		s.key(v, path, key, o[key])
	}
}

func (s shape) key(v *verdict, path, key string, value any) {
	c := s[key]
	if c == nil {
		c = s["!"+key]
	}
	switch {
	case c != nil:
		c(v, path+"/"+key, value)
	case key != "type":
		v.refuse(path, "invalid additional property: %s", key)
	}
}

// kinds are objects that their type tells apart.
type kinds map[string]check

func (k kinds) check(v *verdict, path string, value any) {
	o, ok := value.(map[string]any)
	if !ok {
		v.refuse(path, "must provide an object")
		return
	}
	name, ok := o["type"].(string)
	switch c := k[name]; {
	case !ok:
		v.refuse(path, "missing required field: type")
	case c == nil:
		v.refuse(path+"/type", "unsupported type: %s", name)
	default:
		c(v, path, value)
	}
}

// only is the named kinds alone.
func (k kinds) only(names ...string) kinds {
	some := kinds{}
	for _, n := range names {
		some[n] = k[n]
	}
	return some
}

// also runs several checks on one value.
func also(checks ...check) check {
	return func(v *verdict, path string, value any) {
		for _, c := range checks {
			c(v, path, value)
		}
	}
}

// unique wants no two members of an array to have the same value under a key.
func unique(key string) check {
	return func(v *verdict, path string, value any) {
		members, _ := value.([]any)
		seen := map[string]bool{}
		for i, m := range members {
			o, _ := m.(map[string]any)
			s, ok := o[key].(string)
			if ok && seen[s] {
				v.refuse(fmt.Sprintf("%s/%d/%s", path, i, key), "`%s` \"%s\" already exists", key, s)
			}
			if ok {
				seen[s] = true
			}
		}
	}
}

// either wants exactly one of two keys (or at least one, when both may be given).
func either(a, b string, both bool) check {
	return func(v *verdict, path string, value any) {
		o, _ := value.(map[string]any)
		_, hasA := o[a]
		_, hasB := o[b]
		if !hasA && !hasB || hasA && hasB && !both {
			v.refuse(path+"/type", "must define either `%s` or `%s`", a, b)
		}
	}
}

// run decodes raw and checks it as the value at path; a payload that is no JSON at all is not ok.
func run(c check, path string, raw json.RawMessage) (v *verdict, ok bool) {
	var value any
	v = &verdict{}
	if json.Unmarshal(raw, &value) != nil {
		return v, false
	}
	c(v, path, value)
	return v, true
}
