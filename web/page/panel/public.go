package panel

import (
	"time"

	"glosa"
	"glosa/civic/panel"
)

// versionOut is a version of the minutes as programs read it.
type versionOut struct {
	Number    int         `json:"number"`
	Annex     bool        `json:"annex"`
	Reason    string      `json:"reason,omitempty"` // why it was rectified
	Text      textOut     `json:"text"`
	Digest    glosa.Hash  `json:"digest"`
	Written   time.Time   `json:"written,omitzero"`
	By        string      `json:"by"`
	Signed    []signedOut `json:"signed"`
	Published time.Time   `json:"published,omitzero"`
}

type signedOut struct {
	Side glosa.Side `json:"side"`
	By   string     `json:"by"`
	At   time.Time  `json:"at,omitzero"`
}

type textOut struct {
	Body           string         `json:"body"`
	Agreements     []agreementOut `json:"agreements"`
	Disagreements  []disputeOut   `json:"disagreements"`
	NoAgreements   bool           `json:"no_agreements"`   // said, not left out
	NoDisagreement bool           `json:"no_disagreement"` // said, not left out
}

type agreementOut struct {
	Mesa     glosa.MesaID     `json:"mesa"`
	Question glosa.QuestionID `json:"question,omitempty"`
	Text     string           `json:"text"`
}

type disputeOut struct {
	Mesa       glosa.MesaID `json:"mesa"`
	Subject    string       `json:"subject"`
	Government string       `json:"government"`
	Civil      string       `json:"civil"`
}

type remarkOut struct {
	ID      string     `json:"id"`
	Version int        `json:"version"`
	By      string     `json:"by"`
	Side    glosa.Side `json:"side"`
	Text    string     `json:"text"`
	At      time.Time  `json:"at,omitzero"`
}

func versionsOut(m panel.Minutes) []versionOut {
	out := []versionOut{}
	for _, v := range m.Versions {
		x := versionOut{Number: v.Number, Annex: v.Annex, Reason: v.Reason, Digest: v.Digest, Written: v.Written, By: v.By,
			Signed: []signedOut{}, Published: v.Published, Text: textOut{Body: v.Text.Body, Agreements: []agreementOut{},
				Disagreements: []disputeOut{}, NoAgreements: v.Text.NoAgreements, NoDisagreement: v.Text.NoDisagreement}}
		for _, s := range v.Signed {
			x.Signed = append(x.Signed, signedOut(s))
		}
		for _, a := range v.Text.Agreements {
			x.Text.Agreements = append(x.Text.Agreements, agreementOut(a))
		}
		for _, d := range v.Text.Disagreements {
			x.Text.Disagreements = append(x.Text.Disagreements, disputeOut(d))
		}
		out = append(out, x)
	}
	return out
}

func remarksOut(m panel.Minutes) []remarkOut {
	out := []remarkOut{}
	for _, x := range m.Comments {
		out = append(out, remarkOut(x))
	}
	return out
}
