package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"rapporteur/bot"
)

const welcome = `Ask a question, or type /report help, /recommendation b, /more, /context 1, or /quit.
`

type chatCommand struct{}

// Run holds the conversation on the terminal.
func (chatCommand) Run(s *session) error {
	conversation, closeIndex, err := s.open()
	if err != nil {
		return err
	}
	defer closeIndex()
	return s.talk(conversation)
}

// chat is the conversation on the terminal.
type chat struct {
	*session
	*pen
	conversation *bot.Conversation
	last         bot.Reply // for /more and /context
	after        string    // the question before
}

// talk holds the conversation until the input ends or the person leaves.
func (s *session) talk(c *bot.Conversation) error {
	next, restore, err := s.prompt()
	if err != nil {
		return err
	}
	defer restore()
	h := &chat{session: s, pen: s.pen(), conversation: c}
	fmt.Fprint(s.out, welcome)
	for s.ctx.Err() == nil {
		line, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read what you typed: %w", err)
		}
		if line = strings.TrimSpace(line); line == "/quit" || line == "/exit" {
			return nil
		}
		if line != "" {
			h.answer(line)
		}
	}
	return nil
}

// answer answers one line.
func (h *chat) answer(line string) {
	command, rest, _ := strings.Cut(line, " ")
	switch command {
	case "/more":
		h.more()
	case "/context":
		h.context(strings.TrimSpace(rest))
	default:
		reply, err := h.conversation.Line(h.ctx, line, h.after)
		if err != nil {
			fmt.Fprintln(h.err, "rapporteur:", err)
		}
		h.draw(reply)
		h.last = reply
		if asked := reply.Asked.Question(); asked != "" {
			h.after = asked
		}
	}
	fmt.Fprintln(h.out)
}

// more draws the excerpts that the last reply kept back.
func (h *chat) more() {
	if len(h.last.More) == 0 {
		fmt.Fprintln(h.out, "There are no more excerpts for the last question.")
		return
	}
	reply := h.last
	reply.From, reply.Excerpts, reply.More = len(reply.Excerpts), reply.More, nil
	reply.Title, reply.Lead, reply.Hint = "", "", ""
	h.draw(reply)
}

// context draws the passages around an excerpt of the last reply.
func (h *chat) context(number string) {
	shown := append(h.last.Excerpts[:len(h.last.Excerpts):len(h.last.Excerpts)], h.last.Nearest...)
	n, err := strconv.Atoi(strings.Trim(number, "[]"))
	if err != nil || n < 1 || n > len(shown) {
		fmt.Fprintln(h.out, "Which excerpt? Give its number, such as /context 1.")
		return
	}
	c := shown[n-1].Citation
	around, ok := h.conversation.Context(bot.Ref{Document: c.Document, Passage: c.Passage})
	if !ok {
		fmt.Fprintln(h.out, "This passage is no longer there.")
		return
	}
	for _, e := range around.Before {
		h.pen.line(h.faint(plain(e.Text)), "    ")
	}
	h.pen.line(h.bold(plain(around.Asked.Text)), "  │ ")
	for _, e := range around.After {
		h.pen.line(h.faint(plain(e.Text)), "    ")
	}
	h.pen.line(plain(bot.Place(around.Asked.Citation)), "  ")
}

// prompt returns what reads the next line: with editing and a history on a terminal, and plainly elsewhere.
func (s *session) prompt() (next func() (string, error), restore func(), err error) {
	in, ok := s.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) || !s.pen().styled {
		scanner := bufio.NewScanner(s.in)
		scanner.Buffer(nil, longestLine)
		return func() (string, error) { return scanned(scanner) }, func() {}, nil
	}
	fd := int(in.Fd())
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{s.in, s.out}, "› ")
	return func() (string, error) {
		state, err := term.MakeRaw(fd)
		if err != nil {
			return "", err
		}
		defer term.Restore(fd, state)
		return screen.ReadLine()
	}, func() {}, nil
}

func scanned(s *bufio.Scanner) (string, error) {
	if s.Scan() {
		return s.Text(), nil
	}
	if err := s.Err(); err != nil {
		return "", err
	}
	return "", io.EOF
}
