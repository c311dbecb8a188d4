package workspace

import (
	"html/template"
	"net/http"
	"net/url"
)

// authorizePage asks a person of the workspace whether the app may come in. It is made of links: a form's redirect to
// another origin would need that origin in the policy.
var authorizePage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Install {{.App}}</title><link rel="stylesheet" href="/page/style.css">
<main class="authorize"><h1>{{.App}} asks to come into {{.Team}}</h1>
{{if .Problem}}<p role="alert">{{.Problem}}</p>{{else}}<p>It would be allowed to:</p><ul>{{range .Scopes}}<li>{{.}}</li>{{end}}</ul>
<p><a id="allow" href="{{.Allow}}">Allow</a> <a id="cancel" href="{{.Cancel}}">Cancel</a></p>{{end}}</main></html>
`))

// oauthRoutes serves the page, and what its links do.
func (w *Workspace) oauthRoutes(mux *http.ServeMux) {
	mux.Handle("GET /oauth/v2/authorize", guarded(http.HandlerFunc(w.serveAuthorize)))
	mux.Handle("GET /oauth/v2/decide/{decision}", guarded(http.HandlerFunc(w.serveDecision)))
}

func (w *Workspace) serveAuthorize(rw http.ResponseWriter, r *http.Request) {
	link := func(decision string) string {
		return (&url.URL{Path: "/oauth/v2/decide/" + decision, RawQuery: r.URL.RawQuery}).String()
	}
	shown := map[string]any{"App": w.o.BotName, "Team": w.o.Domain, "Scopes": w.o.Scopes, "Allow": link("allow"), "Cancel": link("cancel")}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := w.authorizable(r.URL.Query()); err != nil {
		shown["Problem"] = err.Error()
		rw.WriteHeader(http.StatusBadRequest)
	}
	_ = authorizePage.Execute(rw, shown) // a browser that went away is no news
}

func (w *Workspace) serveDecision(rw http.ResponseWriter, r *http.Request) {
	next, err := w.Approve(w.o.People[0].ID, r.URL.String(), r.PathValue("decision") == "allow")
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	http.Redirect(rw, r, next, http.StatusFound)
}
