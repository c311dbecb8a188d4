package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/joho/godotenv"
)

// config is what the environment says.
type config struct {
	botToken, appToken, signingSecret string
	address                           string // where to listen for HTTP deliveries and /healthz; with Socket Mode, "" for nowhere
	apiURL                            string // of Slack's Web API; ends in a slash
	contentDir, dataDir, calibration  string
	databaseURL                       string // of PostgreSQL; "" for SQLite in dataDir
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
	if c.address == "" && c.appToken == "" {
		c.address = ":8080"
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
		{"CALIBRATION", &c.calibration, anything},
	}
}

// inSlack reports whether any Slack token is set, so that a Slack bot is meant.
func (c *config) inSlack() bool { return c.botToken != "" || c.appToken != "" || c.signingSecret != "" }

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
	if c.inSlack() && c.botToken == "" {
		problems = append(problems, errors.New("SLACK_BOT_TOKEN: missing; copy it from api.slack.com/apps, your app, OAuth & Permissions"))
	}
	if c.botToken != "" && c.appToken == "" && c.signingSecret == "" {
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
