package people

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"glosa"
	"glosa/civic/edition"
)

func TestShippedReferenceIsSourced(t *testing.T) {
	if got := Shipped(); !slices.Equal(got, []glosa.TerritoryCode{"23"}) {
		t.Errorf("shipped: %v", got)
	}
	ref := quintanaRoo(t)
	for _, i := range ref.Institutions {
		if !sourced(i.Sources) {
			t.Errorf("%s has no source", i.Key)
		}
	}
	for _, p := range ref.Territories {
		for _, n := range p.Names {
			if !sourced(n.Sources) {
				t.Errorf("%s %s has no source", p.Code, n.Words)
			}
		}
	}
	for _, key := range []glosa.InstitutionKey{"SEGOB", "SEMUJERES", "SEFIPLAN", "SECOES", "SABGOB", "SSP", "SSC", "SEDESO", "SEBIEN", "SEQ", "SESA",
		"SEDETUR", "SEDE", "SEDARPE", "SEMA", "SEDETUS", "SEOP", "STYPS", "CJ", "CEAVEQROO", "CPC", "IQTP", "CAPA", "INAI", "IDAIPQROO"} {
		if !slices.ContainsFunc(ref.Institutions, func(i Institution) bool { return i.Key == key }) {
			t.Errorf("%s is missing", key)
		}
	}
	if _, err := ShippedReference("31"); glosa.KindOf(err) != glosa.NotFound {
		t.Errorf("nothing is shipped for 31: %v", err)
	}
	if _, err := ShippedReference("../people"); glosa.KindOf(err) != glosa.NotFound {
		t.Errorf("a path is no territory: %v", err)
	}
}

// TestTileGrid: the places of screens.md §6.
func TestTileGrid(t *testing.T) {
	want := map[string][2]int{"Lázaro Cárdenas": {1, 3}, "Isla Mujeres": {1, 4}, "Benito Juárez": {2, 4}, "Puerto Morelos": {3, 4},
		"Playa del Carmen": {4, 3}, "Cozumel": {4, 4}, "José María Morelos": {5, 1}, "Felipe Carrillo Puerto": {5, 2}, "Tulum": {5, 3},
		"Bacalar": {6, 2}, "Othón P. Blanco": {7, 2}}
	tiles := map[[2]int]bool{}
	for _, m := range municipalities(t) {
		name, _ := nameOn(m.Names, "2026-01-01")
		at := [2]int{m.Row, m.Column}
		if want[name] != at || tiles[at] {
			t.Errorf("%s at %v, want %v", name, at, want[name])
		}
		tiles[at] = true
	}
	if len(tiles) != len(want) {
		t.Errorf("%d tiles, want %d", len(tiles), len(want))
	}
}

const (
	posts = "posts:\n  - {key: a-enlace, institution: A, title: Enlace, roles: [liaison]}\n"
	place = "territories:\n  - {code: \"99\", level: state, names: [{words: Prueba, sources: [\"https://example.org/a\"]}]}\n"
	offic = "institutions:\n  - {key: A, name: Uno, side: civil, sector: cso, sources: [\"https://example.org/a\"]}\n"
	count = "code,measure,amount\n99,total,10\n"
)

func folder(territory, institutions, census string) fs.FS {
	return fstest.MapFS{"territory.yaml": {Data: []byte(territory)}, "institutions.yaml": {Data: []byte(institutions)}, "census.csv": {Data: []byte(census)}}
}

// TestSecondTerritory: another territory is a folder, and nothing else.
func TestSecondTerritory(t *testing.T) {
	ref, err := ReadReference("99", folder(place, offic, count))
	if err != nil || ref.Territories[0].Census["total"] != 10 || ref.Institutions[0].Territory != "99" || ref.Digest.IsZero() {
		t.Errorf("%+v %v", ref, err)
	}
}

