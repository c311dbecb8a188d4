package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"rapporteur/bot/keyring"
)

// TestConfigure checks that all that is wrong is said at once, each with what to do.
func TestConfigure(t *testing.T) {
	for _, test := range []struct {
		name string
		env  map[string]string
		want []string // parts of the error; none for no error
	}{
		{"nothing set", nil, nil},
		{"socket mode", map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, nil},
		{"http", map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "ADDR": ":9"}, nil},
		{"bot token alone", map[string]string{"SLACK_BOT_TOKEN": "xoxb-1"}, []string{"SLACK_APP_TOKEN: missing", "SLACK_SIGNING_SECRET for HTTP"}},
		{"app token alone", map[string]string{"SLACK_APP_TOKEN": "xapp-1"}, []string{"SLACK_BOT_TOKEN: missing"}},
		{"tokens swapped", map[string]string{"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"},
			[]string{"SLACK_BOT_TOKEN: want a token that starts with xoxb-", "SLACK_APP_TOKEN: want a token that starts with xapp-"}},
		{"all at once", map[string]string{"ADDR": "8080", "SLACK_API_URL": "http://example.org/", "CONTENT_DIR": "/no/such/folder"},
			[]string{"ADDR: want host:port", "SLACK_API_URL: want an https address", "CONTENT_DIR: want a folder"}},
		{"several workspaces", map[string]string{"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s", "PUBLIC_URL": "https://bot.example.org/", "SECRET_KEY": keyring.New()}, nil},
		{"client ID alone", map[string]string{"SLACK_CLIENT_ID": "1.2"}, []string{"SLACK_CLIENT_SECRET: missing", "SECRET_KEY: missing", "PUBLIC_URL: missing", "SLACK_SIGNING_SECRET for HTTP"}},
		{"one and several", map[string]string{"SLACK_CLIENT_ID": "1.2", "SLACK_BOT_TOKEN": "xoxb-1"}, []string{"SLACK_BOT_TOKEN: not used"}},
		{"odd values", map[string]string{"PUBLIC_URL": "https://bot.example.org/path", "TLS": "yes", "SECRET_KEY": "hunter2", "SETTINGS_USERS": "ada", "QUESTION_LOG_DAYS": "-1"},
			[]string{"PUBLIC_URL: want an address without a path", "TLS: want auto", "SECRET_KEY: key 1: want 32 bytes", "SETTINGS_USERS: want user IDs", "QUESTION_LOG_DAYS: want a number"}},
		{"TLS for nobody", map[string]string{"TLS": "auto"}, []string{"PUBLIC_URL: missing"}},
		{"loopback may be http", map[string]string{"SLACK_API_URL": "http://127.0.0.1:1/api"}, nil},
	} {
		_, err := configure(func(name string) string { return test.env[name] })
		if (err != nil) != (test.want != nil) {
			t.Errorf("%s: error %v", test.name, err)
			continue
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: error %q, want %q in it", test.name, err, part)
			}
		}
	}
}

// TestExampleListsAllSettings holds .env.example against the settings that are read.
func TestExampleListsAllSettings(t *testing.T) {
	text, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range regexp.MustCompile(`(?m)^([A-Z_]+)=`).FindAllStringSubmatch(string(text), -1) {
		listed = append(listed, m[1])
	}
	var read []string
	for _, s := range (&config{}).settings() {
		read = append(read, s.name)
	}
	if got, want := strings.Join(listed, " "), strings.Join(read, " "); got != want {
		t.Errorf(".env.example lists %s; want %s", got, want)
	}
}

func TestEnvironmentWinsOverFile(t *testing.T) {
	file := t.TempDir() + "/.env"
	if err := os.WriteFile(file, []byte("ADDR=:1\nDATA_DIR=kept\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	getenv, err := environment(func(name string) string { return map[string]string{"ADDR": ":2"}[name] }, file)
	if err != nil {
		t.Fatal(err)
	}
	if got := getenv("ADDR") + " " + getenv("DATA_DIR"); got != ":2 kept" {
		t.Errorf("environment with file = %q; want %q", got, ":2 kept")
	}
}
