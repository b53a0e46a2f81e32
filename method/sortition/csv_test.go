package sortition

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

const (
	goodCategories = "category,feature,min,max\ngender,female,1,2\ngender,male,1,2\nage,young,0,3\nage,old,0,3\n"
	goodPool       = "id,gender,age,town\na,female,young,Tulum\nb,male,old,Bacalar\nc,male,young,Tulum\n"
)

func TestHeaders(t *testing.T) {
	for _, header := range []string{"category,feature", "category,name", "feature,value", "Category, Feature", "\ufeffcategory,feature"} {
		quotas, err := ParseCategories(strings.NewReader(strings.Replace(goodCategories, "category,feature", header, 1)))
		if err != nil || len(quotas) != 4 || quotas[1] != (Quota{"gender", "male", 1, 2, NoLimit, NoLimit, 3}) {
			t.Errorf("%s: %v, %v", header, quotas, err)
		}
	}
	quotas, err := ParseCategories(strings.NewReader("min_flex,max_flex,min,max,name,category\n1,,2,3,female,gender\n,5,2,3,male,gender\n"))
	if err != nil || quotas[0] != (Quota{"gender", "female", 2, 3, 1, NoLimit, 2}) || quotas[1].MaxFlex != 5 {
		t.Errorf("%v, %v", quotas, err)
	}
}

func TestCategoriesNameTheLine(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"NaN", "gender,male,1,2", "gender,male,NaN,2", `line 3: gender, male: min "NaN" is not a whole number`},
		{"half", "gender,male,1,2", "gender,male,1,2.5", `line 3: gender, male: max "2.5" is not a whole number`},
		{"negative", "gender,male,1,2", "gender,male,-1,2", `line 3: gender, male: min "-1" is not a whole number`},
		{"huge", "gender,male,1,2", "gender,male,1,99999999", "line 3: gender, male: max 99999999 is more than"},
		{"upside down", "gender,male,1,2", "gender,male,3,2", "line 3: gender, male: min 3 is more than max 2"},
		{"twice", "gender,male", "gender,female", "line 3: gender, female: the same feature twice"},
		{"no name", "gender,male", "gender,", "line 3: gender, : a category and a feature need names"},
		{"ragged", "gender,male,1,2", "gender,male,1", "line 3: wrong number of fields"},
		{"quote", "gender,male", "gender,ma\"le", `line 3: bare "`},
		{"not UTF-8", "gender,male", "gender,m\xff", "line 3: not UTF-8"},
		{"no max", "min,max", "min,most", "line 1: no column max"},
		{"a limit that is none", "category,feature,min,max\n", "category,feature,min,maximum\n", "line 1: column maximum: limits are min, max, min_flex, max_flex"},
		{"other columns", "category,feature", "a,b", "line 1: want columns category and feature"},
		{"nothing", goodCategories, "", "line 1: no header"},
		{"header alone", goodCategories[25:], "", "line 2: no categories"},
	} {
		text := strings.Replace(goodCategories, c.from, c.to, 1)
		if _, err := ParseCategories(strings.NewReader(text)); text == goodCategories || err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
	_, err := ParseCategories(strings.NewReader("category,feature,min,max,max\na,b,2,3,4\n"))
	if err == nil || err.Error() != "line 1: column max twice" {
		t.Error(err)
	}
	_, err = ParseCategories(strings.NewReader("category,feature,min,max,min_flex,max_flex\na,b,2,3,4,4\n"))
	if err == nil || err.Error() != "line 2: a, b: min_flex 4: want 0 to min 2" {
		t.Error(err)
	}
}

