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

var apps = map[string]App{
	"socket":  {Transport: SocketMode},
	"http":    {Transport: HTTP, PublicURL: "https://bot.example.org/"},
	"install": {Transport: HTTP, PublicURL: "https://bot.example.org", Install: true, Rotation: true, PKCE: true},
}

func TestManifest(t *testing.T) {
	for name, app := range apps {
		t.Run(name, func(t *testing.T) {
			asJSON, err := Manifest(app)
			if err != nil {
				t.Fatal(err)
			}
			asYAML, err := ManifestYAML(app)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "manifest-"+name+".json", string(asJSON))
			golden(t, "manifest-"+name+".yaml", string(asYAML))
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
	for name, app := range apps {
		b, err := Manifest(app)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s: %v", name, err)
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
		app  App
		want string
	}{
		{App{Transport: HTTP}, "public address"},
		{App{Transport: HTTP, PublicURL: "bot.example.org"}, "public address"},
		{App{Transport: HTTP, PublicURL: "ftp://bot.example.org"}, "public address"},
		{App{Transport: HTTP, PublicURL: "https://u:p@bot.example.org"}, "public address"},
		{App{Transport: SocketMode, Install: true}, "public address"},
		{App{Transport: SocketMode, Rotation: true}, "installed by OAuth"},
		{App{Transport: "pigeon"}, "want transport socket or http"},
	} {
		for _, write := range []func(App) ([]byte, error){Manifest, ManifestYAML} {
			if b, err := write(test.app); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%+v: got %q, %v", test.app, b, err)
			}
		}
	}
}
