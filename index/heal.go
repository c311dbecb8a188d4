package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rapporteur/content"
)

// errPanic says that bleve panicked, which it does over files that change under it.
var errPanic = errors.New("the index broke")

// safely turns a panic of bleve's into an error.
func safely[T any](do func() (T, error)) (got T, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %v", errPanic, cause)
		}
	}()
	return do()
}

// answerSafely searches, and where the index breaks over it, builds it anew and searches once more.
func (x *Index) answerSafely(ctx context.Context, q content.Question) (content.Answer, error) {
	broken := x.engine.Load()
	search := func() (content.Answer, error) {
		a, _, err := x.search(ctx, q)
		return a, err
	}
	a, err := safely(search)
	if !errors.Is(err, errPanic) {
		return a, err
	}
	if err := x.heal(ctx, broken); err != nil {
		return content.Answer{}, err
	}
	return safely(search)
}

// heal builds the index anew, unless that was done since. The broken one is left open: others may be reading it.
func (x *Index) heal(ctx context.Context, broken *engine) error {
	x.healing.Lock()
	defer x.healing.Unlock()
	if x.engine.Load() != broken {
		return nil
	}
	if x.dir != "" {
		if err := os.RemoveAll(filepath.Join(x.dir, "index-"+x.hash())); err != nil {
			return fmt.Errorf("clear away the broken index: %w", err)
		}
	}
	e, err := x.store(ctx, x.dir)
	if err != nil { // such as a full disk: what is in memory serves as well
		e, err = x.inMemory(ctx)
	}
	if err != nil {
		return fmt.Errorf("build the index anew: %w", err)
	}
	x.engine.Store(e)
	x.analyzed.Purge()
	return nil
}
