package workspace

import (
	"fmt"
	"slices"
	"strings"
)

// Person is someone who reads and writes in the workspace. The bot is not one of them.
type Person struct {
	ID       string // such as "U0ADA"
	Name     string // such as "ada"
	RealName string
}

// Channel is a place where messages stand: a public or private channel, or a direct message with the bot.
type Channel struct {
	ID      string   // begins with C, G (private) or D (direct message)
	Name    string   // empty for a direct message
	Private bool     // a private channel
	IM      string   // of a direct message, the person's ID; empty otherwise
	Members []string // IDs of people, and the bot's user ID where it was invited
}

func (c *Channel) has(user string) bool { return slices.Contains(c.Members, user) }

// kind is Slack's channel_type.
func (c *Channel) kind() string {
	switch {
	case c.IM != "":
		return "im"
	case c.Private:
		return "group"
	}
	return "channel"
}

// shown is the name that interactions and commands carry.
func (c *Channel) shown() string {
	switch {
	case c.IM != "":
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}

// settle brings the people and channels of the options in, and a direct message with the bot for each person.
func (w *Workspace) settle() {
	for _, c := range w.o.Channels {
		c.Members = slices.Clone(c.Members)
		w.channels = append(w.channels, &c)
	}
	for _, p := range w.o.People {
		w.people = append(w.people, &p)
		dm := "D" + strings.TrimLeft(p.ID, "UW")
		w.channels = append(w.channels, &Channel{ID: dm, IM: p.ID, Members: []string{p.ID, w.o.BotUser}})
	}
}

// channel finds a channel by its ID or its name, with or without #; nil when there is none. The lock is held.
func (w *Workspace) channel(name string) *Channel {
	for _, c := range w.channels {
		if c.ID == name || c.Name != "" && c.Name == strings.TrimPrefix(name, "#") {
			return c
		}
	}
	return nil
}

// person finds a person by ID or name; nil when there is none. The lock is held.
func (w *Workspace) person(name string) *Person {
	for _, p := range w.people {
		if p.ID == name || p.Name == strings.TrimPrefix(name, "@") {
			return p
		}
	}
	return nil
}

// directMessage finds a person's direct message with the bot; nil when there is none. The lock is held.
func (w *Workspace) directMessage(user string) *Channel {
	for _, c := range w.channels {
		if c.IM != "" && c.IM == user {
			return c
		}
	}
	return nil
}

// place finds where someone acts, and who. The lock is held.
func (w *Workspace) place(channel, user string) (*Channel, *Person, error) {
	c, p := w.channel(channel), w.person(user)
	switch {
	case c == nil:
		return nil, nil, fmt.Errorf("no channel %q in the workspace", channel)
	case p == nil:
		return nil, nil, fmt.Errorf("nobody called %q in the workspace", user)
	case !c.has(p.ID):
		return nil, nil, fmt.Errorf("%s is not in channel %s", p.ID, c.ID)
	}
	return c, p, nil
}

// People returns the people, in the order of the options.
func (w *Workspace) People() []Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	var people []Person
	for _, p := range w.people {
		people = append(people, *p)
	}
	return people
}

// Channels returns the channels in the order of the options, then each person's direct message with the bot.
func (w *Workspace) Channels() []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	var channels []Channel
	for _, c := range w.channels {
		copied := *c
		copied.Members = slices.Clone(c.Members)
		channels = append(channels, copied)
	}
	return channels
}

// DirectMessage returns the ID of the person's direct message with the bot, or "" when there is no such person. The
// person is given by ID or name.
func (w *Workspace) DirectMessage(user string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.person(user); p != nil {
		return w.directMessage(p.ID).ID
	}
	return ""
}

// Mention is the bot's mention as it stands in a message's text.
func (w *Workspace) Mention() string { return "<@" + w.o.BotUser + ">" }
