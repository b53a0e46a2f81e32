package panel

import (
	"time"

	"glosa"
)

// Bodies of this room's events. Themes, reasons and minutes enter as digests of
// texts that pages publish; persons enter as offices and numbered seats.
type (
	mesaBody struct {
		Number  int        `json:"number"`
		Minutes int        `json:"minutes"`
		Theme   glosa.Hash `json:"theme"`
	}
	placeBody struct {
		Chair       Chair                `json:"chair"`
		Duty        glosa.Code           `json:"duty"`
		Institution glosa.InstitutionKey `json:"institution"`
		Delegable   bool                 `json:"delegable"`
	}
	orderBody struct {
		Contest   glosa.ContestID    `json:"contest"`
		Questions []glosa.QuestionID `json:"questions"`
	}
	sessionBody struct {
		State glosa.Code `json:"state"`
	}
	attendBody struct {
		Chair      Chair      `json:"chair"`
		State      glosa.Code `json:"state"`
		Substitute bool       `json:"substitute"`
		Note       glosa.Code `json:"note,omitempty"`
	}
	wordBody struct {
		Chair    Chair      `json:"chair"`
		Disputed bool       `json:"disputed"`
		Said     glosa.Hash `json:"said"`
	}
	itemBody struct {
		Question glosa.QuestionID `json:"question"`
		Outcome  glosa.Code       `json:"outcome"`
		Second   int              `json:"second"`
		Reason   glosa.Code       `json:"reason,omitempty"`
	}
	consoleBody struct {
		Act int `json:"act"`
	}
	minutesBody struct {
		Version int        `json:"version"`
		Digest  glosa.Hash `json:"digest"`
		Until   time.Time  `json:"until,omitzero"`
	}
	remarkBody struct {
		Version int        `json:"version"`
		Digest  glosa.Hash `json:"digest"`
	}
	signBody struct {
		Version int        `json:"version"`
		Digest  glosa.Hash `json:"digest"`
		Side    glosa.Side `json:"side"`
		How     glosa.Code `json:"how"` // "recorded": under the post; passkeys come later
		At      time.Time  `json:"at"`
	}
	annexBody struct {
		Version int        `json:"version"`
		Digest  glosa.Hash `json:"digest"`
		Reason  glosa.Hash `json:"reason"`
	}
)

var (
	evMesa      = glosa.EventKind{Name: "panel.mesa_set", Public: true, Body: mesaBody{}}
	evSeated    = glosa.EventKind{Name: "panel.seated", Public: true, Body: placeBody{}}
	evUnseated  = glosa.EventKind{Name: "panel.unseated", Public: true, Body: placeBody{}}
	evOrder     = glosa.EventKind{Name: "panel.order_set", Public: true, Body: orderBody{}}
	evSession   = glosa.EventKind{Name: "panel.session", Public: true, Body: sessionBody{}}
	evAttended  = glosa.EventKind{Name: "panel.attended", Public: true, Body: attendBody{}}
	evWord      = glosa.EventKind{Name: "panel.attendance_word", Public: true, Body: wordBody{}}
	evItem      = glosa.EventKind{Name: "panel.item_settled", Public: true, Body: itemBody{}}
	evConsole   = glosa.EventKind{Name: "panel.console", Public: false, Body: consoleBody{}} // moves live pages; may be undone, so it is not of the record
	evDrafted   = glosa.EventKind{Name: "panel.minutes_drafted", Public: true, Body: minutesBody{}}
	evComment   = glosa.EventKind{Name: "panel.minutes_open", Public: true, Body: minutesBody{}}
	evRemark    = glosa.EventKind{Name: "panel.minutes_remark", Public: true, Body: remarkBody{}}
	evToSign    = glosa.EventKind{Name: "panel.minutes_to_sign", Public: true, Body: minutesBody{}}
	evSigned    = glosa.EventKind{Name: "panel.minutes_signed", Public: true, Body: signBody{}}
	evPublished = glosa.EventKind{Name: "panel.minutes_published", Public: true, Body: minutesBody{}}
	evAnnex     = glosa.EventKind{Name: "panel.minutes_annex", Public: true, Body: annexBody{}}
)

// Kinds is what this room tells the world.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{evMesa, evSeated, evUnseated, evOrder, evSession, evAttended, evWord, evItem,
		evConsole, evDrafted, evComment, evRemark, evToSign, evSigned, evPublished, evAnnex}
}
