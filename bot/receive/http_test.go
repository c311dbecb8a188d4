package receive

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testSecret = "secretsecretsecret"
	formType   = "application/x-www-form-urlencoded"
	jsonType   = "application/json"
)

func atVector() time.Time { return time.Unix(vectorTime, 0) }

// post sends a signed request to the handler.
func post(h http.Handler, target, contentType, body string, more ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Header = signed(testSecret, body, vectorTime)
	r.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHTTPRefusesWhatIsNotSigned(t *testing.T) {
	for _, test := range signatureCases() {
		t.Run(test.name, func(t *testing.T) {
			in, log := &inbox{}, &journal{}
			h := NewHTTP(test.secret, atVector, keeping(in.deliver), log.logger())
			r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(test.body))
			r.Header = test.header.Clone()
			r.Header.Set("Content-Type", formType)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			want, delivered := http.StatusUnauthorized, 0
			if test.ok {
				want = http.StatusOK
				if test.body != "" {
					delivered = 1
				}
			}
			if w.Code != want || len(in.all()) != delivered || w.Body.Len() > 0 {
				t.Errorf("got status %d, %d delivered, body %q; want %d and %d", w.Code, len(in.all()), w.Body, want, delivered)
			}
			log.leaksNone(t, vectorSecret, "a2114d57", "roadrunner", "hooks.slack.com")
		})
	}
}

func TestHTTPDelivers(t *testing.T) {
	tests := []struct {
		name, contentType, body string
		header                  []string
		want                    Delivery
	}{
		{"an event", jsonType, `{"type":"event_callback","event":{"type":"app_mention"}}`, nil,
			Delivery{Kind: Event, Payload: []byte(`{"type":"event_callback","event":{"type":"app_mention"}}`)}},
		{"a repeated event", jsonType, `{"type":"event_callback"}`, []string{"X-Slack-Retry-Num", "2", "X-Slack-Retry-Reason", "http_timeout"},
			Delivery{Kind: Event, Payload: []byte(`{"type":"event_callback"}`), Retry: 2}},
		{"a retry that is no number", jsonType, `{}`, []string{"X-Slack-Retry-Num", "many"}, Delivery{Kind: Event, Payload: []byte(`{}`)}},
		{"a negative retry", jsonType, `{}`, []string{"X-Slack-Retry-Num", "-1"}, Delivery{Kind: Event, Payload: []byte(`{}`)}},
		{"blank type", jsonType, ` {"type":"","event":{}}`, nil, Delivery{Kind: Event, Payload: []byte(` {"type":"","event":{}}`)}},
		{"unknown type", jsonType, `{"type":"new_thing"}`, nil, Delivery{Kind: Event, Payload: []byte(`{"type":"new_thing"}`)}},
		{"an event with no content type", "", `{"event":{}}`, nil, Delivery{Kind: Event, Payload: []byte(`{"event":{}}`)}},
		{"a command", formType + "; charset=utf-8",
			"command=%2Freport&text=a+%26+b&is_enterprise_install=false&team_id=T1&text=second&retry=3", nil,
			Delivery{Kind: Command, Payload: []byte(`{"command":"/report","is_enterprise_install":false,"retry":"3","team_id":"T1","text":"a \u0026 b"}`)}},
		{"a command of an enterprise", formType, "command=%2Freport&is_enterprise_install=true", nil,
			Delivery{Kind: Command, Payload: []byte(`{"command":"/report","is_enterprise_install":true}`)}},
		{"an interaction", formType, "payload=%7B%22type%22%3A%22block_actions%22%7D", nil,
			Delivery{Kind: Interaction, Payload: []byte(`{"type":"block_actions"}`)}},
	}
	for _, target := range []string{"/slack/events", "/slack/commands", "/slack/interactions"} {
		for _, test := range tests {
			t.Run(target+" "+test.name, func(t *testing.T) {
				in := &inbox{}
				w := post(NewHTTP(testSecret, atVector, keeping(in.deliver), nil), target, test.contentType, test.body, test.header...)
				if w.Code != http.StatusOK || w.Body.Len() > 0 {
					t.Errorf("got status %d with body %q, want an empty 200", w.Code, w.Body)
				}
				if diff := cmp.Diff(in.all(), []Delivery{test.want}); diff != "" {
					t.Errorf("delivered (-got +want):\n%s", diff)
				}
				in.refuse = true
				w = post(NewHTTP(testSecret, atVector, keeping(in.deliver), nil), target, test.contentType, test.body, test.header...)
				if w.Code != http.StatusServiceUnavailable {
					t.Errorf("got status %d for a delivery that was refused, want 503", w.Code)
				}
			})
		}
	}
}

