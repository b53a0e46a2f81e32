package draw

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/people"
	"glosa/method/sortition"
)

// words is what lies in a volunteer's box.
type words struct {
	Features  map[string]string `json:"f"`
	Contact   string            `json:"c"`
	Language  string            `json:"l,omitempty"` // in which they read pages
	Household string            `json:"h,omitempty"`
	Label     string            `json:"n,omitempty"` // of the household in the pool; from the freeze on
	Salt      *glosa.Hash       `json:"s,omitempty"` // of the commitment; from the freeze on
}

// pack writes words in boxed bytes.
func (w words) pack() ([]byte, error) {
	js, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	if len(js) > boxed {
		return nil, glosa.WrongField("contact", "dw.bad.contact")
	}
	return append(js, bytes.Repeat([]byte{' '}, boxed-len(js))...), nil
}

func (d *Desk) unseal(v volunteer) (w words, err error) {
	if v.boxID == "" {
		return w, nil
	}
	js, err := d.Safe.Reopen(box, v.boxID, v.box)
	if err == nil {
		err = json.Unmarshal(js, &w)
	}
	return w, err
}

// member is a volunteer of a pool with what they said.
type member struct {
	volunteer
	words
}

func (d *Desk) members(list []volunteer) ([]member, error) {
	out := make([]member, len(list))
	for i, v := range list {
		w, err := d.unseal(v)
		if err != nil {
			return nil, err
		}
		out[i] = member{v, w}
	}
	return out, nil
}

// instance is what the lottery is computed for, by number; volunteers without one
// are numbered by their place.
func instance(t Terms, pool []member) (*sortition.Instance, error) {
	quotas, err := t.List()
	if err != nil {
		return nil, err
	}
	in := &sortition.Instance{Quotas: quotas, Size: t.Seats, Households: t.Households, Pool: &sortition.Pool{IDColumn: "number"}}
	for _, c := range t.Categories() {
		in.Pool.Categories = append(in.Pool.Categories, c.Name)
	}
	for i, m := range pool {
		n := m.number
		if n == 0 {
			n = i + 1
		}
		p := sortition.Person{ID: strconv.Itoa(n), Household: m.Label}
		for _, c := range in.Pool.Categories {
			p.Features = append(p.Features, m.Features[c])
		}
		in.Pool.People = append(in.Pool.People, p)
	}
	return in, nil
}

// label gives the households of a pool names that say nothing: h1, h2, … in the
// order of numbers; whoever lives alone has none.
func label(pool []member) {
	count, name := map[string]int{}, map[string]string{}
	for _, m := range pool {
		count[house(m.Household)]++
	}
	for i, m := range pool {
		h := house(m.Household)
		pool[i].Label = ""
		if h == "" || count[h] < 2 {
			continue
		}
		if name[h] == "" {
			name[h] = "h" + strconv.Itoa(len(name)+1)
		}
		pool[i].Label = name[h]
	}
}

// house is a household's word however it was typed.
func house(typed string) string { return strings.Join(strings.Fields(strings.ToLower(typed)), " ") }

// shuffle puts volunteers in an order that nobody chose. It is not the draw: the
// seed comes later, and every order is as good.
func shuffle(pool []member) {
	keys := make(map[Ticket]uint64, len(pool))
	for _, m := range pool {
		var raw [8]byte
		_, _ = rand.Read(raw[:]) // crypto/rand never fails on a working machine
		keys[m.id] = binary.BigEndian.Uint64(raw[:])
	}
	slices.SortFunc(pool, func(a, b member) int {
		if c := cmp.Compare(keys[a.id], keys[b.id]); c != 0 {
			return c
		}
		return strings.Compare(string(a.id), string(b.id))
	})
}

// commitment is what a volunteer's row of the published pool commits to.
func commitment(ed glosa.EditionID, m member) (glosa.Hash, error) {
	if m.Salt == nil {
		return glosa.Hash{}, errors.New("a volunteer without a salt")
	}
	return glosa.Commit(*m.Salt, struct {
		Draw      glosa.EditionID   `json:"draw"`
		Features  map[string]string `json:"features"`
		Household string            `json:"household"`
		Kind      string            `json:"kind"`
		Number    int               `json:"number"`
		V         int               `json:"v"`
	}{ed, m.Features, m.Label, "volunteer", m.number, 1})
}

// frozenPool is a pool with its files, before it is written down.
type frozenPool struct {
	terms    Terms
	was      glosa.Hash // of the rows it was made from
	members  []member
	quotas   []byte
	pool     []byte
	lottery  []byte
	software glosa.Code
}

