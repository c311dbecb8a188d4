package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// MemoryLimit is the size of the passages' text in bytes above which an index is kept on disk. At this size building takes
// 0.9 s and opening what stands on disk 6 ms (BenchmarkOpen, two shared cores): below, a start is quick without a file.
const MemoryLimit = 4 << 20

// schema is part of an index's name: it changes with the fields or the analysis, so that an older index is never met.
const schema = "1"

// batchSize is how many passages go to bleve at a time: enough to make few segments, few enough to stay small.
const batchSize = 2000

// statsKey is where the shelves' figures stand inside a bleve index.
var statsKey = []byte("rapporteur.shelves")

// store builds the bleve index of the passages, or opens the one that was built from the same content before.
func (x *Index) store(ctx context.Context, dir string) (*engine, error) {
	if dir == "" || x.size() <= MemoryLimit {
		return x.inMemory(ctx)
	}
	path := filepath.Join(dir, "index-"+x.hash())
	if e, err := safely(func() (*engine, error) { return x.openStored(path) }); err == nil {
		return e, nil
	}
	if err := x.buildStored(ctx, path); err != nil {
		return nil, err
	}
	return x.openStored(path)
}

// size returns the bytes of all passages' text.
func (x *Index) size() int {
	n := 0
	for _, p := range x.passages {
		n += len(p.Text)
	}
	return n
}

// hash names the content: any change of a word, a heading or a language gives another name.
func (x *Index) hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00", schema)
	for _, p := range x.passages {
		texts := p.texts()
		fmt.Fprintf(h, "%s\x00%s\x00", p.shelf.language, strings.Join(texts[:], "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

func (x *Index) inMemory(ctx context.Context) (*engine, error) {
	// bleve.NewMemOnly would build the older index type; an empty path gives scorch in memory.
	index, err := bleve.NewUsing("", bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("make index: %w", err)
	}
	if err := x.fill(ctx, index); err != nil {
		return nil, joinErrors(err, index.Close())
	}
	return openEngine(index)
}

// openStored opens a finished index, for reading only: other processes may have it open as well.
func (x *Index) openStored(path string) (*engine, error) {
	if err := checkSums(path); err != nil {
		return nil, err
	}
	index, err := bleve.OpenUsing(path, map[string]any{"read_only": true, "bolt_timeout": "2s"})
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	e, err := openEngine(index)
	if err != nil {
		return nil, joinErrors(err, index.Close())
	}
	if err := x.check(e); err != nil {
		return nil, joinErrors(err, e.close())
	}
	return e, nil
}

// check makes sure that an opened index is whole, and takes the shelves' figures from it.
func (x *Index) check(e *engine) error {
	stats, err := e.reader.GetInternal(statsKey)
	if err != nil {
		return fmt.Errorf("read figures: %w", err)
	}
	var kept []figures
	if err := json.Unmarshal(stats, &kept); err != nil {
		return fmt.Errorf("read figures: %w", err)
	}
	n, err := e.reader.DocCount()
	if err != nil || int(n) != len(x.passages) || len(kept) != len(x.shelves) {
		return fmt.Errorf("index holds %d passages, want %d: %w", n, len(x.passages), err)
	}
	for i, s := range x.shelves {
		s.passages, s.average = kept[i].Passages, kept[i].Average
	}
	return nil
}

// buildStored builds aside and puts the finished index in its place by renaming, so that a half-built one is never
// opened.
func (x *Index) buildStored(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make folder for index: %w", err)
	}
	aside, err := os.MkdirTemp(filepath.Dir(path), "building-")
	if err != nil {
		return fmt.Errorf("make folder for index: %w", err)
	}
	defer os.RemoveAll(aside)
	built := filepath.Join(aside, "index")
	index, err := bleve.NewUsing(built, bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return fmt.Errorf("make index: %w", err)
	}
	if err := joinErrors(x.fill(ctx, index), index.Close()); err != nil {
		return err
	}
	if err := writeSums(built); err != nil {
		return err
	}
	return replace(built, path)
}

// replace puts a finished index where another may stand, and clears away those of other content.
func replace(built, path string) error {
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("clear away old index: %w", err)
	}
	if err := os.Rename(built, path); err != nil {
		return fmt.Errorf("put index in place: %w", err)
	}
	others, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "index-*"))
	for _, other := range others {
		if other != path {
			os.RemoveAll(other)
		}
	}
	return nil
}

// figures is what is kept of a shelf beside its postings.
type figures struct {
	Passages int
	Average  [fields]float64
}

// fill indexes all passages and keeps the shelves' figures with them.
func (x *Index) fill(ctx context.Context, index bleve.Index) error {
	kept := make([]figures, len(x.shelves))
	for start := 0; start < len(x.passages); start += batchSize {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("build index: %w", err)
		}
		if err := x.write(index, start, min(start+batchSize, len(x.passages)), kept); err != nil {
			return fmt.Errorf("write index: %w", err)
		}
	}
	for i, s := range x.shelves {
		for f := range kept[i].Average {
			kept[i].Average[f] /= max(1, float64(kept[i].Passages))
		}
		s.passages, s.average = kept[i].Passages, kept[i].Average
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("keep figures: %w", err)
	}
	return index.SetInternal(statsKey, data)
}

// write indexes the passages from start to end and adds their lengths to the figures of their shelves.
func (x *Index) write(index bleve.Index, start, end int, kept []figures) error {
	batch := index.NewBatch()
	docs := make([]*document.Document, 0, end-start)
	for n := start; n < end; n++ {
		doc := asDocument(n, x.passages[n].shelf.analyzer, x.passages[n].texts())
		docs = append(docs, doc)
		if err := batch.IndexAdvanced(doc); err != nil {
			return err
		}
	}
	if err := index.Batch(batch); err != nil {
		return err
	}
	for i, doc := range docs { // analyzed by now, so that their lengths are known
		at := &kept[slices.Index(x.shelves, x.passages[start+i].shelf)]
		at.Passages++
		for f := range at.Average {
			at.Average[f] += float64(doc.Fields[f].AnalyzedLength())
		}
	}
	return nil
}
