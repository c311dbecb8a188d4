package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapporteur/bot"
	"rapporteur/content"
)

type askCommand struct {
	Question []string `arg:"" optional:"" help:"The question, in any words."`
	JSON     bool     `help:"Read questions as JSON lines {\"id\",\"question\",\"after_question\"} from standard input (or take the one given), and write an answer as a JSON line for each, in order."`
}

// Run answers.
func (a *askCommand) Run(s *session) error {
	question := strings.TrimSpace(strings.Join(a.Question, " "))
	switch {
	case a.JSON && question != "":
		return s.lines(strings.NewReader(quoteLine(question)))
	case a.JSON:
		return s.lines(s.in)
	case question == "":
		return errors.New(`ask: no question; for example: rapporteur ask "who organized the event?"`)
	}
	return s.once(func(c *bot.Conversation) (bot.Reply, error) { return c.Line(s.ctx, question, "") })
}

func quoteLine(question string) string {
	line, _ := json.Marshal(question) // a string always has a JSON form
	return `{"question":` + string(line) + "}\n"
}

// askedLine is a question as it comes in. Other fields are passed over.
type askedLine struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	After    string `json:"after_question"`
}

// answerLine is an answer as it goes out. Other tools are built on this form: fields may be added, never changed.
type answerLine struct {
	ID       string          `json:"id"`
	Verdict  content.Verdict `json:"verdict"`
	Excerpts []excerptLine   `json:"excerpts"`
	Nearest  []excerptLine   `json:"nearest,omitempty"`
	ReadAs   string          `json:"read_as,omitempty"`
	Error    string          `json:"error,omitempty"`
	Elapsed  int64           `json:"elapsed_us"`
}

type excerptLine struct {
	Document string       `json:"document"`
	Passage  string       `json:"passage"`
	Kind     content.Kind `json:"kind"`
	Label    string       `json:"label"`
	Section  []string     `json:"section"`
	Page     string       `json:"page"`
	URL      string       `json:"url"`
	Text     string       `json:"text"`
	Marks    [][2]int     `json:"marks"`
}

// longestLine is how many bytes a line of questions may have.
const longestLine = 1 << 20

// lines answers questions, a JSON line each, in order. A line that can't be read gets an answer with an error in it, and the
// others are still answered.
func (s *session) lines(in interface{ Read([]byte) (int, error) }) error {
	conversation, closeIndex, err := s.open()
	if err != nil {
		return err
	}
	defer closeIndex()
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, longestLine)
	var problems []error
	for n := 1; scanner.Scan(); n++ {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		answer, err := s.line(conversation, scanner.Bytes())
		if err != nil {
			problems = append(problems, fmt.Errorf("line %d: %w", n, err))
		}
		if err := out.Encode(answer); err != nil {
			return fmt.Errorf("write answers: %w", err)
		}
	}
	if err := scanner.Err(); err != nil {
		problems = append(problems, fmt.Errorf("read questions: %w", err))
	}
	return errors.Join(problems...)
}

func (s *session) line(c *bot.Conversation, text []byte) (answerLine, error) {
	var q askedLine
	if err := json.Unmarshal(text, &q); err != nil {
		return failedLine("", `want {"id":"…","question":"…"}`), fmt.Errorf(`want {"id":"…","question":"…"}: %w`, err)
	}
	began := time.Now()
	reply, err := c.Line(s.ctx, q.Question, q.After)
	if err != nil {
		return failedLine(q.ID, "could not be looked up"), err
	}
	return answerLine{
		ID: q.ID, Verdict: reply.Verdict, Excerpts: excerptLines(reply.Excerpts, reply.More),
		Nearest: excerptLines(reply.Nearest), ReadAs: reply.ReadAs, Elapsed: time.Since(began).Microseconds(),
	}, nil
}

func failedLine(id, what string) answerLine {
	return answerLine{ID: id, Verdict: content.None, Excerpts: []excerptLine{}, Error: what}
}

// excerptLines is never nil, so that there is always a list.
func excerptLines(lists ...[]content.Excerpt) []excerptLine {
	lines := []excerptLine{}
	for _, list := range lists {
		for _, e := range list {
			lines = append(lines, asLine(e))
		}
	}
	return lines
}

func asLine(e content.Excerpt) excerptLine {
	c := e.Citation
	line := excerptLine{
		Document: c.Document, Passage: c.Passage, Kind: c.Kind, Label: c.Label, Section: append([]string{}, c.Section...),
		Page: c.Page, URL: c.Link, Text: e.Text, Marks: [][2]int{},
	}
	for _, m := range e.Marks {
		line.Marks = append(line.Marks, [2]int{m.Start, m.End})
	}
	return line
}
