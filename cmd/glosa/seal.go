package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"glosa/civic/question"
)

// sealCmd is what the sides do with their keys, away from the server.
type sealCmd struct {
	Keygen keygenCmd `cmd:"" help:"Make a side's key: writes the private one, prints the public one to enrol."`
	Share  shareCmd  `cmd:"" help:"Open one side's share of a sealed original with that side's private key."`
	Open   openCmd   `cmd:"" help:"Open a sealed original with the keys, or the shares, of both sides."`
}

type keygenCmd struct {
	File string `arg:"" help:"Where the private key goes, readable by its owner alone. It must not exist."`
}

// Run makes a key.
func (k keygenCmd) Run(c *console) error {
	key, err := question.NewSealPrivate()
	if err != nil {
		return err
	}
	text, err := key.File()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(k.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return wrong("%v", err)
	}
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	if shut := f.Close(); err == nil {
		err = shut
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s\nfingerprint %s\n", key.Public(), key.Public().Digest())
	return err
}

type shareCmd struct {
	Bundle string `arg:"" help:"The sealed original, as the desk handed it out."`
	Key    string `arg:"" help:"The private key of one side."`
	N      int    `help:"Which original, when the file holds several." default:"1"`
}

// Run prints one share: together with the other side's it opens the original.
func (s shareCmd) Run(c *console) error {
	b, err := readBundle(s.Bundle, s.N)
	if err != nil {
		return err
	}
	share, err := shareOf(b, s.Key)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s%s\n", shareMark, base64.StdEncoding.EncodeToString(share))
	return err
}

type openCmd struct {
	Bundle string   `arg:"" help:"The sealed original, as the desk handed it out."`
	Halves []string `arg:"" help:"Two files: each the private key of one side, or what glosa seal share printed."`
	N      int      `help:"Which original, when the file holds several." default:"1"`
}

// Run prints the texts, once each opens the commitment that the record holds.
func (o openCmd) Run(c *console) error {
	if len(o.Halves) != 2 {
		return wrong("two halves are needed, one of each side; %d given", len(o.Halves))
	}
	b, err := readBundle(o.Bundle, o.N)
	if err != nil {
		return err
	}
	var halves [2][]byte
	for i, file := range o.Halves {
		if halves[i], err = shareOf(b, file); err != nil {
			return err
		}
	}
	texts, err := b.Open(halves[0], halves[1])
	if err != nil {
		return wrong("%v", err)
	}
	for _, t := range texts {
		if _, err := fmt.Fprintf(c.out, "%s version %d opens commitment %s\n%s\n", b.Question, t.Version, t.Commit, t.Object); err != nil {
			return err
		}
	}
	return nil
}

// shareMark begins the line that glosa seal share prints.
const shareMark = "glosa-seal-share:"

// shareOf reads a share, or opens it with a private key.
func shareOf(b question.Bundle, file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, wrong("%v", err)
	}
	if rest, ok := strings.CutPrefix(strings.TrimSpace(string(text)), shareMark); ok {
		share, err := base64.StdEncoding.DecodeString(rest)
		if err != nil {
			return nil, wrong("%s: not a share", file)
		}
		return share, nil
	}
	key, err := question.ParseSealPrivate(text)
	if err != nil {
		return nil, wrong("%s: %v", file, err)
	}
	share, err := b.Share(key)
	if err != nil {
		return nil, wrong("%s: %v", file, err)
	}
	return share, nil
}

// readBundle reads the nth sealed original of a file: the desk hands out a list.
func readBundle(file string, n int) (question.Bundle, error) {
	js, err := os.ReadFile(file)
	if err != nil {
		return question.Bundle{}, wrong("%v", err)
	}
	all := []json.RawMessage{js}
	if strings.HasPrefix(strings.TrimSpace(string(js)), "[") {
		if err := json.Unmarshal(js, &all); err != nil {
			return question.Bundle{}, wrong("%s: %v", file, err)
		}
	}
	if n < 1 || n > len(all) {
		return question.Bundle{}, wrong("%s holds %d originals, not number %d", file, len(all), n)
	}
	b, err := question.ParseBundle(all[n-1])
	if err != nil {
		return b, wrong("%s: %v", file, err)
	}
	return b, nil
}
