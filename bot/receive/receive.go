// Package receive takes in what Slack delivers, over Socket Mode or HTTP: it verifies, keeps, acknowledges, and hands
// over. What to say is not decided here, and a payload is not read beyond what acknowledging it takes.
package receive

import "encoding/json"

// Kind says what was delivered.
type Kind string

// The three kinds, named as Socket Mode names the types of its envelopes.
const (
	Event       Kind = "events_api"
	Command     Kind = "slash_commands"
	Interaction Kind = "interactive"
)

// Delivery is one thing that Slack delivered, already verified and acknowledged, or about to be.
type Delivery struct {
	Kind    Kind
	Payload json.RawMessage // the object as Slack sent it; over HTTP, a command's form is turned into the same object
	Retry   int             // which repetition this is, 0 for the first delivery
}
