package people

import (
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// The functions below take a transaction, so that later rooms ask them inside
// their own acts. A day is asked with a time in the edition's zone: at nine in
// the evening in Cancún it is already tomorrow in UTC.

// InstitutionOn is the institution that answered to key on the day: key itself,
// or the name it bore then (SABGOB asked for 2019 gives SECOES). Sure is false
// when the sources leave the day open; then the name asked for is preferred.
// NotFound when there is no such key, or when nothing bore it that day.
func InstitutionOn(tx *db.Tx, key glosa.InstitutionKey, day time.Time) (Institution, error) {
	line, err := lineage(tx, key)
	if err != nil {
		return Institution{}, err
	}
	d := DayOf(day)
	var maybe []Institution
	for _, i := range line {
		switch i.On(d) {
		case Yes:
			i.Sure = true
			return i, nil
		case Perhaps:
			maybe = append(maybe, i)
		}
	}
	if asked := slices.IndexFunc(maybe, func(i Institution) bool { return i.Key == key }); asked >= 0 {
		return maybe[asked], nil
	}
	if len(maybe) > 0 {
		return maybe[len(maybe)-1], nil
	}
	if next := line[len(line)-1].Next; next != "" {
		return Institution{}, glosa.Refuse(glosa.NotFound, "pe.ceased", "what", "institution", "id", string(key), "next", string(next))
	}
	return Institution{}, glosa.Refuse(glosa.NotFound, "pe.gone", "what", "institution", "id", string(key))
}

// Answers tells whether a question may be put to the institution on the day: it
// is of government and lives. One that has a successor, or whose end may have
// come, is not asked while its name may be gone: the question would reach nobody.
func (i Institution) Answers(day Day) bool {
	return i.Side == glosa.Government && (i.On(day) == Yes || i.On(day) == Perhaps && i.Next == "" && !i.over(day))
}

// over tells whether the end of a life may have come.
func (l Life) over(day Day) bool {
	first, _ := l.Until.Span()
	return l.Until != "" && day >= first
}

// AddresseeOn is the institution to which a question may be put under exactly
// this key on the day. Invalid, of the field "institution", when there is none:
// it names the successor where there is one.
func AddresseeOn(tx *db.Tx, key glosa.InstitutionKey, day time.Time) (Institution, error) {
	i, err := Office(tx, key)
	switch {
	case err != nil && glosa.KindOf(err) == glosa.NotFound:
		return i, glosa.WrongField("institution", "a.institution")
	case err != nil || i.Answers(DayOf(day)):
		return i, err
	case i.Next != "":
		return i, glosa.WrongField("institution", "a.institution.next", "next", string(i.Next))
	}
	return i, glosa.WrongField("institution", "a.institution")
}

// lineage lists one institution under all its names, oldest first.
func lineage(tx *db.Tx, key glosa.InstitutionKey) ([]Institution, error) {
	here, err := Office(tx, key)
	if err != nil {
		return nil, err
	}
	line := []Institution{here}
	seen := map[glosa.InstitutionKey]bool{key: true}
	for before := key; ; {
		older, err := selectBefore(tx, before)
		if err != nil {
			return nil, err
		}
		if len(older) == 0 || seen[older[0].Key] {
			break
		}
		before = older[0].Key
		seen[before] = true
		line = slices.Insert(line, 0, older[0])
	}
	for last := here; last.NextBy == Renamed && !seen[last.Next]; {
		if last, err = Office(tx, last.Next); err != nil {
			return nil, err
		}
		seen[last.Key] = true
		line = append(line, last)
	}
	return line, nil
}

// Office is the institution written under exactly this key. NotFound.
func Office(tx *db.Tx, key glosa.InstitutionKey) (Institution, error) {
	i, err := selectInstitution(tx, key)
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return i, glosa.Missing("institution", string(key))
	}
	return i, err
}

// Lineage lists all the names of the institution that key belongs to, oldest first. NotFound.
func Lineage(tx *db.Tx, key glosa.InstitutionKey) ([]Institution, error) { return lineage(tx, key) }

// Institutions lists those that existed, for sure or perhaps, on the day, by key.
func Institutions(tx *db.Tx, day time.Time) ([]Institution, error) {
	all, err := selectInstitutions(tx)
	if err != nil {
		return nil, err
	}
	d := DayOf(day)
	var out []Institution
	for _, i := range all {
		if held := i.On(d); held != No {
			i.Sure = held == Yes
			out = append(out, i)
		}
	}
	return out, nil
}

// AllInstitutions lists every name of every institution, by key.
func AllInstitutions(tx *db.Tx) ([]Institution, error) { return selectInstitutions(tx) }

// PostOf is a post. NotFound.
func PostOf(tx *db.Tx, key glosa.PostKey) (Post, error) {
	p, err := selectPost(tx, key)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return p, glosa.Missing("post", string(key))
	}
	return p, err
}

// Posts lists the posts that exist, for sure or perhaps, on the day, by key.
func Posts(tx *db.Tx, day time.Time) ([]Post, error) {
	all, err := selectPosts(tx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p Post) bool { return p.On(DayOf(day)) == No }), nil
}

// HolderOn is nil when the human holds the post on the day. Denied otherwise.
func HolderOn(tx *db.Tx, post glosa.PostKey, human glosa.HumanID, day time.Time) error {
	return heldOn(tx, post, human, DayOf(day))
}

func heldOn(tx *db.Tx, post glosa.PostKey, human glosa.HumanID, day Day) error {
	tenures, err := selectTenuresOf(tx, human, day)
	if err != nil {
		return err
	}
	if human != "" && slices.ContainsFunc(tenures, func(t Tenure) bool { return t.Post == post }) {
		return nil
	}
	return notHeld(post)
}

