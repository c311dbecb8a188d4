package workspace

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// bodyMost bounds a request's body; Slack's own bound is not known.
const bodyMost = 4 << 20

// args are a call's arguments, whichever way they came.
type args struct {
	token  string
	values map[string]json.RawMessage
}

// readArgs reads JSON, a form, or a query, and the token from the header or the arguments. Its errors are [ref]'s.
func readArgs(rw http.ResponseWriter, r *http.Request) (args, error) {
	a := args{values: map[string]json.RawMessage{}}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(rw, r.Body, bodyMost)
	var err error
	switch kind {
	case "application/json":
		err = a.readJSON(r)
	case "multipart/form-data":
		err = r.ParseMultipartForm(bodyMost)
		a.readForm(r.Form)
	case "application/x-www-form-urlencoded", "":
		err = r.ParseForm()
		a.readForm(r.Form)
	default:
		return a, refusal{code: "invalid_post_type"}
	}
	if err != nil {
		return a, asFormError(err)
	}
	a.token = a.str("token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		a.token = strings.TrimSpace(bearer)
	}
	delete(a.values, "token")
	return a, nil
}

func asFormError(err error) error {
	if _, ok := err.(refusal); ok {
		return err
	}
	return refusal{code: "invalid_form_data"}
}

func (a args) readJSON(r *http.Request) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return refusal{code: "request_timeout"}
	}
	if len(raw) == 0 {
		return nil
	}
	var values map[string]json.RawMessage
	if json.Unmarshal(raw, &values) != nil {
		return refusal{code: "invalid_json"}
	}
	for key, value := range values {
		a.values[key] = value
	}
	return nil
}

func (a args) readForm(form url.Values) {
	for key, values := range form {
		raw, _ := json.Marshal(values[0]) // a string always marshals
		a.values[key] = raw
	}
}

// str is an argument as text: a string's content, or whatever else stands there as it is; "" when it is absent or null.
func (a args) str(key string) string {
	raw := a.values[key]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// flag is an argument as a boolean; forms write it "true" or "1".
func (a args) flag(key string) bool {
	s := a.str(key)
	return s == "true" || s == "1"
}

// raw is an argument that is JSON itself, either as it is or written into a string; nil when it is absent, null or empty.
func (a args) raw(key string) json.RawMessage {
	s := strings.TrimSpace(a.str(key))
	if s == "" || s == "null" {
		return nil
	}
	return json.RawMessage(s)
}

func (a args) has(key string) bool {
	_, ok := a.values[key]
	return ok
}

// body is what the arguments want a message to say.
func (a args) body() body {
	return body{
		text: a.str("text"), blocks: a.raw("blocks"), sent: a.raw("blocks"),
		attachments: a.raw("attachments"), metadata: a.raw("metadata"),
	}
}

// unmarshalList reads a JSON array, or in a form words that are joined by commas.
func unmarshalList[T any](raw json.RawMessage, into *[]T) error {
	err := json.Unmarshal(raw, into)
	if words, ok := any(into).(*[]string); ok && err != nil {
		*words = strings.Split(string(raw), ",")
		return nil
	}
	return err
}
