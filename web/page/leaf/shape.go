package leaf

import "github.com/a-h/templ"

// Shape is the drawn half of a status; the other half is its word.
type Shape string

const (
	Later   Shape = "later"   // dashed ring: todavía no llega
	Unknown Shape = "unknown" // dashed square: sin dato localizado; of the past, so it will not come by itself
	Open    Shape = "open"    // ring: abierta
	Going   Shape = "going"   // half: en curso
	Done    Shape = "done"    // check disc: hecha
	Joined  Shape = "joined"  // joining lines: reunida
	Sent    Shape = "sent"    // arrow: turnada
	Barred  Shape = "barred"  // barred square: no admitida, no elegida
	Paused  Shape = "paused"  // bars: en pausa
	Overdue Shape = "overdue" // triangle: vencida; also before every error of a form
	Flag    Shape = "flag"    // two sources disagree
)

// drawings are hidden from screen readers: the word beside them says it.
var drawings = map[Shape]string{
	Later:   `<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3.2 2.3"/>`,
	Unknown: `<path fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2.6" d="M2 2h14v14H2z"/>`,
	Open:    `<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2"/>`,
	Going:   `<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2"/><path fill="currentColor" d="M9 2a7 7 0 0 1 0 14z"/>`,
	Done:    `<circle cx="9" cy="9" r="8" fill="currentColor"/><path fill="none" stroke="var(--paper)" stroke-width="2" d="m5 9.3 2.8 2.8 5.2-5.8"/>`,
	Joined:  `<path fill="none" stroke="currentColor" stroke-width="2" d="M1 3c5 0 5 6 9 6h7M1 15c5 0 5-6 9-6"/>`,
	Sent:    `<path fill="none" stroke="currentColor" stroke-width="2" d="M1 9h14M10 4l5.5 5L10 14"/>`,
	Barred:  `<path fill="none" stroke="currentColor" stroke-width="2" d="M2 2h14v14H2zM5 9h8"/>`,
	Paused:  `<path fill="currentColor" d="M3 3h4v12H3zm8 0h4v12h-4z"/>`,
	Overdue: `<path fill="currentColor" d="M9 1 18 17H0z"/><path stroke="var(--paper)" stroke-width="2" d="M9 6v5.5M9 13v2"/>`,
	Flag:    `<path fill="currentColor" d="M3 1h2v16H3zM5 2h11l-3 4 3 4H5z"/>`,
}

// Grade is a step of the verdict ladder; both sides use the same words.
type Grade string

const (
	NoWord      Grade = ""
	NotStarted  Grade = "not_started"
	Limited     Grade = "limited"
	Substantial Grade = "substantial"
	Complete    Grade = "complete"
	NoEvidence  Grade = "no_evidence"
)

// steps counts the filled boxes; ok is false for grades that are no step.
func (g Grade) steps() (n int, ok bool) {
	switch g {
	case NotStarted:
		return 0, true
	case Limited:
		return 1, true
	case Substantial:
		return 2, true
	case Complete:
		return 3, true
	}
	return 0, false
}

// Ladder draws the three boxes of a grade: filled steps, or dashed without evidence.
func Ladder(g Grade) templ.Component {
	n, ok := g.steps()
	svg := `<svg class="ladder" viewBox="0 0 102 16" aria-hidden="true">`
	for i := range 3 {
		x := [...]string{"1", "36", "71"}[i]
		fill, dash := "none", ""
		if i < n {
			fill = "currentColor"
		}
		if !ok {
			dash = ` stroke-dasharray="5 3"`
		}
		svg += `<path fill="` + fill + `" stroke="currentColor" stroke-width="2" d="M` + x + ` 1h30v14h-30z"` + dash + `/>`
	}
	return templ.Raw(svg + `</svg>`)
}

// goals are the colours of the 17 goals, used only as a bar in a tag.
var goals = [18]string{"#777", "#e5243b", "#dda63a", "#4c9f38", "#c5192d", "#ff3a21", "#26bde2", "#fcc30b", "#a21942",
	"#fd6925", "#dd1367", "#fd9d24", "#bf8b2e", "#3f7e44", "#0a97d9", "#56c02b", "#00689d", "#19486a"}

// goalOf reads the goal out of a target's code: 16 of "16.7". 0 when there is none.
func goalOf(code string) int {
	n := 0
	for _, c := range code {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	if n > 17 {
		return 0
	}
	return n
}

func goalBar(code string) templ.Component {
	return templ.Raw(`<svg viewBox="0 0 10 28" preserveAspectRatio="none" aria-hidden="true"><path fill="` + goals[goalOf(code)] + `" d="M0 0h10v28H0z"/></svg>`)
}
