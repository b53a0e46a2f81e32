package record

import "glosa"

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
	// Lost is how many leaves after those were taken over from a copy of the
	// record, because the backup lacked their acts; Erased how many of the
	// commitments they erase were erased again here.
	Lost   int64 `json:"lost"`
	Erased int64 `json:"erased"`
}

// The kinds that the record itself declares.
var (
	kindStarted  = glosa.EventKind{Name: "software.started", Public: true, Body: Started{}}
	kindRestored = glosa.EventKind{Name: "record.restored", Public: true, Body: Restored{}}
)

// Kinds lists what the record itself tells the world.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kindStarted, kindRestored}
}

// Kinds of other rooms that the verifier knows by name, because they say
// something about other leaves.
const (
	// leafErased is the tombstone of one commitment: body.target is the commitment
	// whose text and salt are gone; body.lock the author's lock opened, or
	// body.posts the two who decided.
	leafErased = "text.erased"
	// leafWithdrawn opens the author's lock of its subject: body.lock.
	leafWithdrawn = "question.withdrawn"
	// leafReceived is what must not come after leafSealed in the same edition.
	leafReceived = "question.received"
	leafSealed   = "edition.intake_sealed"
	// leafCounted lets so many come all the same: paper that a desk had in its hands.
	leafCounted = "intake.counted"
	// leafInvited gives somebody a way to act: body.post stands on body.side. A
	// seat says its side itself, as seat:SIDE:N.
	leafInvited = "auth.invited"
)

// byTwo are the kinds of other rooms whose body.posts names the two people that
// decided, one of the government and one of civil society, and what they did. A
// tombstone without the author's lock is one more.
var byTwo = map[string]string{"question.refused": "refuses", "question.upheld": "upholds the refusal of",
	"question.redacted": "redacts", "question.seal_key_enrolled": "enrols a key in", "seal.opened": "opens the sealed original of",
	"question.withdrawn_by_two": "withdraws", "opinion.refused": "refuses a statement of"}
