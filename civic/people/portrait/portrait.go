package portrait

import (
	"encoding/json"
	"slices"

	"glosa"
	"glosa/civic/people"
)

// Answer is what somebody says of themselves. Whatever is empty was not said.
type Answer struct {
	Municipality glosa.TerritoryCode `json:"p,omitempty"`
	Sex          glosa.Code          `json:"s,omitempty"`
	Age          glosa.Code          `json:"a,omitempty"`
	Language     glosa.Code          `json:"l,omitempty"`
}

// Attribute is one thing that is asked.
type Attribute glosa.Code

const (
	Sex      Attribute = "sex"
	Age      Attribute = "age"
	Language Attribute = "language" // whether one speaks an indigenous language; which one is not asked
)

// Attributes lists what is asked, in the order of the form.
func Attributes() []Attribute { return []Attribute{Sex, Age, Language} }

// Unsaid is the answer of whoever answers something else, or nothing. It is no
// cell of any table: a handful of people would stand in it.
const Unsaid glosa.Code = "unsaid"

// values are the cells of each attribute: those that the census counts.
var values = map[Attribute][]glosa.Code{
	Sex:      {"woman", "man"},
	Age:      {"12_17", "18_29", "30_44", "45_59", "60"},
	Language: {"indigenous", "none"},
}

// Values are the cells of an attribute, in the order of the form.
func (a Attribute) Values() []glosa.Code { return slices.Clone(values[a]) }

// of is what an answer says of an attribute.
func (a Answer) of(x Attribute) glosa.Code {
	return map[Attribute]glosa.Code{Sex: a.Sex, Age: a.Age, Language: a.Language}[x]
}

// plain drops what is no answer. Invalid for a word that is none of the form's,
// and when nothing is said at all.
func (a Answer) plain() (Answer, error) {
	var wrong []glosa.Field
	for _, f := range []struct {
		at   Attribute
		said *glosa.Code
	}{{Sex, &a.Sex}, {Age, &a.Age}, {Language, &a.Language}} {
		if *f.said == Unsaid {
			*f.said = ""
		}
		if *f.said != "" && !slices.Contains(values[f.at], *f.said) {
			wrong = append(wrong, glosa.Field{Name: string(f.at), Key: "pt.choose"})
		}
	}
	if len(wrong) > 0 {
		return a, glosa.Wrong(wrong...)
	}
	if a.Sex == "" && a.Age == "" && a.Language == "" {
		return a, glosa.WrongField("sex", "pt.nothing")
	}
	return a, nil
}

// boxed is how long every answer is before it is sealed: its box tells nothing by its size.
const boxed = 120

// pack writes an answer in boxed bytes.
func (a Answer) pack() ([]byte, error) {
	js, err := json.Marshal(a)
	if err != nil || len(js) > boxed {
		return nil, glosa.WrongField("municipality", "a.mun")
	}
	for len(js) < boxed {
		js = append(js, ' ')
	}
	return js, nil
}

func unpack(b []byte) (a Answer, err error) {
	err = json.Unmarshal(b, &a)
	return a, err
}

// measures say which measures of the census make up a cell, and which all of them.
var measures = map[Attribute]map[glosa.Code][]string{
	Sex: {"woman": {"women"}, "man": {"men"}},
	Age: {"12_17": {"age12_17"}, "18_29": {"age18_24", "age25_29"}, "30_44": {"age30_34", "age35_39", "age40_44"},
		"45_59": {"age45_49", "age50_54", "age55_59"}, "60": {"age60"}},
	Language: {"indigenous": {"speakers3"}},
}

// Census is how many people of a territory stand in each cell of an attribute:
// of sex everybody, of age those of twelve and more, of language those of three
// and more. Empty when its census does not count them.
func Census(t people.Territory, a Attribute) map[glosa.Code]int64 {
	out := map[glosa.Code]int64{}
	for _, v := range values[a] {
		for _, m := range measures[a][v] {
			n, known := t.Census[m]
			if !known {
				return nil
			}
			out[v] += n
		}
	}
	if a == Language {
		all, known := t.Census["from3"]
		if !known || all < out["indigenous"] {
			return nil
		}
		out["none"] = all - out["indigenous"]
	}
	return out
}
