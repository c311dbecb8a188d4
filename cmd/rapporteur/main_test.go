package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"rapporteur/bot/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rapporteur": main, "makestore": makeStore})
}

// TestScripts runs the command as people do; each archive of testdata is a story.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}

func runWith(t *testing.T, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	t.Chdir(t.TempDir()) // away from any .env
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, func(string) string { return "" }, console{strings.NewReader(in), &stdout, &stderr})
	return stdout.String(), stderr.String(), code
}

// TestJSONForm holds the form that other tools are built on.
func TestJSONForm(t *testing.T) {
	in := `{"id":"1","question":"/recommendation b","other":true}` + "\n\n" +
		`{"id":"2","question":"and c?","after_question":"/recommendation b"}` + "\n" +
		`{"id":"3","question":"what is said about deep sea mining?"}` + "\n" +
		"nonsense\n"
	out, errs, code := runWith(t, in, "ask", "--json")
	if code != exitError || !strings.Contains(errs, `line 5: want {"id":"…","question":"…"}`) {
		t.Errorf("code %d, errors %q; want 1 and the line of the nonsense", code, errs)
	}
	var got []map[string]any
	for line := range strings.Lines(out) {
		var answer map[string]any
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if _, ok := answer["elapsed_us"].(float64); !ok {
			t.Errorf("no elapsed_us in %s", line)
		}
		delete(answer, "elapsed_us")
		got = append(got, answer)
	}
	if len(got) != 4 {
		t.Fatalf("%d answers; want 4", len(got))
	}
	want := map[string]any{
		"id": "1", "verdict": "answered",
		"excerpts": []any{map[string]any{
			"document": "counter-migrant-smuggling", "passage": "conclusion-b", "kind": "conclusion", "label": "b",
			"section": []any{"Main conclusions"}, "page": "",
			"url":   "https://publications.iom.int/books/reflecting-necessity-international-cooperation-and-supporting-new-models-cooperation-counter",
			"text":  "Judicial cooperation and joint investigation belong to a holistic approach, one that offers migrants effective alternatives to smuggling.",
			"marks": []any{},
		}},
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("first answer (-want +got):\n%s", diff)
	}
	if first := got[1]["excerpts"].([]any)[0].(map[string]any)["passage"]; first != "conclusion-c" {
		t.Errorf("follow-up: %v", first)
	}
	if got[2]["verdict"] != "none" || len(got[2]["excerpts"].([]any)) != 0 {
		t.Errorf("silence: %v", got[2])
	}
	if got[3]["error"] == nil || got[3]["verdict"] != "none" {
		t.Errorf("nonsense: %v", got[3])
	}
}

// TestQuestions measures the development questions, where they are at hand, so that a change shows in the diff of
// testdata/questions.golden. Write it with go test ./cmd/rapporteur -run Questions -update.
func TestQuestions(t *testing.T) {
	name, err := filepath.Abs("../../../shared/eval/report/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); err != nil {
		t.Skip("the development questions are not here")
	}
	compareGolden(t, "questions.golden", name)
}

// TestOwnQuestions does the same with our own questions on the embedded report, which are always at hand.
func TestOwnQuestions(t *testing.T) {
	name, err := filepath.Abs("../../content/report/testdata/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "own-questions.golden", name)
}

// compareGolden runs eval questions on a file and compares what it prints with a golden file of testdata.
func compareGolden(t *testing.T, golden, questions string) {
	t.Helper()
	golden, err := filepath.Abs(filepath.Join("testdata", golden))
	if err != nil {
		t.Fatal(err)
	}
	got, errs, code := runWith(t, "", "eval", "questions", questions, "--misses")
	if code != exitAnswered {
		t.Fatalf("code %d: %s", code, errs)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("figures moved (-want +got):\n%s", diff)
	}
}

var update = flag.Bool("update", false, "write the golden files")

// makeStore makes the database that a bot would have left in a folder, after a person asked in two workspaces.
func makeStore() {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Dir: os.Args[1]})
	if err != nil {
		panic(err)
	}
	for _, team := range []string{"T1", "T2"} {
		err = errors.Join(err,
			s.KeepQuestion(ctx, store.Question{Team: team, Exchange: "C1 1.2", Person: "U1", Words: "who organized it?"}, 30),
			s.KeepFeedback(ctx, store.Feedback{Team: team, Exchange: "C1 1.2", Person: "U1", Helpful: true}, 30),
			s.SaveSettings(ctx, team, store.Settings{Editors: []string{"U1"}}, 30))
	}
	if err := errors.Join(err, s.Close()); err != nil {
		panic(err)
	}
}
