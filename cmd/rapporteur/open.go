package main

import (
	"fmt"
	"io/fs"
	"os"

	"rapporteur/bot"
	"rapporteur/content"
	"rapporteur/content/report"
	"rapporteur/index"
	"rapporteur/index/eval"
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
	corpus, x, err := s.index(c)
	if err != nil {
		return nil, nil, err
	}
	return &bot.Conversation{Corpus: corpus, Answerer: x}, x.Close, nil
}

// openIndex indexes the reports of a folder, or of the settings when none is named.
func (s *session) openIndex(dir string) (*index.Index, error) {
	c, err := s.settings()
	if err != nil {
		return nil, err
	}
	if dir != "" {
		c.contentDir = dir
	}
	_, x, err := s.index(c)
	return x, err
}

// index reads the content and indexes it.
func (s *session) index(c config) (*content.Corpus, *index.Index, error) {
	corpus, err := content.Open(reports(c.contentDir))
	if err != nil {
		return nil, nil, fmt.Errorf("read reports: %w", err)
	}
	x, err := s.search(corpus, c)
	return corpus, x, err
}

// search indexes a corpus, with the calibration that the settings name.
func (s *session) search(corpus *content.Corpus, c config) (*index.Index, error) {
	x, err := index.Open(s.ctx, corpus, c.dataDir)
	if err != nil {
		return nil, fmt.Errorf("index reports: %w", err)
	}
	if c.calibration == "" {
		return x, nil
	}
	calibration, err := readCalibration(c.calibration)
	if err != nil {
		x.Close()
		return nil, err
	}
	x.Calibrate(calibration)
	return x, nil
}

// openCollection reads a collection and indexes it.
func (s *session) openCollection(dir string) (*eval.Collection, *index.Index, error) {
	c, err := eval.ReadCollection(os.DirFS(dir))
	if err != nil {
		return nil, nil, err
	}
	x, err := s.collection(c)
	return c, x, err
}

// collection indexes a collection, in memory.
func (s *session) collection(c *eval.Collection) (*index.Index, error) {
	settings, err := s.settings()
	if err != nil {
		return nil, err
	}
	settings.dataDir = ""
	return s.search(c.Corpus(), settings)
}

func readCalibration(name string) (index.Calibration, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return index.Calibration{}, fmt.Errorf("CALIBRATION: %w", err)
	}
	c, err := index.ReadCalibration(text)
	if err != nil {
		return c, fmt.Errorf("CALIBRATION %s: %w", name, err)
	}
	return c, nil
}

// reports returns the folder of reports: the one given, or the embedded one.
func reports(dir string) fs.FS {
	if dir == "" {
		return report.FS()
	}
	return os.DirFS(dir)
}
