package receive

import (
	"bytes"
	"encoding/json"
)

// envelope is one message of Socket Mode, as far as it could be read: a field that is missing or has the wrong type is
// left zero.
type envelope struct {
	kind        string // its "type"
	id          string // what an acknowledgement names; "" for a message that wants none
	payload     json.RawMessage
	retry       int
	reason      string // of a disconnect
	connections int    // of a hello: how many the app has open now
	lifetime    int    // of a hello: about how long this connection will live, in seconds
}

// parseEnvelope reads any frame. Payloads too deep for the JSON reader and broken JSON still give up their id, so that
// they can be acknowledged.
func parseEnvelope(frame []byte) envelope {
	var raw struct {
		Type, Payload, Reason json.RawMessage
		ID                    json.RawMessage `json:"envelope_id"`
		Retry                 json.RawMessage `json:"retry_attempt"`
		Connections           json.RawMessage `json:"num_connections"`
		Debug                 json.RawMessage `json:"debug_info"`
	}
	if json.Unmarshal(frame, &raw) != nil {
		return salvage(frame)
	}
	return envelope{
		kind:        textOf(raw.Type),
		id:          textOf(raw.ID),
		payload:     raw.Payload,
		retry:       countOf(raw.Retry),
		reason:      textOf(raw.Reason),
		connections: countOf(raw.Connections),
		lifetime:    lifetimeOf(raw.Debug),
	}
}

func lifetimeOf(debug json.RawMessage) int {
	var info struct {
		Seconds json.RawMessage `json:"approximate_connection_time"`
	}
	if json.Unmarshal(debug, &info) != nil {
		return 0
	}
	return countOf(info.Seconds)
}

// salvage walks a frame token by token, which works at any depth and up to where the JSON breaks, and keeps the type and
// the id from its outermost object.
func salvage(frame []byte) envelope {
	dec := json.NewDecoder(bytes.NewReader(frame))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return envelope{}
	}
	var e envelope
	key, depth := "", 1
	for isKey := true; depth > 0; {
		token, err := dec.Token()
		if err != nil {
			break
		}
		depth += step(token)
		text, _ := token.(string)
		switch {
		case depth > 1:
			continue // inside a value, or at its beginning
		case isKey:
			key = text
		default:
			e.keep(key, text)
		}
		isKey = !isKey
	}
	return e
}

// step returns how much deeper a token leads.
func step(token json.Token) int {
	switch token {
	case json.Delim('{'), json.Delim('['):
		return 1
	case json.Delim('}'), json.Delim(']'):
		return -1
	}
	return 0
}

func (e *envelope) keep(key, text string) {
	switch key {
	case "type":
		e.kind = text
	case "envelope_id":
		e.id = text
	}
}

// acknowledgement returns the message that tells Slack that an envelope was taken in.
func acknowledgement(id string) []byte {
	text, _ := json.Marshal(struct { // a string always marshals
		ID string `json:"envelope_id"`
	}{id})
	return text
}
