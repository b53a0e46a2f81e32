package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"glosa"
	"glosa/civic/edition"
)

type protocolCmd struct {
	Check    checkCmd    `cmd:"" help:"Say what is wrong with a protocol, line by line, or how it differs from the one it is nearest to."`
	Template templateCmd `cmd:"" help:"Print a protocol to start from."`
}

type checkCmd struct {
	File    string `arg:"" help:"A protocol (YAML), or - for standard input."`
	Against string `help:"Compare with this protocol: one that comes with the program, by its name, or a file. Default: the nearest that comes with it." placeholder:"NAME|FILE"`
}

// most bounds what is read of a protocol; the parser says so itself before that.
const most = 1 << 20

// Run says every fault as FILE:LINE: what. It opens no installation.
func (p *checkCmd) Run(c *console) error {
	ours, err := readProtocol(p.File)
	if err != nil {
		return err
	}
	name, base, err := p.base(ours)
	if err != nil {
		return err
	}
	seats := 0
	for _, x := range ours.Seats.Chairs {
		seats += x.Last() - x.Number + 1
	}
	fmt.Fprintf(c.out, "%s is a protocol: %s, version %d, for territory %s, with %d seats\nSHA-256 %s\n", p.File, ours.Name.Es, ours.Version, ours.Territory, seats, hex.EncodeToString(ours.Digest[:]))
	if seats == 0 {
		fmt.Fprintln(c.out, "It lists no seats (seats.chairs): the desk will have to make each of them by hand.")
	}
	changes := edition.Diff(base, ours)
	fmt.Fprintf(c.out, "%d differences from %s\n", len(changes), name)
	for _, x := range changes {
		fmt.Fprintf(c.out, "  %s: %s -> %s\n", x.Path, orNothing(x.Was), orNothing(x.Is))
	}
	return nil
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

// base is what a protocol is compared with.
func (p *checkCmd) base(ours *edition.Protocol) (name string, base *edition.Protocol, err error) {
	if p.Against != "" {
		if raw, err := edition.Template(p.Against); err == nil {
			base, err = edition.ParseProtocol(raw)
			return p.Against, base, err
		}
		base, err = readProtocol(p.Against)
		return p.Against, base, err
	}
	least := -1
	for _, t := range edition.Templates() {
		raw, err := edition.Template(t)
		if err != nil {
			return "", nil, err
		}
		pr, err := edition.ParseProtocol(raw)
		if err != nil {
			return "", nil, err
		}
		if n := len(edition.Diff(pr, ours)); least < 0 || n < least {
			name, base, least = t, pr, n
		}
	}
	return name, base, nil
}

func readProtocol(file string) (*edition.Protocol, error) {
	in := io.Reader(os.Stdin)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, wrong("%w", err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return nil, err
	}
	p, err := edition.ParseProtocol(raw)
	var e *glosa.Error
	if !errors.As(err, &e) {
		return p, err
	}
	var lines []string
	for _, f := range e.Fields {
		lines = append(lines, fmt.Sprintf("%s:%s: %s", file, f.Args["line"], strings.TrimSpace(f.Args["at"]+" "+f.Args["what"])))
	}
	return nil, wrong("%s", strings.Join(lines, "\n       "))
}

type templateCmd struct {
	Name string `arg:"" optional:"" help:"glosa-qroo, glosa-90 or pregunta-jalisco." default:"glosa-qroo"`
}

// Run prints the text, to be changed and checked.
func (t *templateCmd) Run(c *console) error {
	raw, err := edition.Template(t.Name)
	if err != nil {
		return wrong("no protocol %q comes with the program, only %s", t.Name, strings.Join(edition.Templates(), ", "))
	}
	_, err = c.out.Write(raw)
	return err
}
