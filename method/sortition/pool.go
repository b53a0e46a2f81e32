package sortition

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Quota says how many people with one feature a panel has: from Min to Max.
// MinFlex and MaxFlex are how far a relaxation may go (stratification-app's
// min_flex and max_flex); NoLimit where the file does not say.
type Quota struct {
	Category, Feature string
	Min, Max          int
	MinFlex, MaxFlex  int
	Line              int // in the file; 0 where there was none
}

// NoLimit in MinFlex or MaxFlex: a relaxation may go as far as it must.
const NoLimit = -1

// A Person of the pool: one feature for each of Pool.Categories.
type Person struct {
	ID        string
	Features  []string
	Household string   // "" where each counts alone
	Others    []string // the other columns, as read
	Line      int
}

// A Pool is who may be drawn.
type Pool struct {
	Categories []string
	People     []Person
	IDColumn   string   // "" where people are numbered from 1
	Others     []string // names of the other columns
}

// An Instance is what a lottery is computed for.
type Instance struct {
	Quotas     []Quota
	Pool       *Pool
	Size       int  // seats
	Households bool // at most one person of each household
}

// MaxSize bounds panels and pools, so that counts fit wherever they are added.
const MaxSize = 1 << 20

// A space is an instance as the solver sees it. People with equal features are
// one kind. People who share a household are of one kind only if their
// households are alike too, member for member: then any household of that class
// can stand for another, and "at most one of each household" is one more row: of
// the class's kinds together, at most as many as it has households.
//
// A panel is a count for each kind. Row 0 is the size, then come the quotas, then
// the classes of households.
type space struct {
	size      int
	quotas    []Quota // sorted; quota i is row 1+i
	kinds     []kind
	classes   []class
	low, high []int // bounds of each row
	work      *effort
}

type kind struct {
	people []int // indexes into Pool.People; of a class: by household, then copy
	cap    int   // most of them that one panel can have
	rows   []int32
	class  int // or -1
	copies int // members of this kind in each household of the class
}

type class struct {
	households int
	kinds      []int
}

// newSpace sorts everything by name, so that the order of rows and columns in
// the files changes nothing.
func newSpace(in *Instance, work *effort) (*space, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s := &space{size: in.Size, quotas: slices.Clone(in.Quotas), low: []int{in.Size}, high: []int{in.Size}, work: work}
	slices.SortFunc(s.quotas, func(a, b Quota) int {
		return slices.Compare([]string{a.Category, a.Feature}, []string{b.Category, b.Feature})
	})
	row := map[[2]string]int32{}
	for i, q := range s.quotas {
		row[[2]string{q.Category, q.Feature}] = int32(i + 1)
		s.low, s.high = append(s.low, q.Min), append(s.high, max(q.Min, min(q.Max, in.Size)))
	}
	rows := make([][]int32, len(in.Pool.People))
	for i, p := range in.Pool.People {
		rows[i] = []int32{0}
		for c, f := range p.Features {
			at, ok := row[[2]string{in.Pool.Categories[c], f}]
			if !ok {
				return nil, personError(p, fmt.Errorf("no feature %q in category %s", f, in.Pool.Categories[c]))
			}
			rows[i] = append(rows[i], at)
		}
		slices.Sort(rows[i])
	}
	s.group(in, rows)
	if err := s.enough(); err != nil {
		return nil, err
	}
	return s, nil
}

// A seat is a person on the way to a kind.
type seat struct {
	who   int
	rows  []int32
	id    string
	class string // the rows of all members of the household, where it has several
	home  string // the id of its first member, whatever the household is called
}

func compareSeats(a, b seat) int {
	return cmp.Or(slices.Compare(a.rows, b.rows), strings.Compare(a.class, b.class),
		compareID(a.home, b.home), compareID(a.id, b.id))
}

// seats sorts people by kind, household and id.
func seats(in *Instance, rows [][]int32) []seat {
	all := make([]seat, len(rows))
	homes := map[string][]*seat{}
	for i, p := range in.Pool.People {
		all[i] = seat{who: i, rows: rows[i], id: p.ID}
		if in.Households && p.Household != "" {
			homes[p.Household] = append(homes[p.Household], &all[i])
		}
	}
	for _, home := range homes {
		if len(home) < 2 {
			continue
		}
		slices.SortFunc(home, func(a, b *seat) int {
			return cmp.Or(slices.Compare(a.rows, b.rows), compareID(a.id, b.id))
		})
		var class []string
		for _, h := range home {
			class = append(class, fmt.Sprint(h.rows))
		}
		for _, h := range home {
			h.class, h.home = strings.Join(class, ""), home[0].id
		}
	}
	slices.SortFunc(all, compareSeats)
	return all
}

