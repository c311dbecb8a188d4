package receive

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const mention = `{"token":"t","team_id":"T1","api_app_id":"A1","type":"event_callback","event_id":"Ev1","event_time":1610241741,` +
	`"event":{"type":"app_mention","text":"<@U1> who hosted the side event?","user":"U2","ts":"1610241741.000200","channel":"C1",` +
	`"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"}]}]}]}}`

// From the request in memory to its acknowledgement: the work alone, without a network.
func BenchmarkHTTPHandler(b *testing.B) {
	h := NewHTTP(testSecret, atVector, keeping(func(Delivery) bool { return true }), nil)
	b.ReportAllocs()
	for b.Loop() {
		if w := post(h, "/slack/events", jsonType, mention); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}

// From the request sent to its acknowledgement read, over loopback, one after the other.
func BenchmarkHTTPAck(b *testing.B) {
	server := httptest.NewServer(NewHTTP(testSecret, atVector, keeping(func(Delivery) bool { return true }), nil))
	defer server.Close()
	client := server.Client()
	for b.Loop() {
		r, err := http.NewRequest(http.MethodPost, server.URL+"/slack/events", strings.NewReader(mention))
		if err != nil {
			b.Fatal(err)
		}
		r.Header = signed(testSecret, mention, vectorTime)
		resp, err := client.Do(r)
		if err != nil || resp.StatusCode != 200 {
			b.Fatal(resp, err)
		}
		_ = resp.Body.Close()
	}
}

// From the envelope sent to its acknowledgement read, over loopback, with so many under way at a time.
func BenchmarkSocketAck(b *testing.B) {
	for _, underWay := range []int{1, 50} {
		b.Run(fmt.Sprint(underWay), func(b *testing.B) {
			frame := fmt.Sprintf(`{"type":"events_api","envelope_id":"e","payload":%s,"retry_attempt":0}`, mention)
			done := make(chan struct{})
			_, s := overLoopback(b, func(_ int, p *fakePeer) {
				p.hello()
				for range underWay {
					p.say(frame)
				}
				for b.Loop() {
					p.acked()
					p.say(frame)
				}
				close(done)
				p.linger()
			}, &inbox{}, &journal{})
			s.Deliver = keeping(func(Delivery) bool { return true })
			stop := running(s)
			<-done
			if err := stop(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
