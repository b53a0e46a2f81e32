package report

import (
	"context"
	"io"

	"glosa"
	"glosa/civic/report"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// Pages is the pages of reports. Files keeps what is attached.
type Pages struct {
	chain.Desks
	Files report.Files
}

// formBytes is the largest form: a whole report and its title.
const formBytes = report.MaxMarkdown + 64<<10

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones/{edition}/informe", p.show)
	r.Page("/ediciones/{edition}/informe.json", p.json)
	r.Private("/ediciones/{edition}/informe/archivos/{file}", p.file)

	r.Desk("/mesa/informe/{edition}", p.desk)
	r.Upload("/mesa/informe/{edition}", formBytes, p.write)
	r.Act("/mesa/informe/{edition}/publicar", p.publish)
	r.Act("/mesa/informe/{edition}/estado", p.state)
	r.Upload("/mesa/informe/{edition}/archivo", report.MaxFile+64<<10, p.attach)
	r.Act("/mesa/informe/{edition}/quitar", p.detach)
}

// file sends an attached file of a published report. It is not kept in the page
// cache: files are large, and their address never changes meaning.
func (p *Pages) file(r *door.Request) (door.View, error) {
	a, err := p.Report.FileOf(r.Context(), glosa.EditionID(r.Path("edition")), glosa.FileID(r.Path("file")))
	if err != nil {
		return door.View{}, err
	}
	bytes, err := p.read(r.Context(), a)
	return door.View{File: &door.File{Name: a.Name, Type: string(a.Type), Bytes: bytes}}, err
}

func (p *Pages) read(ctx context.Context, a report.Attached) (bytes []byte, err error) {
	f, err := p.Files.Get(ctx, a.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, report.MaxFile))
}
