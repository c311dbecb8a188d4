package workspace

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Options says what sort of workspace to open. The zero value is a small team with two people, two channels and a bot
// that was given the least that it needs.
type Options struct {
	Addr  string // where to listen; "127.0.0.1:0" when empty
	Clock Clock  // the machine's when nil

	BotToken      string // "xoxb-…"; made at random when empty
	AppToken      string // "xapp-…"; made at random when empty
	SigningSecret string // made at random when empty

	ClientID     string   // of the app, for its installation by OAuth; none can be installed so when empty
	ClientSecret string   // made at random when empty
	Redirects    []string // where the authorization page may send the browser back to
	Rotation     bool     // tokens expire after twelve hours, and come with a refresh token
	PKCE         bool     // code_challenge is taken

	Team    string // team ID; "T0LOCAL" when empty
	Domain  string // team domain; "local" when empty
	App     string // app ID; "A0RAPPORTEUR" when empty
	BotUser string // the bot's user ID, the one that people mention; "U0BOT" when empty
	BotID   string // the bot's bot ID; "B0BOT" when empty
	BotName string // "rapporteur" when empty

	Scopes   []string  // granted to the bot token; when nil: app_mentions:read, chat:write, commands, im:history
	Events   []string  // subscribed to; when nil: app_mention, message.im, app_home_opened
	Commands []Command // slash commands that the app registered; /report and /recommendation when nil
	People   []Person  // Ada and Grace when nil
	Channels []Channel // general, where the bot is a member, and random, where it is not, when nil

	Rate        Rate            // how often chat.postMessage may be called in one channel
	AckDeadline time.Duration   // three seconds when zero
	Retries     []time.Duration // waits before an event is sent again; at once, a minute, five minutes when nil
	PingEvery   time.Duration   // by the machine's clock; ten seconds when zero
	Endpoints   Endpoints       // where to deliver over HTTP; Socket Mode for what has none
}

// Endpoints are the request URLs of an app that does not use Socket Mode. An empty one means Socket Mode.
type Endpoints struct{ Events, Commands, Interactions string }

// Rate is one call per Every in each channel, with Burst calls at first. Slack gives one a second and allows short bursts
// of a length that it does not tell ([docs] apis/web-api/rate-limits); the zero value is one a second and three at first.
type Rate struct {
	Every time.Duration
	Burst int
	Off   bool // no limit at all
}

// Where a rule of delivery comes from: three seconds is bolt's and python-slack-sdk#790's, the three retries are
// vercel/chat#666's.
const ackDeadline = 3 * time.Second

func (o Options) filled() (Options, error) {
	o.Addr = or(o.Addr, "127.0.0.1:0")
	o.Team, o.Domain = or(o.Team, "T0LOCAL"), or(o.Domain, "local")
	o.App, o.BotUser, o.BotID = or(o.App, "A0RAPPORTEUR"), or(o.BotUser, "U0BOT"), or(o.BotID, "B0BOT")
	o.BotName = or(o.BotName, "rapporteur")
	o.BotToken, o.AppToken = or(o.BotToken, "xoxb-"+secret()), or(o.AppToken, "xapp-1-"+secret())
	o.SigningSecret, o.ClientSecret = or(o.SigningSecret, secret()), or(o.ClientSecret, secret())
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.Rate.Every == 0 {
		o.Rate.Every = time.Second
	}
	if o.Rate.Burst == 0 {
		o.Rate.Burst = 3
	}
	return o.filledLists().checked()
}

func (o Options) filledLists() Options {
	if o.AckDeadline == 0 {
		o.AckDeadline = ackDeadline
	}
	if o.PingEvery == 0 {
		o.PingEvery = 10 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.Scopes == nil {
		o.Scopes = []string{"app_mentions:read", "chat:write", "commands", "im:history"}
	}
	if o.Events == nil {
		o.Events = []string{"app_mention", "message.im", "app_home_opened"}
	}
	if o.Commands == nil {
		o.Commands = []Command{{Name: "/report"}, {Name: "/recommendation"}}
	}
	if o.People == nil {
		o.People = []Person{{ID: "U0ADA", Name: "ada", RealName: "Ada"}, {ID: "U0GRACE", Name: "grace", RealName: "Grace"}}
	}
	if o.Channels == nil {
		o.Channels = []Channel{
			{ID: "C0GENERAL", Name: "general", Members: o.everyone(true)},
			{ID: "C0RANDOM", Name: "random", Members: o.everyone(false)},
		}
	}
	return o
}

func (o Options) everyone(bot bool) []string {
	var ids []string
	for _, p := range o.People {
		ids = append(ids, p.ID)
	}
	if bot {
		ids = append(ids, o.BotUser)
	}
	return ids
}

func (o Options) checked() (Options, error) {
	seen := []string{o.BotUser}
	for _, p := range o.People {
		seen = append(seen, p.ID)
	}
	for _, c := range o.Channels {
		seen = append(seen, c.ID)
	}
	slices.Sort(seen)
	for i := 1; i < len(seen); i++ {
		if seen[i] == seen[i-1] {
			return o, fmt.Errorf("open workspace: ID %q is given twice", seen[i])
		}
	}
	if slices.Contains(seen, "") {
		return o, fmt.Errorf("open workspace: a person or a channel has no ID")
	}
	if !strings.HasPrefix(o.BotToken, "xoxb-") || !strings.HasPrefix(o.AppToken, "xapp-") {
		return o, fmt.Errorf("open workspace: want a bot token with xoxb- and an app token with xapp- in front")
	}
	return o, nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func secret() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails, says its documentation
	return hex.EncodeToString(b)
}
