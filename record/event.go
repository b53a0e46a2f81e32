package record

import "glosa"

// Erased is the tombstone of one commitment: its text and salt are gone for
// good, by law or by the author's will. A text with several commitments leaves
// one tombstone for each.
type Erased struct {
	Target glosa.Hash      `json:"target"` // the commitment that nobody can open any more
	Ground glosa.Code      `json:"ground"` // "privacy", "author_lock", …
	Law    glosa.Code      `json:"law"`    // the article, as a code; "none" for the author's lock
	Posts  []glosa.PostKey `json:"posts"`  // two of different sides, or none for the author's lock
}

// AdminAct is what somebody did at the server's command line. It is logged
// before its effect.
type AdminAct struct {
	Command glosa.Code      `json:"command"`
	Reason  glosa.Code      `json:"reason"`
	Posts   []glosa.PostKey `json:"posts"`
}

// Started says which program runs. It is self-declared: a liar would lie here too.
type Started struct {
	Version  glosa.Code `json:"version"`
	Revision glosa.Code `json:"revision"`
	SHA256   glosa.Hash `json:"sha256"` // of the executable file
}

// Restored says that the database was put back from a backup.
type Restored struct {
	Checked bool       `json:"checked"` // against a saved checkpoint or receipt
	Size    int64      `json:"size"`    // leaves that the backup holds
	Against int64      `json:"against"` // size of the saved checkpoint; 0 if there was none
	Root    glosa.Hash `json:"root"`    // of the tree of Size leaves
}

// The kinds that the record itself declares.
var (
	kindErased   = glosa.EventKind{Name: "text.erased", Public: true, Body: Erased{}}
	kindAdmin    = glosa.EventKind{Name: "admin.act", Public: true, Body: AdminAct{}}
	kindStarted  = glosa.EventKind{Name: "software.started", Public: true, Body: Started{}}
	kindRestored = glosa.EventKind{Name: "record.restored", Public: true, Body: Restored{}}
)

// Kinds lists what the record itself tells the world.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kindErased, kindAdmin, kindStarted, kindRestored}
}

// Tombstone is the event of an erasure. The room that erases leaves it in the
// same act that deletes text and salt; cmd hands it this function.
func Tombstone(by glosa.Actor, ed glosa.EditionID, subject string, e Erased, tags ...string) glosa.Event {
	return kindErased.Event(by, ed, subject, e, tags...)
}