func TestReferenceErrorsNameThePlace(t *testing.T) {
	for _, c := range []struct {
		name, territory, institutions, census, want string
	}{
		{"BrokenYAML", "territories: [", offic, count, "territory.yaml:1:"},
		{"UnknownField", strings.Replace(place, "level", "size", 1), offic, count, "size"},
		{"NoSource", strings.Replace(place, "https://example.org/a", "", 1), offic, count, "source"},
		{"SourceIsNoAddress", strings.Replace(place, "https://example.org/a", "javascript:alert(1)", 1), offic, count, "source"},
		{"TwiceTheCode", place + strings.SplitN(place, "\n", 2)[1], offic, count, "once"},
		{"ItselfMissing", strings.ReplaceAll(place, "99", "98"), offic, count, "itself"},
		{"OffTheGrid", strings.Replace(place, "level: state", "level: state, row: 99", 1), offic, count, "grid"},
		{"OrphanAlias", place + "aliases:\n  - {territory: \"97\", words: X, source: \"https://example.org\"}\n", offic, count, "alias"},
		{"AliasWithoutSource", place + "aliases:\n  - {territory: \"99\", words: X, source: \"\"}\n", offic, count, "alias"},
		{"NoSuchSide", place, strings.Replace(offic, "civil", "royal", 1), count, "institutions.yaml:2: institution \"A\": wrong or missing: side"},
		{"NoSuchSector", place, strings.Replace(offic, "cso", "army", 1), count, "sector"},
		{"BadDate", place, strings.Replace(offic, "side: civil", "since: 2025-02-31, side: civil", 1), count, "since"},
		{"NextUnknown", place, strings.Replace(offic, "side: civil", "next: B, next_by: renamed, side: civil", 1), count, "unknown"},
		{"NextWithoutHow", place, strings.Replace(offic, "side: civil", "next: B, side: civil", 1), count, "next"},
		{"SecondRow", place, offic + "  - key: B\n    name: Dos\n    side: royal\n", count, "institutions.yaml:3:"},
		{"PostOfNobody", place, offic + strings.Replace(posts, "institution: A", "institution: B", 1), count, "institutions.yaml:4: post"},
		{"PostWithoutRole", place, offic + strings.Replace(posts, "liaison", "gardener", 1), count, "roles"},
		{"PostTwice", place, offic + posts + strings.SplitN(posts, "\n", 2)[1], count, "institutions.yaml:5:"},
		{"CensusHeader", place, offic, "a,b,c\n99,total,10\n", "census.csv:1:"},
		{"CensusUnknownCode", place, offic, "code,measure,amount\n98,total,10\n", "census.csv:2:"},
		{"CensusNegative", place, offic, "code,measure,amount\n99,total,-1\n", "census.csv:2:"},
		{"CensusTwice", place, offic, count + "99,total,11\n", "census.csv:3:"},
		{"CensusColumns", place, offic, count + "99,total\n", "census.csv:3:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadReference("99", folder(c.territory, c.institutions, c.census))
			if glosa.KindOf(err) != glosa.Invalid || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want Invalid naming %q", err, c.want)
			}
		})
	}
	if _, err := ReadReference("99", fstest.MapFS{}); glosa.KindOf(err) != glosa.Invalid {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestPosts: a folder names posts that head nothing, such as liaisons.
func TestPosts(t *testing.T) {
	ref, err := ReadReference("", folder(place, offic+posts, count))
	if err != nil || ref.Territory != "99" || len(ref.Posts) != 1 || ref.Posts[0].Side != glosa.Civil || ref.Posts[0].Institution != "A" {
		t.Errorf("%+v %v", ref, err)
	}
}

// TestSectorsAreThoseOfProtocols: one list, in two rooms.
func TestSectorsAreThoseOfProtocols(t *testing.T) {
	for i, c := range edition.Sectors() {
		if i >= len(sectors) || sectors[i] != Sector(c) {
			t.Fatalf("a protocol's sectors are %v, the register's %v", edition.Sectors(), sectors)
		}
	}
}

func TestLinksDoNotGoRound(t *testing.T) {
	list := []Institution{{Key: "A", Next: "B", NextBy: Renamed}, {Key: "B", Next: "A", NextBy: Renamed}}
	if checkLinks(list) == nil {
		t.Error("A after B after A")
	}
}

func FuzzReference(f *testing.F) {
	f.Add(place, offic, count)
	f.Add("territories: []", "institutions: []", "")
	f.Add("territories: [{code: [1]}]", "a: &a [*a]", "code,measure,amount\n\"99\n")
	f.Add(strings.Replace(place, "level: state", "level: state, since: 2025", 1), "institutions: {}", count+"99,\"x\",1\n")
	f.Fuzz(func(t *testing.T, territory, institutions, census string) {
		ref, err := ReadReference("99", folder(territory, institutions, census))
		if err != nil {
			if glosa.KindOf(err) != glosa.Invalid {
				t.Fatalf("%v is not Invalid", err)
			}
			return
		}
		for _, i := range ref.Institutions {
			if checkInstitution(i) != nil || !sourced(i.Sources) {
				t.Fatalf("%+v was read", i)
			}
		}
	})
}
