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

// Directory reads the names of a territory on a day, as a time in its zone. NotFound.
func (d *Desk) Directory(ctx context.Context, territory glosa.TerritoryCode, day time.Time) (dir Directory, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		dir = Directory{Offices: map[glosa.InstitutionKey]Institution{}, Posts: map[glosa.PostKey]Post{}, places: map[glosa.TerritoryCode]string{}}
		if dir.Territory, err = TerritoryOn(tx, territory, day); err != nil {
			return err
		}
		if dir.Municipalities, err = Municipalities(tx, territory, day); err != nil {
			return err
		}
		if dir.Institutions, err = Institutions(tx, day); err != nil {
			return err
		}
		all, err := AllInstitutions(tx)
		if err != nil {
			return err
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
		return err
	})
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