// freeze numbers a pool, commits to it, and computes its lottery. Nothing of it is
// written down yet. Kinds: Conflict when the quotas cannot be met.
func (d *Desk) freeze(ctx context.Context, ed glosa.EditionID, t Terms, pool []member) (f frozenPool, err error) {
	f = frozenPool{terms: t, was: rows(pool), members: pool, quotas: []byte(t.Quotas), software: d.Software}
	shuffle(pool)
	for i := range pool {
		pool[i].number = i + 1
	}
	label(pool)
	table := [][]string{{"number", "commitment"}}
	for i := range pool {
		m := &pool[i]
		var salt glosa.Hash
		_, _ = rand.Read(salt[:])
		m.Salt = &salt
		if m.committed, err = commitment(ed, *m); err != nil {
			return f, err
		}
		js, err := m.pack()
		if err != nil {
			return f, err
		}
		m.box = d.Safe.Again(box, m.boxID, js)
		table = append(table, []string{strconv.Itoa(m.number), m.committed.String()})
	}
	if f.pool, err = sheet(table); err != nil {
		return f, err
	}
	in, err := instance(t, pool)
	if err != nil {
		return f, err
	}
	res, err := solve(ctx, in, t.Rule)
	if err != nil {
		return f, err
	}
	f.lottery, err = res.File()
	return f, err
}

// solve computes a lottery. Kinds: Conflict when there is none.
func solve(ctx context.Context, in *sortition.Instance, rule string) (*sortition.Result, error) {
	if len(in.Pool.People) < in.Size {
		return nil, glosa.Refuse(glosa.Conflict, "dw.few", "n", strconv.Itoa(len(in.Pool.People)), "seats", strconv.Itoa(in.Size))
	}
	res, err := sortition.Solve(ctx, in, rule, nil)
	var unmet *sortition.Infeasible
	switch {
	case errors.As(err, &unmet):
		e := glosa.Refuse(glosa.Conflict, "dw.unmet")
		e.Err = err
		return nil, e
	case err != nil:
		return nil, unfinished(err)
	}
	return res, nil
}

// unfinished is the error of a computation that came to no end.
func unfinished(err error) error {
	e := glosa.Refuse(glosa.Conflict, "dw.long")
	e.Err = err
	return e
}

// rows is a mark of the rows of a pool, in any order: whether one came, went or changed.
func rows(pool []member) glosa.Hash {
	marks := make([]string, len(pool))
	for i, m := range pool {
		marks[i] = string(m.id) + " " + glosa.Digest(m.box).String()
	}
	slices.Sort(marks)
	return glosa.Digest([]byte(strings.Join(marks, "\n")))
}

// sheet is rows as a CSV file.
func sheet(table [][]string) ([]byte, error) {
	var out bytes.Buffer
	err := csv.NewWriter(&out).WriteAll(table)
	return out.Bytes(), err
}

// audit is what the auditors get: features by number, with the salt of each
// commitment and the chair of whoever sits. A volunteer who took their data back is
// a number and a commitment. "glosa method sortition" reads it.
func audit(t Terms, pool []member) ([]byte, error) {
	cats := t.Categories()
	head := []string{"number"}
	for _, c := range cats {
		head = append(head, c.Name)
	}
	table := [][]string{append(head, "household", "salt", "commitment", "chair")}
	for _, m := range pool {
		line := []string{strconv.Itoa(m.number)}
		for _, c := range cats {
			line = append(line, m.Features[c.Name])
		}
		salt := ""
		if m.Salt != nil {
			salt = m.Salt.String()
		}
		chair := ""
		if m.chair > 0 {
			chair = string(Chair{m.side, m.chair}.Word())
		}
		table = append(table, append(line, m.Label, salt, m.committed.String(), chair))
	}
	return sheet(table)
}

// person is words under a new box.
func (d *Desk) person(w words) (people.PersonID, []byte, error) {
	js, err := w.pack()
	if err != nil {
		return "", nil, err
	}
	id, sealed := d.Safe.Close(box, js)
	return id, sealed, nil
}

// tally counts the volunteers of each feature.
func tally(pool []member) map[[2]string]int {
	n := map[[2]string]int{}
	for _, m := range pool {
		for _, c := range slices.Sorted(maps.Keys(m.Features)) {
			n[[2]string{c, m.Features[c]}]++
		}
	}
	return n
}
