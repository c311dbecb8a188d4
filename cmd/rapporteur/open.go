package main

import (
	"fmt"
	"io/fs"
	"os"

	"rapporteur/bot"
	"rapporteur/content"
	"rapporteur/content/report"
	"rapporteur/index"
)

// settings reads the environment and the file .env of the working folder.
func (s *session) settings() (config, error) {
	getenv, err := environment(s.getenv, ".env")
	if err != nil {
		return config{}, err
	}
	return configure(getenv)
}

// open reads the content, indexes it and opens the conversation. The function returned releases the index.
func (s *session) open() (*bot.Conversation, func() error, error) {
	c, err := s.settings()
	if err != nil {
		return nil, nil, err
	}
	return s.openWith(c)
}

func (s *session) openWith(c config) (*bot.Conversation, func() error, error) {
	corpus, err := content.Open(reports(c.contentDir))
	if err != nil {
		return nil, nil, fmt.Errorf("read reports: %w", err)
	}
	x, err := index.Open(s.ctx, corpus, c.dataDir)
	if err != nil {
		return nil, nil, fmt.Errorf("index reports: %w", err)
	}
	return &bot.Conversation{Corpus: corpus, Answerer: x}, x.Close, nil
}

// reports returns the folder of reports: the one given, or the embedded one.
func reports(dir string) fs.FS {
	if dir == "" {
		return report.FS()
	}
	return os.DirFS(dir)
}
