package bot

import (
	"context"
	"strings"

	"rapporteur/content"
)

// Command answers a slash command: "/report" or "/recommendation" with the words that follow it. Its replies are
// private. A command that there isn't gets a reply that says which there are.
func (c *Conversation) Command(ctx context.Context, command, text, after string) (Reply, error) {
	asked := Asked{Command: command, Text: strings.TrimSpace(text), After: after}
	var reply Reply
	var err error
	switch command {
	case reportCommand:
		reply, err = c.report(ctx, asked)
	case recommendationCommand:
		reply, err = c.recommendation(ctx, asked)
	default:
		reply = c.unknown(asked)
	}
	reply.Private = true
	return reply, err
}

func (c *Conversation) report(ctx context.Context, asked Asked) (Reply, error) {
	switch {
	case isHelp(asked.Text):
		return c.help(asked), nil
	case isContents(asked.Text):
		return c.contents(asked), nil
	case isAbout(asked.Text):
		return c.about(asked), nil
	}
	return c.ask(ctx, asked)
}

func (c *Conversation) recommendation(ctx context.Context, asked Asked) (Reply, error) {
	if asked.Text == "" {
		return c.points(asked), nil
	}
	if isHelp(asked.Text) {
		return c.help(asked), nil
	}
	asked, notes := read(asked)
	if reply, ok := c.point(asked); ok {
		return reply, nil
	}
	reply, err := c.pointsAbout(ctx, asked)
	return prefixed(reply, notes), err
}

// pointsAbout finds points by words.
func (c *Conversation) pointsAbout(ctx context.Context, asked Asked) (Reply, error) {
	answer, err := c.Answerer.Answer(ctx, content.Question{Text: asked.Text, After: asked.After, Points: true})
	if err != nil {
		return c.failed(asked), err
	}
	if !answer.Small && (answer.Verdict == content.None || len(answer.Excerpts) == 0) {
		return c.noPointAbout(asked), nil
	}
	return c.answered(asked, answer), nil
}

// noPointAbout says that no point is about the words, and lists those that there are.
func (c *Conversation) noPointAbout(asked Asked) Reply {
	reply := c.points(asked)
	reply.Verdict = content.None
	if len(reply.Rows) > 0 {
		reply.Lead = noPointAbout(c.subject())
	}
	return reply
}

func (c *Conversation) help(asked Asked) Reply {
	return Reply{
		Verdict: content.Answered, Title: helpTitle, Lead: helpLead(c.subject()),
		Rows: helpRows(), Hint: c.askable(), Try: c.tries(), Asked: asked,
	}
}

// Welcome introduces the bot to who is new, with three things to try by a click.
func (c *Conversation) Welcome() Reply {
	return Reply{Verdict: content.Answered, Title: welcomeTitle, Lead: welcome(c.subject()), Try: c.firstTries()}
}

// home is what the bot's own page shows: what it is for, what there is, and how to ask.
func (c *Conversation) home() Reply {
	reply := c.help(Asked{})
	reply.Title, reply.Lead = homeTitle, aboutBot
	reply.Try = c.firstTries()
	return reply
}

func (c *Conversation) unknown(asked Asked) Reply {
	return Reply{Verdict: content.None, Lead: unknownCommand, Rows: helpRows(), Asked: asked}
}

// isHelp reports whether nothing is asked, or for help.
func isHelp(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "help", "?", "/help":
		return true
	}
	return false
}

func isContents(text string) bool { return strings.EqualFold(text, "contents") }

func isAbout(text string) bool { return strings.EqualFold(text, "about") }