func TestPoolNamesTheLine(t *testing.T) {
	quotas, err := ParseCategories(strings.NewReader(goodCategories))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, to, want string }{
		{"without a feature", "b,male,old", "b,male,", "line 3: person b: nothing in category age"},
		{"unknown feature", "b,male,old", "b,male,ancient", `line 3: person b: no feature "ancient" in category age`},
		{"NaN", "b,male,old", "b,NaN,old", `line 3: person b: no feature "NaN" in category gender`},
		{"same id", "b,male", "a,male", "line 3: person a: the same id as on line 2"},
		{"no id", "b,male", ",male", "line 3: a person without an id"},
		{"no column", "id,gender", "id,sex", "line 1: no column for category gender"},
		{"column twice", "age,town", "age,age", "line 1: column age twice"},
		{"ragged", "b,male,old,Bacalar", "b,male,old", "line 3: wrong number of fields"},
		{"nothing", goodPool, "", "line 1: no header"},
		{"empty pool", goodPool[19:], "", "line 2: empty pool"},
	} {
		text := strings.Replace(goodPool, c.from, c.to, 1)
		if _, err := ParsePool(strings.NewReader(text), quotas, Columns{}); text == goodPool || err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
	for _, cols := range []Columns{{Household: "address"}, {ID: "key"}} {
		if _, err := ParsePool(strings.NewReader(goodPool), quotas, cols); err == nil {
			t.Errorf("%v: no error", cols)
		}
	}
	p, err := ParsePool(strings.NewReader(strings.ReplaceAll(goodPool, "id,gender", "name,gender")), quotas, Columns{Household: "town"})
	if err != nil || p.People[2].ID != "3" || p.People[2].Household != "Tulum" || p.People[2].Others[0] != "c" {
		t.Errorf("numbered: %+v, %v", p, err)
	}
}

func TestSolveRefuses(t *testing.T) {
	quotas, _ := ParseCategories(strings.NewReader(goodCategories))
	for _, c := range []struct {
		want   string
		change func(*Instance)
	}{
		{"panel size 0", func(in *Instance) { in.Size = 0 }},
		{"the pool has 3 people for 4 seats", func(in *Instance) { in.Size = 4 }},
		{"empty pool", func(in *Instance) { in.Pool.People = nil }},
		{"no categories", func(in *Instance) { in.Quotas = nil }},
		{"the pool has 2 households for 3 seats", func(in *Instance) {
			in.Size, in.Households = 3, true
			in.Pool.People[0].Household, in.Pool.People[2].Household = "h", "h"
		}},
		{"line 3: person b: no feature", func(in *Instance) { in.Pool.People[1].Features[1] = "x" }},
		{"line 4: person a: the same id twice", func(in *Instance) { in.Pool.People[2].ID = "a" }},
	} {
		pool, err := ParsePool(strings.NewReader(goodPool), quotas, Columns{})
		if err != nil {
			t.Fatal(err)
		}
		in := &Instance{Quotas: quotas, Pool: pool, Size: 2}
		c.change(in)
		if _, err := Solve(t.Context(), in, Maximin, nil); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

// FuzzCategories: nothing crashes the reader; what it accepts is written and
// read back the same.
func FuzzCategories(f *testing.F) {
	f.Add([]byte(goodCategories))
	f.Add([]byte("feature,value,min,max,min_flex,max_flex\r\na,\"b,\"\"c\",1,2,0,\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		quotas, err := ParseCategories(bytes.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteCategories(&b, quotas); err != nil {
			t.Fatal(err)
		}
		back, err := ParseCategories(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%q", err, b.String())
		}
		for i := range quotas {
			quotas[i].Line, back[i].Line = 0, 0
		}
		if !reflect.DeepEqual(quotas, back) {
			t.Fatalf("%v\n%v", quotas, back)
		}
	})
}

// FuzzPool: nothing crashes the reader; what it accepts is written and read back
// the same, and either solved or refused.
func FuzzPool(f *testing.F) {
	f.Add([]byte(goodCategories), []byte(goodPool), "town", 2)
	f.Add([]byte(goodCategories), []byte("gender,age\nmale,old\n"), "", 1)
	f.Fuzz(func(t *testing.T, categories, text []byte, home string, size int) {
		quotas, err := ParseCategories(bytes.NewReader(categories))
		if err != nil {
			return
		}
		pool, err := ParsePool(bytes.NewReader(text), quotas, Columns{Household: home})
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WritePool(&b, pool); err != nil {
			t.Fatal(err)
		}
		back, err := ParsePool(bytes.NewReader(b.Bytes()), quotas, Columns{ID: pool.IDColumn, Household: home})
		if err != nil {
			t.Fatalf("%v\n%q", err, b.String())
		}
		for i := range pool.People {
			pool.People[i].Line, back.People[i].Line = 0, 0
		}
		if !reflect.DeepEqual(pool, back) {
			t.Fatalf("%v\n%v", pool, back)
		}
		if len(pool.People) > 8 {
			return
		}
		in := &Instance{Quotas: quotas, Pool: pool, Size: size, Households: home != ""}
		if r, err := Solve(t.Context(), in, Leximin, nil); err == nil && r.Verify(in) != nil {
			t.Fatal(r.Verify(in))
		}
	})
}
