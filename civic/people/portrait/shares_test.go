package portrait

import (
	"testing"

	"glosa"
	"glosa/civic/people"
)

// TestSharesAreOfWhatIsShown: 30 women and 70 men of a state with 921,206 women
// and 936,779 men.
func TestSharesAreOfWhatIsShown(t *testing.T) {
	ref, err := people.ShippedReference("23")
	if err != nil {
		t.Fatal(err)
	}
	state := ref.Territories[0]
	if state.Code != "23" {
		t.Fatalf("the first territory is %s", state.Code)
	}
	sex := Table{Attribute: Sex, Least: few, Cells: []Cell{{"woman", "", 30}, {"man", "", 70}}}
	got := Shares(sex, Census(state, Sex))
	want := []Share{{"woman", 30, 300, 496, 61}, {"man", 70, 700, 504, 139}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	age := Table{Attribute: Age, Least: few, Cells: []Cell{{"12_17", "", Hidden}, {"18_29", "", 20}, {"30_44", "", 20}, {"45_59", "", Hidden}, {"60", "", Hidden}}}
	got = Shares(age, Census(state, Age))
	if got[1].Given != 500 || got[1].Census != 465 || got[1].Ratio != 108 || got[0] != (Share{"12_17", Hidden, Hidden, Hidden, Hidden}) {
		t.Errorf("%+v", got)
	}
	sex.Cells[0].People = Hidden
	if got := Shares(sex, Census(state, Sex)); got[1].Given != Hidden || got[1].Ratio != Hidden {
		t.Errorf("one cell alone has a share: %+v", got)
	}
	var bands int64
	for _, n := range Census(state, Age) {
		bands += n
	}
	if bands != 177176+410657+473336+278190+131052 { // facts §4.6
		t.Errorf("the bands hold %d people", bands)
	}
	if n := Census(people.Territory{Census: map[string]int64{"women": 1}}, Sex); n != nil {
		t.Errorf("half a census is one: %v", n)
	}
	if Census(state, Language)["none"] != 1752570-204949 {
		t.Errorf("%v", map[glosa.Code]int64(Census(state, Language)))
	}
}
