package people

import (
	"context"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// Directory is who and where pages name: one reading for a whole page.
type Directory struct {
	Territory      Territory
	Municipalities []Territory                          // of the territory, on the day
	Institutions   []Institution                        // that exist on the day, by name as people look one up: see [Fold]
	Offices        map[glosa.InstitutionKey]Institution // every name of every institution
	Posts          map[glosa.PostKey]Post               // that exist on the day
	places         map[glosa.TerritoryCode]string
}

// directoryKey is what a directory depends on besides the register.
type directoryKey struct {
	territory glosa.TerritoryCode
	day       Day
}

// Directory reads the names of a territory on a day, as a time in its zone. It is
// shared: who wants to change it copies it. NotFound.
func (d *Desk) Directory(ctx context.Context, territory glosa.TerritoryCode, day time.Time) (Directory, error) {
	return d.directories.Read(ctx, d.DB, directoryKey{territory, DayOf(day)}, ours, func(tx *db.Tx) (Directory, error) {
		return directory(tx, territory, day)
	})
}

func directory(tx *db.Tx, territory glosa.TerritoryCode, day time.Time) (dir Directory, err error) {
	dir = Directory{Offices: map[glosa.InstitutionKey]Institution{}, Posts: map[glosa.PostKey]Post{}, places: map[glosa.TerritoryCode]string{}}
	if dir.Territory, err = TerritoryOn(tx, territory, day); err != nil {
		return dir, err
	}
	if dir.Municipalities, err = Municipalities(tx, territory, day); err != nil {
		return dir, err
	}
	if dir.Institutions, err = Institutions(tx, day); err != nil {
		return dir, err
	}
	byName(dir.Institutions)
	all, err := AllInstitutions(tx)
	if err != nil {
		return dir, err
	}
	for _, i := range all {
		dir.Offices[i.Key] = i
	}
	posts, err := Posts(tx, day)
	for _, p := range posts {
		dir.Posts[p.Key] = p
	}
	for _, m := range dir.Municipalities {
		dir.places[m.Code] = m.Name
	}
	return dir, err
}

// byName orders institutions by their folded names, each folded once.
func byName(all []Institution) {
	folded := make(map[glosa.InstitutionKey]string, len(all))
	for _, i := range all {
		folded[i.Key] = Fold(i.Name)
	}
	slices.SortStableFunc(all, func(a, b Institution) int { return strings.Compare(folded[a.Key], folded[b.Key]) })
}

// Register is every institution and every post under every name, by key.
type Register struct {
	Institutions map[glosa.InstitutionKey]Institution
	Posts        map[glosa.PostKey]Post
}

// Register reads the names that pages say who acted by. It is shared: who wants to
// change it copies it.
func (d *Desk) Register(ctx context.Context) (Register, error) {
	return d.register.Read(ctx, d.DB, struct{}{}, ours, func(tx *db.Tx) (Register, error) {
		all, err := AllInstitutions(tx)
		if err != nil {
			return Register{}, err
		}
		posts, err := selectPosts(tx)
		r := Register{make(map[glosa.InstitutionKey]Institution, len(all)), make(map[glosa.PostKey]Post, len(posts))}
		for _, i := range all {
			r.Institutions[i.Key] = i
		}
		for _, p := range posts {
			r.Posts[p.Key] = p
		}
		return r, err
	})
}

// Municipality is the name of a municipality; its code when it is not one of the territory's.
func (d Directory) Municipality(code glosa.TerritoryCode) string {
	if name, ok := d.places[code]; ok {
		return name
	}
	return string(code)
}

// Institution is the name of an institution under exactly this key; the key when there is none.
func (d Directory) Institution(key glosa.InstitutionKey) string {
	if i, ok := d.Offices[key]; ok && i.Name != "" {
		return i.Name
	}
	return string(key)
}

// Post is the title of a post; its key when there is none.
func (d Directory) Post(key glosa.PostKey, lang string) string {
	if p, ok := d.Posts[key]; ok {
		return p.Title.In(lang)
	}
	return string(key)
}
