package intake

import (
	"github.com/xuri/excelize/v2"

	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/feed"
)

// example is the template's own line: it is left out when the file comes back.
func (s scene) example() []string {
	w := s.Words
	place := ""
	if all := s.Directory.Municipalities; len(all) > 0 {
		place = string(all[0].Code)
	}
	return []string{w.T("it.example"), w.T("it.example.text"), w.T("it.example.context"), place, "es", "", s.Now.In(s.Edition.Zone).Format("2006-01-02")}
}

func (s scene) head() (head []string) {
	for _, c := range civic.Columns() {
		head = append(head, s.Words.T("it.col."+c))
	}
	return head
}

func (p *Pages) plainTemplate(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: feed.CSV("plantilla-"+string(room.ID), s.head(), [][]string{s.example()}), NoStore: true}, nil
}

// template is a sheet for the questions and one with the codes of municipalities.
// Every cell is text, so that no program makes a date or a number of it.
func (p *Pages) template(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	f := excelize.NewFile()
	defer f.Close()
	questions, places := w.T("it.sheet.questions"), w.T("it.sheet.places")
	towns := [][]string{{w.T("it.code"), w.T("it.municipality")}}
	for _, m := range s.Directory.Municipalities {
		towns = append(towns, []string{string(m.Code), m.Name})
	}
	err = f.SetSheetName("Sheet1", questions)
	if err == nil {
		_, err = f.NewSheet(places)
	}
	for _, x := range []struct {
		name string
		rows [][]string
	}{{questions, [][]string{s.head(), s.example()}}, {places, towns}} {
		if err == nil {
			err = write(f, x.name, x.rows)
		}
	}
	if err != nil {
		return door.View{}, err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: &door.File{Name: "plantilla-" + string(room.ID) + ".xlsx", Bytes: b.Bytes(),
		Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, NoStore: true}, nil
}

// write fills a sheet with text, its first line bold, all cells formatted as text.
func write(f *excelize.File, sheet string, rows [][]string) error {
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := f.SetColStyle(sheet, "A:G", text); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "A", "G", 24); err != nil {
		return err
	}
	for i, row := range rows {
		for j, v := range row {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := f.SetCellStr(sheet, name, v); err != nil {
				return err
			}
			style := text
			if i == 0 {
				style = bold
			}
			if err := f.SetCellStyle(sheet, name, name, style); err != nil {
				return err
			}
		}
	}
	return nil
}
