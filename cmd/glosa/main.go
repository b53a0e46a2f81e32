package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	_ "time/tzdata" // the zones of every state, on any machine

	"github.com/alecthomas/kong"

	"glosa"
	"glosa/method/sortition"
)

// version is set by the release build.
var version = "dev"

// commands is the command line, declared.
type commands struct {
	Config kong.ConfigFlag  `help:"Read flags from this file: one \"flag = value\" a line." placeholder:"FILE"`
	Print  kong.VersionFlag `name:"version" help:"Print the version."`

	Demo    demoCmd     `cmd:"" help:"Serve a demonstration: the real editions with their sources, and two synthetic ones."`
	Serve   serveCmd    `cmd:"" help:"Serve an installation."`
	Migrate migrateCmd  `cmd:"" help:"Bring the database to the schema of this program."`
	Invite  inviteCmd   `cmd:"" help:"Give somebody a way to act; prints a one-time code."`
	Load    loadCmd     `cmd:"" help:"Load a territory: its municipalities, institutions and posts."`
	Rules   protocolCmd `cmd:"" name:"protocol" help:"Check the rules of an edition before it is founded."`
	Verify  verifyCmd   `cmd:"" help:"Check a site, a data folder or a receipt against its public record."`
	Audit   auditCmd    `cmd:"" help:"Hold the private rows of ballots against the record and what is published; sign what was found."`
	Method  methodCmd   `cmd:"" help:"Compute a published result again."`
	Seal    sealCmd     `cmd:"" help:"Make a side's key, and open what was struck out of a question."`
	Codes   codesCmd    `cmd:"" help:"Draw codes for sealed envelopes, away from the server."`
	Backup  backupCmd   `cmd:"" help:"Copy an installation, record first."`
	Restore restoreCmd  `cmd:"" help:"Put a copy back, without writing a second history."`
	Jobs    jobsCmd     `cmd:"" help:"Tell what waits, what was given up, and how the mails stand."`
	Bounces bouncesCmd  `cmd:"" help:"Read a delivery report from standard input and forget an address that does not exist."`
	Version versionCmd  `cmd:"" help:"Print the version."`
}

// console is where commands write, and the clock they go by: tests hand in their own.
type console struct {
	context.Context
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
	clock    glosa.Clock
	filed    map[string]string // what the flag file says
}

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // the heap is small: half as much collecting costs a few megabytes
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// errFound is the end of a check that found a difference: it has been said already.
var errFound = errors.New("differences found")

// run runs one command line and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return runAt(ctx, glosa.WallClock{}, args, stdout, stderr)
}

func runAt(ctx context.Context, clock glosa.Clock, args []string, stdout, stderr io.Writer) int {
	var c commands
	file := &flagFile{values: map[string]string{}, lines: map[string]int{}}
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	exit := -1
	parser, err := kong.New(&c, kong.Name("glosa"), kong.UsageOnError(), kong.Writers(stdout, stderr),
		kong.Description("Ask your government and follow the answer until it is kept."),
		kong.DefaultEnvars("GLOSA"), kong.Vars{"version": software()}, kong.Configuration(file.read), kong.Exit(func(code int) { exit = code }))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	cmd, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help
	}
	if err != nil {
		fmt.Fprintf(stderr, "glosa: %v (glosa --help)\n", err)
		return 2
	}
	con := &console{Context: ctx, clock: clock, in: os.Stdin, out: stdout, err: stderr, filed: file.values, log: slog.New(slog.NewTextHandler(stderr, nil))}
	err = cmd.Run(con)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFound):
		return 1
	}
	fmt.Fprintf(stderr, "glosa: %s\n", say(err))
	return exitCode(err)
}

// exitCode is the one table from kinds of errors to exit codes.
func exitCode(err error) int {
	var e *glosa.Error
	var wrong *wrongInput
	var unmet *sortition.Infeasible
	if errors.As(err, &unmet) {
		return 3
	}
	if errors.As(err, &wrong) {
		return 2
	}
	if errors.As(err, &e) {
		switch e.Kind {
		case glosa.Invalid, glosa.NotFound, glosa.Conflict, glosa.Denied, glosa.Closed:
			return 2
		}
	}
	return 1
}

// wrongInput is a mistake on the command line or in a file it names.
type wrongInput struct{ error }

func wrong(format string, args ...any) error { return &wrongInput{fmt.Errorf(format, args...)} }

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(c *console) error {
	_, err := fmt.Fprintln(c.out, software())
	return err
}
