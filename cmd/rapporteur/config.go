package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/joho/godotenv"

	"rapporteur/bot/keyring"
)

// config is what the environment says.
type config struct {
	botToken, appToken, signingSecret string
	address                           string // where to listen for HTTP deliveries and /healthz; with Socket Mode, "" for nowhere
	apiURL                            string // of Slack's Web API; ends in a slash
	contentDir, dataDir, calibration  string
	databaseURL                       string // of PostgreSQL; "" for SQLite in dataDir

	publicURL              string // where Slack and browsers reach the bot, without a slash at its end
	tls                    string // "auto" for certificates of our own
	certificates           string // where they come from, an ACME directory; "" for Let's Encrypt
	clientID, clientSecret string // of the app, for its installation by OAuth
	pkce                   string // "on"
	secretKey              string // for package keyring

	editors      string // user IDs, separated by commas
	questionDays string // for how long questions may be kept; a number
}

// setting is one variable of the environment.
type setting struct {
	name  string
	into  *string
	check func(string) string // what is wrong with a value, and what to do; "" for nothing
}

// configure reads the settings, and reports all that is malformed or missing at once.
func configure(getenv func(string) string) (config, error) {
	c := config{apiURL: "https://slack.com/api/", dataDir: "data"}
	var problems []error
	for _, s := range c.settings() {
		value := strings.TrimSpace(getenv(s.name))
		if value == "" {
			continue
		}
		*s.into = value
		if wrong := s.check(value); wrong != "" {
			problems = append(problems, fmt.Errorf("%s: %s", s.name, wrong))
		}
	}
	problems = append(problems, c.missing()...)
	c.publicURL = strings.TrimRight(c.publicURL, "/")
	if c.address == "" && (c.appToken == "" || c.installable() || c.tls != "") {
		c.address = map[string]string{"": ":8080", "auto": ":443"}[c.tls]
	}
	if !strings.HasSuffix(c.apiURL, "/") {
		c.apiURL += "/"
	}
	return c, errors.Join(problems...)
}

// settings lists all variables. A test holds the list against .env.example.
func (c *config) settings() []setting {
	anything := func(string) string { return "" }
	return []setting{
		{"SLACK_BOT_TOKEN", &c.botToken, prefix("xoxb-", "api.slack.com/apps, your app, OAuth & Permissions, Bot User OAuth Token")},
		{"SLACK_APP_TOKEN", &c.appToken, prefix("xapp-", "api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope connections:write")},
		{"SLACK_SIGNING_SECRET", &c.signingSecret, anything},
		{"ADDR", &c.address, listenable},
		{"SLACK_API_URL", &c.apiURL, reachable},
		{"CONTENT_DIR", &c.contentDir, folder},
		{"DATA_DIR", &c.dataDir, anything},
		{"DATABASE_URL", &c.databaseURL, database},
		{"SLACK_CLIENT_ID", &c.clientID, anything},
		{"SLACK_CLIENT_SECRET", &c.clientSecret, anything},
		{"SLACK_PKCE", &c.pkce, oneOf("on")},
		{"SECRET_KEY", &c.secretKey, keyringed},
		{"PUBLIC_URL", &c.publicURL, public},
		{"TLS", &c.tls, oneOf("auto")},
		{"ACME_DIRECTORY", &c.certificates, reachable},
		{"SETTINGS_USERS", &c.editors, people},
		{"QUESTION_LOG_DAYS", &c.questionDays, days},
		{"CALIBRATION", &c.calibration, anything},
	}
}

// inSlack reports whether any Slack token is set, so that a Slack bot is meant.
func (c *config) inSlack() bool {
	return c.botToken != "" || c.appToken != "" || c.signingSecret != "" || c.installable()
}

// installable reports whether workspaces install the bot by OAuth, so that it may be in several.
func (c *config) installable() bool { return c.clientID != "" }

// editorIDs are the people who may change settings in every workspace.
func (c *config) editorIDs() []string {
	return strings.FieldsFunc(c.editors, func(r rune) bool { return r == ',' || r == ' ' })
}

// keepDays is for how long questions may be kept; 0 for not at all.
func (c *config) keepDays() int {
	n, _ := strconv.Atoi(c.questionDays) // checked when it was read
	return n
}