// group makes the kinds and the classes of households.
func (sp *space) group(in *Instance, rows [][]int32) {
	classOf, counted := map[string]int{}, map[string]bool{}
	all := seats(in, rows)
	for i, m := range all {
		if i == 0 || m.class != all[i-1].class || !slices.Equal(m.rows, all[i-1].rows) {
			k := kind{rows: m.rows, class: -1, copies: 1}
			if m.class != "" {
				c, ok := classOf[m.class]
				if !ok {
					c = len(sp.classes)
					classOf[m.class] = c
					sp.classes = append(sp.classes, class{})
				}
				k.class = c
				sp.classes[c].kinds = append(sp.classes[c].kinds, len(sp.kinds))
			}
			sp.kinds = append(sp.kinds, k)
		}
		k := &sp.kinds[len(sp.kinds)-1]
		k.people = append(k.people, m.who)
		k.cap = len(k.people)
		if m.class != "" && !counted[m.home] {
			counted[m.home] = true
			sp.classes[k.class].households++
		}
	}
	for c, cl := range sp.classes {
		sp.low, sp.high = append(sp.low, 0), append(sp.high, cl.households)
		for _, k := range cl.kinds {
			kd := &sp.kinds[k]
			kd.copies, kd.cap = len(kd.people)/cl.households, cl.households
			kd.rows = append(slices.Clone(kd.rows), int32(1+len(sp.quotas)+c))
		}
	}
}

// mostKinds bounds the master programme, which takes n² numbers for n kinds.
const mostKinds = 8192

// enough reports a pool that cannot fill the panel whatever the quotas are.
func (sp *space) enough() error {
	most := 0
	for _, k := range sp.kinds {
		if k.class < 0 {
			most += k.cap
		}
	}
	for _, c := range sp.classes {
		most += c.households
	}
	if most < sp.size {
		what := "people"
		if len(sp.classes) > 0 {
			what = "households"
		}
		return fmt.Errorf("the pool has %d %s for %d seats", most, what, sp.size)
	}
	return nil
}

// compareID orders ids: whole numbers by value, before all others by bytes.
func compareID(a, b string) int {
	na, nb := number(a), number(b)
	switch {
	case na && nb && len(a) != len(b):
		return len(a) - len(b)
	case na != nb && na:
		return -1
	case na != nb:
		return 1
	}
	return strings.Compare(a, b)
}

// number reports whether s is a whole number without leading zeros.
func number(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && (s[0] != '0' || len(s) == 1)
}

func personError(p Person, err error) error {
	if p.Line > 0 {
		return &LineError{p.Line, fmt.Errorf("person %s: %w", p.ID, err)}
	}
	return fmt.Errorf("person %s: %w", p.ID, err)
}

func quotaError(q Quota, err error) error {
	if q.Line > 0 {
		return &LineError{q.Line, fmt.Errorf("%s, %s: %w", q.Category, q.Feature, err)}
	}
	return fmt.Errorf("%s, %s: %w", q.Category, q.Feature, err)
}

// check refuses what no lottery can be computed for. Quotas that merely cannot
// be met together are no wrong input: Solve says which.
func (in *Instance) check() error {
	switch {
	case in.Pool == nil || len(in.Pool.People) == 0:
		return errors.New("empty pool")
	case len(in.Quotas) == 0:
		return errors.New("no categories")
	case in.Size < 1 || in.Size > MaxSize:
		return fmt.Errorf("panel size %d: want 1 to %d", in.Size, MaxSize)
	case len(in.Pool.People) > MaxSize:
		return fmt.Errorf("%d people: at most %d", len(in.Pool.People), MaxSize)
	}
	if err := checkQuotas(in.Quotas); err != nil {
		return err
	}
	cats := slices.Clone(in.Pool.Categories)
	slices.Sort(cats)
	for i, c := range cats {
		if i > 0 && cats[i-1] == c {
			return fmt.Errorf("category %s twice", c)
		}
		if !slices.ContainsFunc(in.Quotas, func(q Quota) bool { return q.Category == c }) {
			return fmt.Errorf("category %s has no features", c)
		}
	}
	for _, q := range in.Quotas {
		if !slices.Contains(cats, q.Category) {
			return quotaError(q, fmt.Errorf("the pool has no category %s", q.Category))
		}
	}
	seen := map[string]bool{}
	for _, p := range in.Pool.People {
		switch {
		case p.ID == "":
			return personError(p, errors.New("no id"))
		case seen[p.ID]:
			return personError(p, errors.New("the same id twice"))
		case len(p.Features) != len(cats):
			return personError(p, fmt.Errorf("%d features for %d categories", len(p.Features), len(cats)))
		}
		seen[p.ID] = true
	}
	return nil
}

func checkQuotas(quotas []Quota) error {
	seen := map[[2]string]bool{}
	for _, q := range quotas {
		key := [2]string{q.Category, q.Feature}
		switch {
		case q.Category == "" || q.Feature == "":
			return quotaError(q, errors.New("a category and a feature need names"))
		case seen[key]:
			return quotaError(q, errors.New("the same feature twice"))
		case q.Min < 0 || q.Max > MaxSize:
			return quotaError(q, fmt.Errorf("bounds %d to %d: want 0 to %d", q.Min, q.Max, MaxSize))
		case q.Min > q.Max:
			return quotaError(q, fmt.Errorf("min %d is more than max %d", q.Min, q.Max))
		case q.MinFlex != NoLimit && (q.MinFlex < 0 || q.MinFlex > q.Min):
			return quotaError(q, fmt.Errorf("min_flex %d: want 0 to min %d", q.MinFlex, q.Min))
		case q.MaxFlex != NoLimit && (q.MaxFlex < q.Max || q.MaxFlex > MaxSize):
			return quotaError(q, fmt.Errorf("max_flex %d: want max %d or more", q.MaxFlex, q.Max))
		}
		seen[key] = true
	}
	return nil
}
