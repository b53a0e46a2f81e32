package notice

import (
	"strings"
	"time"

	"glosa"
	"glosa/civic/people"
)

// ContactID is the random id of an address. It says nothing.
type ContactID string

// SubscriptionID is the random id of one wish of one address.
type SubscriptionID string

// Sort is what kind of thing somebody wants to hear of.
type Sort string

const (
	Question    Sort = "question"
	Edition     Sort = "edition"
	Institution Sort = "institution"
	Theme       Sort = "theme" // of one edition: see [ThemeOf]
)

// Thing is what somebody wants to hear of.
type Thing struct {
	Sort Sort
	ID   string // a folio, an edition, an institution's key, [ThemeOf]
}

// ThemeOf is a theme of an edition.
func ThemeOf(ed glosa.EditionID, theme glosa.Code) Thing {
	return Thing{Sort: Theme, ID: string(ed) + "/" + string(theme)}
}

// InTheme is the edition and the theme of a thing of that sort.
func (t Thing) InTheme() (glosa.EditionID, glosa.Code) {
	ed, theme, _ := strings.Cut(t.ID, "/")
	return glosa.EditionID(ed), glosa.Code(theme)
}

func (t Thing) check() error {
	sorts := map[Sort]bool{Question: true, Edition: true, Institution: true, Theme: true}
	if !sorts[t.Sort] || t.ID == "" || len(t.ID) > 100 {
		return glosa.Missing("thing", t.ID)
	}
	for _, c := range t.ID {
		if c < ' ' || c == 0x7f {
			return glosa.Missing("thing", "")
		}
	}
	return nil
}

// Pace is how soon somebody wants to hear.
type Pace string

const (
	Daily Pace = "daily" // one mail a day, if there is anything to say
	Each  Pace = "each"  // a mail for each thing that happens
)

const (
	// ConfirmLasts is how long the link of a mail to confirm is good.
	ConfirmLasts = 72 * time.Hour
	// asksADay is how many mails to confirm an address gets in a day, whoever asks.
	asksADay = 5
)

// Address reads a mailbox as people type it: [people.Mailbox].
func Address(typed string) (people.Private, error) { return people.Mailbox(typed) }

// Wish is what somebody asks for.
type Wish struct {
	Thing    Thing
	Address  people.Private // [Address] made it
	Language glosa.Code     // in which they read pages
	Pace     Pace
	Caller   string // their network as an opaque word of today: few mails to confirm go out for one
}

// Subscription is one thing that an address is told of.
type Subscription struct {
	ID        SubscriptionID
	Contact   ContactID
	Thing     Thing
	Pace      Pace
	Asked     time.Time
	Confirmed time.Time // zero while the link was not clicked
}

// Listener is a contact to be told of something, and the subscription by which.
type Listener struct {
	Contact      ContactID
	Subscription SubscriptionID
	Pace         Pace
}

// Mailbox is where a contact is reached, and in which language.
type Mailbox struct {
	Address  people.Private
	Language glosa.Code
}