// replyHosts are where response URLs lead: Slack's hosts for them, and that of the Web API where it isn't Slack's.
func (c *config) replyHosts() []string {
	hosts := []string{"hooks.slack.com", "hooks.slack-gov.com"}
	if u, err := url.Parse(c.apiURL); err == nil {
		hosts = append(hosts, u.Host)
	}
	return hosts
}

// missing says which tokens are not there that the others need.
func (c *config) missing() []error {
	var problems []error
	want := func(needed bool, problem string) {
		if needed {
			problems = append(problems, errors.New(problem))
		}
	}
	want(c.inSlack() && c.botToken == "" && !c.installable(), "SLACK_BOT_TOKEN: missing; copy it from api.slack.com/apps, your app, OAuth & Permissions")
	want(c.installable() && c.botToken != "", "SLACK_BOT_TOKEN: not used where workspaces install the bot (SLACK_CLIENT_ID is set); remove one of the two")
	want(c.installable() && c.clientSecret == "", "SLACK_CLIENT_SECRET: missing; copy it from api.slack.com/apps, your app, Basic Information")
	want(c.installable() && c.secretKey == "", "SECRET_KEY: missing; tokens are sealed with it. Make one with \"rapporteur key\", and keep it where the database is not")
	want(c.installable() && c.publicURL == "", "PUBLIC_URL: missing; workspaces install the bot there, at /slack/install")
	want(c.tls != "" && c.publicURL == "", "PUBLIC_URL: missing; TLS=auto asks for a certificate for its host")
	if c.inSlack() && c.appToken == "" && c.signingSecret == "" {
		problems = append(problems, errors.New("SLACK_APP_TOKEN: missing; set it for Socket Mode (Basic Information, App-Level Tokens), or SLACK_SIGNING_SECRET for HTTP"))
	}
	return problems
}

func prefix(start, where string) func(string) string {
	return func(value string) string {
		if strings.HasPrefix(value, start) {
			return ""
		}
		return "want a token that starts with " + start + " (" + where + ")"
	}
}

func listenable(value string) string {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Sprintf("want host:port or :port, such as :8080, not %q", value)
	}
	return ""
}

// reachable wants https, so that tokens don't travel in the open; on loopback, where the tests' Slack is, http will do.
func reachable(value string) string {
	u, err := url.Parse(value)
	if err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())) {
		return ""
	}
	return fmt.Sprintf("want an https address such as https://slack-gov.com/api/, not %q", value)
}

// public wants what browsers may be sent to.
func public(value string) string {
	u, err := url.Parse(value)
	if err != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "want an address without a path, such as https://bot.example.org"
	}
	return reachable(value)
}

func oneOf(word string) func(string) string {
	return func(value string) string {
		if value == word {
			return ""
		}
		return fmt.Sprintf("want %s or nothing, not %q", word, value)
	}
}

// keyringed does not repeat the value: it is a secret.
func keyringed(value string) string {
	if _, err := keyring.Parse(value); err != nil {
		return err.Error()
	}
	return ""
}

var userIDs = regexp.MustCompile(`^[UW][A-Z0-9]+([ ,]+[UW][A-Z0-9]+)*$`)

func people(value string) string {
	if userIDs.MatchString(value) {
		return ""
	}
	return fmt.Sprintf("want user IDs such as U012AB3CD,U045EF6GH (in Slack: the person's profile, Copy member ID), not %q", value)
}

func days(value string) string {
	if n, err := strconv.Atoi(value); err == nil && n >= 0 && n <= 3650 {
		return ""
	}
	return fmt.Sprintf("want a number of days from 0 to 3650, not %q", value)
}

// database does not repeat the value: it may hold a password.
func database(value string) string {
	if u, err := url.Parse(value); err == nil && u.Host != "" && (u.Scheme == "postgres" || u.Scheme == "postgresql") {
		return ""
	}
	return "want the address of a PostgreSQL database, such as postgres://user:password@host/name"
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func folder(value string) string {
	info, err := os.Stat(value)
	if err != nil || !info.IsDir() {
		return fmt.Sprintf("want a folder with reports in Markdown; %q is none", value)
	}
	return ""
}

// environment adds the variables of a file to those of the process, which win. A file that isn't there adds nothing.
func environment(getenv func(string) string, file string) (func(string) string, error) {
	values, err := godotenv.Read(file)
	if errors.Is(err, fs.ErrNotExist) {
		return getenv, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w; each line is NAME=value", file, err)
	}
	return func(name string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return values[name]
	}, nil
}
