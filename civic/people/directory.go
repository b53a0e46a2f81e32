package people

import (
	"context"
	"time"

	"glosa"
	"glosa/db"
)

// Directory is who and where pages name: one reading for a whole page.
type Directory struct {
	Territory      Territory
	Municipalities []Territory                          // of the territory, on the day
	Institutions   []Institution                        // that exist on the day, by key
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
