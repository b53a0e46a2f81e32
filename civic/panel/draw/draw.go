package draw

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/method/sortition"
)

// State is how far a draw has come.
type State string

const (
	None      State = "" // nothing was announced
	Announced State = "announced"
	Open      State = "open" // volunteers register
	Frozen    State = "frozen"
	Drawn     State = "drawn"
)

// Lead is how long before the seed exists the pool must be frozen: the record
// takes no longer to show it (trust.md §2).
const Lead = time.Hour

const (
	mostSeats    = 500
	mostSource   = 300 // letters that say where the seed comes from
	mostSeed     = 500 // bytes of a seed
	leastReply   = 1   // days
	mostReply    = 30
	mostContact  = 120
	mostHouse    = 60
	boxed        = 900 // bytes of a box before it is sealed: its size tells nothing
	mostQuotaCSV = 8 << 10
)

// Terms is what is announced before anybody may register.
type Terms struct {
	Seats      int       `json:"seats"`
	Rule       string    `json:"rule"`       // of method/sortition
	Households bool      `json:"households"` // one seat for each household at most
	Quotas     string    `json:"quotas"`     // CSV of method/sortition
	Source     string    `json:"source"`     // where the seed comes from, exactly
	Closes     time.Time `json:"closes"`     // registration; the pool is frozen after
	SeedAt     time.Time `json:"seed_at"`    // when the source gives the seed
	Reply      int       `json:"reply"`      // days somebody drawn has to answer
}

// Text is the terms as the record holds their digest.
func (t Terms) Text() (string, error) {
	t.Closes, t.SeedAt = t.Closes.UTC().Truncate(time.Second), t.SeedAt.UTC().Truncate(time.Second)
	js, err := glosa.JCS(t)
	return string(js), err
}

func parseTerms(text string) (t Terms, err error) {
	err = json.Unmarshal([]byte(text), &t)
	return t, err
}

// List is the quotas of the terms.
func (t Terms) List() ([]sortition.Quota, error) {
	return sortition.ParseCategories(strings.NewReader(t.Quotas))
}

// Categories are what a volunteer is asked, in the order of the quotas, each with
// its features.
func (t Terms) Categories() (out []Category) {
	list, err := t.List()
	if err != nil {
		return nil
	}
	for _, q := range list {
		i := slices.IndexFunc(out, func(c Category) bool { return c.Name == q.Category })
		if i < 0 {
			out, i = append(out, Category{Name: q.Category}), len(out)
		}
		out[i].Features = append(out[i].Features, q.Feature)
	}
	return out
}

// Category is one thing that is asked, and what can be answered.
type Category struct {
	Name     string
	Features []string
}

// Known are the categories that a draw may ask for, and their features; those of
// municipality are the codes of the edition's territory.
func Known() []Category {
	return []Category{{"sex", []string{"woman", "man", "another"}}, {"age", []string{"18_29", "30_44", "45_59", "60"}},
		{"language", []string{"indigenous", "none"}}, {"disability", []string{"yes", "no"}}, {"municipality", nil}}
}

// Rules are the rules of a lottery, the fairest first.
func Rules() []string { return []string{sortition.Leximin, sortition.Maximin} }

// check finds what is wrong with terms, at an instant. places are the
// municipalities' codes. Kinds: Invalid.
func (t *Terms) check(now time.Time, places []string) error {
	t.Source = strings.TrimSpace(t.Source)
	var wrong []glosa.Field
	bad := func(name, key string) { wrong = append(wrong, glosa.Field{Name: name, Key: key}) }
	if t.Seats < 2 || t.Seats > mostSeats {
		bad("seats", "dw.bad.seats")
	}
	if !slices.Contains(Rules(), t.Rule) {
		bad("rule", "dw.bad.rule")
	}
	if n := len([]rune(t.Source)); n < 10 || n > mostSource || strings.ContainsFunc(t.Source, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		bad("source", "dw.bad.source")
	}
	if !t.Closes.After(now) {
		bad("closes", "dw.bad.closes")
	}
	if t.SeedAt.Before(t.Closes.Add(2 * Lead)) {
		bad("seed_at", "dw.bad.seed_at")
	}
	if t.Reply < leastReply || t.Reply > mostReply {
		bad("reply", "dw.bad.reply")
	}
	if f := t.checkQuotas(places); f != nil {
		wrong = append(wrong, *f)
	}
	if wrong != nil {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// checkQuotas reads the quotas, refuses what no volunteer is asked, and writes
// them in one form.
func (t *Terms) checkQuotas(places []string) *glosa.Field {
	bad := func(key, what string) *glosa.Field {
		return &glosa.Field{Name: "quotas", Key: key, Args: map[string]string{"what": what}}
	}
	if len(t.Quotas) > mostQuotaCSV {
		return bad("dw.bad.quotas", "")
	}
	list, err := t.List()
	if err != nil {
		return bad("dw.bad.quotas", err.Error())
	}
	known := Known()
	for _, q := range list {
		i := slices.IndexFunc(known, func(c Category) bool { return c.Name == q.Category })
		if i < 0 {
			return bad("dw.bad.category", q.Category)
		}
		features := known[i].Features
		if q.Category == "municipality" {
			features = places
		}
		if !slices.Contains(features, q.Feature) {
			return bad("dw.bad.feature", q.Category+", "+q.Feature)
		}
	}
	for _, c := range t.Categories() {
		low, high := 0, 0
		for _, q := range list {
			if q.Category == c.Name {
				low, high = low+q.Min, high+min(q.Max, t.Seats)
			}
		}
		if low > t.Seats || high < t.Seats {
			return bad("dw.bad.sum", c.Name)
		}
	}
	var out bytes.Buffer
	if err := sortition.WriteCategories(&out, list); err != nil {
		return bad("dw.bad.quotas", err.Error())
	}
	t.Quotas = out.String()
	return nil
}

// Ticket is the folio of a registration: "SV-4F7K2M9Q". It says nothing.
type Ticket string

// alphabet has no letter that is taken for another.
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

func newTicket() Ticket {
	var raw [5]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails on a working machine
	return Ticket("SV-" + alphabet.EncodeToString(raw[:]))
}

// ParseTicket reads a folio as people type it. ok is false when it is none.
func ParseTicket(typed string) (t Ticket, ok bool) {
	s := strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(typed)))
	s, ok = strings.CutPrefix(s, "SV")
	if !ok || len(s) != 8 {
		return "", false
	}
	if _, err := alphabet.DecodeString(s); err != nil {
		return "", false
	}
	return Ticket("SV-" + s), true
}

// Seat is what became of a volunteer's seat.
type Seat string

const (
	NoSeat    Seat = ""
	Invited   Seat = "invited"
	Accepted  Seat = "accepted"
	Declined  Seat = "declined"
	Vacated   Seat = "vacated"   // two persons of two sides say that nobody comes
	Withdrawn Seat = "withdrawn" // took their data back
)

// Holds tells whether the seat is taken or waits for an answer.
func (s Seat) Holds() bool { return s == Invited || s == Accepted }

// Whys are why two persons empty a seat.
func Whys() []glosa.Code { return []glosa.Code{NoReply, "no_show", "no_proof"} }

// NoReply may be said only once the days to answer are over.
const NoReply glosa.Code = "no_reply"

// Standing is one seat as everybody sees it.
type Standing struct {
	Number int
	Seat   Seat
	Why    glosa.Code
	For    int // in whose place they were asked; 0 when they were drawn
	Until  time.Time
}
