package bot

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestManifest(t *testing.T) {
	for _, transport := range []Transport{SocketMode, HTTP} {
		t.Run(string(transport), func(t *testing.T) {
			asJSON, err := Manifest(transport, "https://bot.example.org/")
			if err != nil {
				t.Fatal(err)
			}
			asYAML, err := ManifestYAML(transport, "https://bot.example.org/")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "manifest-"+string(transport)+".json", string(asJSON))
			golden(t, "manifest-"+string(transport)+".yaml", string(asYAML))
			var fromJSON, fromYAML any
			if err := json.Unmarshal(asJSON, &fromJSON); err != nil {
				t.Fatal(err)
			}
			if err := yaml.Unmarshal(asYAML, &fromYAML); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fromJSON, fromYAML); diff != "" {
				t.Errorf("the YAML says something else (-JSON +YAML):\n%s", diff)
			}
			for _, s := range Scopes() {
				if !bytes.Contains(asYAML, []byte(s.Name+" # "+s.Why)) {
					t.Errorf("%s isn't explained", s.Name)
				}
			}
		})
	}
}

func TestManifestIsValid(t *testing.T) {
	schema := compiled(t, shared(t, "slack/payloads/manifest.schema.2.0.0.json"))
	for _, transport := range []Transport{SocketMode, HTTP} {
		b, err := Manifest(transport, "https://bot.example.org")
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s: %v", transport, err)
		}
	}
}

func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(lenient)
	if err := c.AddResource("manifest.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// lenient compiles a pattern as Go does; those that Go has no form for, of domains which our manifest doesn't name, match
// everything.
func lenient(pattern string) (jsonschema.Regexp, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return regexp.Compile("")
	}
	return re, nil
}

func TestManifestErrors(t *testing.T) {
	for _, test := range []struct {
		transport Transport
		address   string
		want      string
	}{
		{HTTP, "", "public address"},
		{HTTP, "bot.example.org", "public address"},
		{HTTP, "ftp://bot.example.org", "public address"},
		{HTTP, "https://u:p@bot.example.org", "public address"},
		{"pigeon", "", "want transport socket or http"},
	} {
		for _, write := range []func(Transport, string) ([]byte, error){Manifest, ManifestYAML} {
			if b, err := write(test.transport, test.address); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s %q: got %q, %v", test.transport, test.address, b, err)
			}
		}
	}
}
