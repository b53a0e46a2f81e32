package edition

import "testing"

func TestTemplates(t *testing.T) {
	for _, name := range Templates() {
		text, err := Template(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseProtocol(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