// Signed nonsense is acknowledged and goes no further.
func TestHTTPIgnores(t *testing.T) {
	deep := strings.Repeat(`{"canaryword":`, 50_000) + "1" + strings.Repeat("}", 50_000)
	tests := []struct{ name, contentType, body, target string }{
		{"null", jsonType, `null`, ""},
		{"a list", jsonType, `[]`, ""},
		{"a list of events", jsonType, `[{"type":"event_callback","event":{}}]`, ""},
		{"a string", jsonType, `"canaryword"`, ""},
		{"a number", jsonType, `1`, ""},
		{"empty", jsonType, ``, ""},
		{"broken", jsonType, `{"type":"event_callback"`, ""},
		{"two objects", jsonType, `{}{}`, ""},
		{"too deep", jsonType, deep, ""},
		{"200,000 lists", jsonType, strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000), ""},
		{"an event 200,000 deep", jsonType, `{"event":` + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + `}`, ""},
		{"type a number", jsonType, `{"type":5,"event":{}}`, ""},
		{"type null", jsonType, `{"type":null}`, ""},
		{"event a list", jsonType, `{"type":"canaryword words","event":[]}`, ""},
		{"event a string", jsonType, `{"type":"event_callback","event":"canaryword"}`, ""},
		{"JSON said to be a form", formType, `{"type":"event_callback","event":{}}`, ""},
		{"a form said to be JSON", jsonType, `command=%2Freport&text=canaryword`, ""},
		{"a form of something else", formType, `text=canaryword`, ""},
		{"a form that is none", formType, `command=%zz`, ""},
		{"payload empty", formType, `payload=`, ""},
		{"payload null", formType, `payload=null`, ""},
		{"payload a list", formType, `payload=[]`, ""},
		{"payload broken", formType, `payload={"type":`, ""},
		{"payload too deep", formType, `payload=` + deep, ""},
		{"payload in the query", formType, `text=x`, `?payload={"type":"block_actions"}`},
		{"command in the query", formType, `text=x`, `?command=/report`},
		{"event in the query", jsonType, ``, `?{"event":{}}`},
		{"checks the certificate", formType, `ssl_check=1&command=%2Freport&token=x`, ""},
		{"checks the certificate in JSON", jsonType, `{"type":"ssl_check"}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in, log := &inbox{}, &journal{}
			w := post(NewHTTP(testSecret, atVector, keeping(in.deliver), log.logger()), "/slack/events"+test.target, test.contentType, test.body)
			if w.Code != http.StatusOK || w.Body.Len() > 0 {
				t.Errorf("got status %d with body %q, want an empty 200", w.Code, w.Body)
			}
			if got := in.all(); len(got) > 0 {
				t.Errorf("delivered %d times: %s", len(got), got[0].Kind)
			}
			log.leaksNone(t, "canaryword", testSecret)
		})
	}
}

func TestHTTPAnswersChallenge(t *testing.T) {
	tests := []struct{ body, want string }{
		{`{"token":"t","challenge":"3eZbrw1aB","type":"url_verification"}`, "3eZbrw1aB"},
		{`{"challenge":"<script>","type":"url_verification"}`, "<script>"},
		{`{"challenge":5,"type":"url_verification"}`, ""},
		{`{"type":"url_verification"}`, ""},
	}
	for _, test := range tests {
		in := &inbox{}
		w := post(NewHTTP(testSecret, atVector, keeping(in.deliver), nil), "/slack/events", jsonType, test.body)
		got := []string{w.Body.String(), w.Header().Get("Content-Type"), w.Header().Get("X-Content-Type-Options")}
		if diff := cmp.Diff(got, []string{test.want, "text/plain; charset=utf-8", "nosniff"}); diff != "" || w.Code != 200 || len(in.all()) > 0 {
			t.Errorf("%s: status %d, %d delivered, answer (-got +want):\n%s", test.body, w.Code, len(in.all()), diff)
		}
	}
	h := NewHTTP(testSecret, atVector, nil, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(tests[0].body)))
	if w.Code != http.StatusUnauthorized || w.Body.Len() > 0 {
		t.Errorf("unsigned challenge: got status %d with %q, want an empty 401", w.Code, w.Body)
	}
}

// TestHealth says what is wrong with the status that monitors look at, and not why: anyone may ask.
func TestHealth(t *testing.T) {
	for want, wrong := range map[int]error{200: nil, 503: errors.New("secret reason")} {
		w := httptest.NewRecorder()
		Health(func() error { return wrong }).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		if w.Code != want || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: got status %d with %q", wrong, w.Code, w.Body)
		}
	}
}

// TestSecured gives every answer headers that a browser can do nothing with; a page may allow itself more.
func TestSecured(t *testing.T) {
	own := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			w.Header().Set("Content-Security-Policy", "of the page")
		}
	})
	for path, policy := range map[string]string{"/": headers["Content-Security-Policy"], "/page": "of the page"} {
		w := httptest.NewRecorder()
		NewServer("", own).Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		for name, want := range headers {
			if name == "Content-Security-Policy" {
				want = policy
			}
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s %s: %q; want %q", path, name, got, want)
			}
		}
	}
}

func TestHTTPRoutes(t *testing.T) {
	tests := []struct {
		method, target string
		want           int
		body           string
	}{
		{"GET", "/slack/events", 405, ""},
		{"PUT", "/slack/events", 405, ""},
		{"DELETE", "/slack/commands", 405, ""},
		{"HEAD", "/slack/interactions", 405, ""},
		{"OPTIONS", "/slack/events", 405, ""},
		{"GET", "/slack/events?payload={}", 405, ""},
		{"POST", "/", 404, ""},
		{"POST", "/slack/events/", 404, ""},
		{"POST", "/slack", 404, ""},
	}
	for _, test := range tests {
		h := NewHTTP(testSecret, atVector, keeping(func(Delivery) bool { t.Error("delivered"); return true }), nil)
		r := httptest.NewRequest(test.method, test.target, strings.NewReader(`{"event":{}}`))
		r.Header = signed(testSecret, `{"event":{}}`, vectorTime)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.want || (test.body != "" && w.Body.String() != test.body) {
			t.Errorf("%s %s: got status %d with %q, want %d", test.method, test.target, w.Code, w.Body, test.want)
		}
	}
}
