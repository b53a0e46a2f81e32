package edition_test

import (
	"testing"

	"glosa/civic/edition"
)

// TestNoProtocolPromisesAttachments: no form and no operation takes a file with a
// question, so no template says that one may be sent.
func TestNoProtocolPromisesAttachments(t *testing.T) {
	for _, key := range append(edition.Templates(), edition.Rehearsals()...) {
		raw, err := edition.Template(key)
		if err != nil {
			t.Fatal(err)
		}
		p, err := edition.ParseProtocol(raw)
		if err != nil {
			t.Fatal(err)
		}
		if p.Limits.Attachments != 0 {
			t.Errorf("%s promises %d attachments", key, p.Limits.Attachments)
		}
	}
}
