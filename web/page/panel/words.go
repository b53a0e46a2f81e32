package panel

import (
	"glosa/civic/panel"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// sessionWord is how far a table has come, as shape and word.
func sessionWord(w *text.Words, s panel.State) (leaf.Shape, string) {
	shape := map[panel.State]leaf.Shape{panel.Ready: leaf.Later, panel.Live: leaf.Going, panel.Paused: leaf.Paused, panel.Ended: leaf.Done}[s]
	return shape, w.T("se.state." + string(s))
}

// stageWord is how far the minutes have come.
func stageWord(w *text.Words, s panel.Stage) string { return w.T("mi.stage." + string(s)) }
