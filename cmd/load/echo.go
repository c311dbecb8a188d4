package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// runEcho is the bot to compare with, as slack-go's examples build one: it answers each mention in its thread.
func runEcho(ctx context.Context, transport string) error {
	client := slack.New(os.Getenv("SLACK_BOT_TOKEN"), slack.OptionAppLevelToken(os.Getenv("SLACK_APP_TOKEN")), slack.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	if transport == "http" {
		server := &http.Server{Addr: os.Getenv("ADDR"), Handler: echoHTTP(client), ReadHeaderTimeout: 10 * time.Second}
		return server.ListenAndServe()
	}
	sm := socketmode.New(client)
	go func() {
		for e := range sm.Events {
			if e.Type != socketmode.EventTypeEventsAPI {
				continue
			}
			_ = sm.Ack(*e.Request)
			if event, ok := e.Data.(slackevents.EventsAPIEvent); ok {
				go echo(ctx, client, event)
			}
		}
	}()
	return sm.RunContext(ctx)
}

func echoHTTP(client *slack.Client) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		verifier, wrong := slack.NewSecretsVerifier(r.Header, os.Getenv("SLACK_SIGNING_SECRET"))
		if err != nil || wrong != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if _, err := verifier.Write(body); err != nil || verifier.Ensure() != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		event, err := slackevents.ParseEvent(json.RawMessage(body), slackevents.OptionNoVerifyToken())
		if err == nil {
			go echo(context.WithoutCancel(r.Context()), client, event)
		}
	})
}

func echo(ctx context.Context, client *slack.Client, event slackevents.EventsAPIEvent) {
	if m, ok := event.InnerEvent.Data.(*slackevents.AppMentionEvent); ok {
		_, _, _ = client.PostMessageContext(ctx, m.Channel, slack.MsgOptionText("echo", false), slack.MsgOptionTS(m.TimeStamp))
	}
}
