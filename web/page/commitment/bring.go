package commitment

import (
	"io"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/report"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// bring takes evidence that anybody brings: an address with a title. It is shown
// once the Observatory has reviewed it.
func (p *Pages) bring(r *door.Request) (door.View, error) {
	c, err := p.Commitment.Card(r.Context(), r.Path("id"))
	if err != nil {
		return door.View{}, err
	}
	t := typed{Title: r.Value("title"), URL: r.Value("url"), Milestone: r.Value("milestone")}
	b := commitment.Brought{Milestone: glosa.MilestoneID(t.Milestone), Title: t.Title, URL: t.URL}
	_, err = p.Commitment.Bring(r.Context(), r.Actor, c.ID, b)
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		v, _, _, err := p.cardOf(r)
		if err != nil {
			return door.View{}, err
		}
		v.Problems, v.Typed = problems, t
		return door.Redo(cardBody(v))
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(r.To("/compromisos", string(c.ID))+"#aportar", "commitment:"+string(c.ID))
}

// download is one file of evidence as an attachment.
func (p *Pages) download(r *door.Request, e commitment.Evidence) (door.View, error) {
	f, err := p.Files.Get(r.Context(), e.File)
	if err != nil {
		return door.View{}, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, commitment.MaxEvidence+1))
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: &door.File{Name: report.FileName(string(e.Commitment)+"-"+e.Title, e.Type), Type: string(e.Type), Bytes: raw}}, nil
}