func notHeld(post glosa.PostKey) error {
	return glosa.Refuse(glosa.Denied, "pe.notheld", "rule", "post:"+string(post))
}

// DelegatedOn is the delegation by which the human may do the act for the post
// on the day. Denied when there is none, or when the act is never delegated.
func DelegatedOn(tx *db.Tx, post glosa.PostKey, human glosa.HumanID, act glosa.Act, day time.Time) (Delegation, error) {
	if human == "" || !Delegable(act) {
		return Delegation{}, notHeld(post)
	}
	granted, err := selectDelegationsTo(tx, human, DayOf(day))
	if err != nil {
		return Delegation{}, err
	}
	for _, d := range granted {
		if d.Post == post && slices.Contains(d.Acts, act) {
			return d, nil
		}
	}
	return Delegation{}, notHeld(post)
}

// MayActFor is nil when the human may do the act for the post on the day: by
// holding it, or by a delegation that covers the act. Denied otherwise.
func MayActFor(tx *db.Tx, post glosa.PostKey, human glosa.HumanID, act glosa.Act, day time.Time) error {
	_, err := ActsFor(tx, post, human, act, day)
	return err
}

// ActsFor is as whom the human may do the act for the post on the day: nil as its
// holder, else by the delegation that covers the act. Denied otherwise.
func ActsFor(tx *db.Tx, post glosa.PostKey, human glosa.HumanID, act glosa.Act, day time.Time) (*Delegation, error) {
	err := HolderOn(tx, post, human, day)
	if err == nil || glosa.KindOf(err) != glosa.Denied {
		return nil, err
	}
	d, err := DelegatedOn(tx, post, human, act, day)
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// Hats lists every capacity in which a human may act on the day: posts held,
// posts some of whose acts were delegated to them, seats.
func Hats(tx *db.Tx, human glosa.HumanID, day time.Time) ([]Hat, error) {
	d := DayOf(day)
	tenures, err := selectTenuresOf(tx, human, d)
	if err != nil {
		return nil, err
	}
	granted, err := selectDelegationsTo(tx, human, d)
	if err != nil {
		return nil, err
	}
	seats, err := selectSeatsOf(tx, human, d)
	if err != nil {
		return nil, err
	}
	var posts []glosa.PostKey
	for _, t := range tenures {
		posts = append(posts, t.Post)
	}
	for _, g := range granted {
		posts = append(posts, g.Post)
	}
	slices.Sort(posts)
	var hats []Hat
	for _, key := range slices.Compact(posts) {
		p, err := PostOf(tx, key)
		if err != nil {
			return nil, err
		}
		hats = append(hats, Hat{Post: key, Institution: p.Institution, Side: p.Side, Roles: p.Roles})
	}
	for _, s := range seats {
		hats = append(hats, Hat{Institution: s.Institution, Edition: s.Edition, Side: s.Side, Seat: s.Number, Roles: s.Roles, Sector: s.Sector})
	}
	return hats, nil
}

// TerritoryOn is one territory under the name of the day. NotFound.
func TerritoryOn(tx *db.Tx, code glosa.TerritoryCode, day time.Time) (Territory, error) {
	found, err := selectTerritory(tx, code)
	if err != nil {
		return Territory{}, err
	}
	if len(found) == 0 {
		return Territory{}, glosa.Missing("territory", string(code))
	}
	err = dress(tx, found, "-", code, DayOf(day))
	return found[0], err
}

// Municipalities lists the parts of a territory by code, under the names of the day.
func Municipalities(tx *db.Tx, territory glosa.TerritoryCode, day time.Time) ([]Territory, error) {
	parts, err := selectChildren(tx, territory)
	if err != nil {
		return nil, err
	}
	return parts, dress(tx, parts, territory, "-", DayOf(day))
}

// KnownMunicipality tells whether code is a part of the territory.
func KnownMunicipality(tx *db.Tx, territory, code glosa.TerritoryCode) (bool, error) {
	n, err := selectParts(tx, territory, code)
	return n > 0, err
}

// Aliases lists the sourced other names of the places of a territory.
func Aliases(tx *db.Tx, territory glosa.TerritoryCode) ([]Alias, error) {
	return selectAliases(tx, territory)
}

// dress adds names and census to the territories that are parts of parent, or code itself.
func dress(tx *db.Tx, list []Territory, parent, code glosa.TerritoryCode, day Day) error {
	at := map[glosa.TerritoryCode]*Territory{}
	for i := range list {
		list[i].Census = map[string]int64{}
		at[list[i].Code] = &list[i]
	}
	names, err := selectNames(tx, parent, code)
	if err != nil {
		return err
	}
	for _, n := range names {
		if t := at[n.code]; t != nil {
			t.Names = append(t.Names, n.name)
		}
	}
	census, err := selectCensus(tx, parent, code)
	if err != nil {
		return err
	}
	for _, c := range census {
		if t := at[c.code]; t != nil {
			t.Census[c.measure] = c.amount
		}
	}
	for i := range list {
		list[i].Name, list[i].Sure = nameOn(list[i].Names, day)
	}
	return nil
}

// nameOn is the name borne on the day; where the sources leave the day open, the newer one.
func nameOn(names []Name, day Day) (words string, sure bool) {
	for _, n := range names {
		switch n.On(day) {
		case Yes:
			return n.Words, true
		case Perhaps:
			words = n.Words
		}
	}
	if words == "" && len(names) > 0 {
		words = names[0].Words
	}
	return words, false
}

// Fold writes a place name as it is searched: lower case, no accents on
// Spanish vowels, one blank between words, and the three apostrophes of Maya
// spelling as one.
func Fold(name string) string {
	return strings.Join(strings.Fields(folds.Replace(strings.ToLower(name))), " ")
}

var folds = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "’", "'", "ʼ", "'", "`", "'")
