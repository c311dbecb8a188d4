package main

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// database is one of PostgreSQL's that a run has for itself.
type database struct {
	server    *sql.DB
	name, url string
}

func newDatabase(server string) (*database, error) {
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		return nil, err
	}
	d := &database{server: db, name: "load_" + strings.ToLower(rand.Text())}
	u.Path = "/" + d.name
	d.url = u.String()
	_, err = db.Exec("CREATE DATABASE " + d.name)
	return d, err
}

func (d *database) drop() {
	_, _ = d.server.Exec("DROP DATABASE " + d.name + " WITH (FORCE)")
	_ = d.server.Close()
}
