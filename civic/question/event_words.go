package question

import (
	"time"

	"glosa"
)

// What happens to words beside asking and editing: they are redacted, sealed,
// translated.
type (
	// redactedBody is the public trace of a redaction: where, why, by whom, and to
	// whose keys the original went. Positions are those of the version before.
	redactedBody struct {
		Bundle  glosa.Hash   `json:"bundle"` // digest of the sealed original
		Commit  glosa.Hash   `json:"commit"`
		Keys    []glosa.Hash `json:"keys"` // digests: of the government's side, of civil society's
		Of      glosa.Hash   `json:"of"`
		Posts   []glosa.Code `json:"posts"`
		Sealed  []int        `json:"sealed"` // versions whose words and salts left the database
		Spans   []Span       `json:"spans"`
		Version int          `json:"version"`
	}
	sealKeyBody struct {
		Key   glosa.Hash   `json:"key"` // digest of the public key
		Posts []glosa.Code `json:"posts"`
		Side  glosa.Code   `json:"side"`
	}
	unsealedBody struct {
		Bundles []glosa.Hash `json:"bundles"`
		Posts   []glosa.Code `json:"posts"`
		Reason  glosa.Code   `json:"reason"`
	}
	lateBody struct {
		Due time.Time `json:"due"`
	}
)

var (
	kRedacted        = glosa.EventKind{Name: "question.redacted", Public: true, Body: redactedBody{}}
	kKeyEnrolled     = glosa.EventKind{Name: "question.seal_key_enrolled", Public: true, Body: sealKeyBody{}}
	kUnsealed        = glosa.EventKind{Name: "seal.opened", Public: true, Body: unsealedBody{}}
	kTranslationLate = glosa.EventKind{Name: "question.translation_late", Public: true, Body: lateBody{}}

	// Private: a first word is nobody's business before there is a second, and
	// which languages somebody reads is nobody's at all.
	kStrikeProposed = glosa.EventKind{Name: "question.strike_proposed", Body: noBody{}}
	kKeyProposed    = glosa.EventKind{Name: "question.key_proposed", Body: noBody{}}
	kUnsealProposed = glosa.EventKind{Name: "question.unseal_proposed", Body: noBody{}}
	kDropped        = glosa.EventKind{Name: "question.accord_dropped", Body: noBody{}}
	kReads          = glosa.EventKind{Name: "question.reads_declared", Body: noBody{}}
)

// wordKinds are the events of this file.
func wordKinds() []glosa.EventKind {
	return []glosa.EventKind{kRedacted, kKeyEnrolled, kUnsealed, kTranslationLate, kStrikeProposed, kKeyProposed, kUnsealProposed, kDropped, kReads}
}
