package priority

import (
	"testing"

	"glosa"
	"glosa/civic/priority"
	"glosa/web/text"
)

// TestWhoPaidClosesOnTheMinutes: whatever the exact prices, the parts that are
// shown add up to the question's minutes.
func TestWhoPaidClosesOnTheMinutes(t *testing.T) {
	computed := priority.Agenda{Computed: true}
	for _, c := range []struct {
		name   string
		a      priority.Agenda
		p      priority.Place
		es, en string
	}{
		{"alike", computed, priority.Place{Minutes: 8, Supporters: 18, Paid: true, Price: "4/9", Full: 18},
			"La pagaron por igual las 18 boletas que la apoyan: 0.44 minutos cada una, 8 minutos en total.",
			"The 18 ballots that support it paid alike: 0.44 minutes each, 8 minutes in all."},
		{"alone", computed, priority.Place{Minutes: 8, Supporters: 1, Paid: true, Price: "8", Full: 1},
			"La pagó entera la única boleta que la apoya: 8 minutos.", "The only ballot that supports it paid it whole: 8 minutes."},
		{"the rest", computed, priority.Place{Minutes: 8, Supporters: 6, Paid: true, Price: "329431/163800", Full: 3, Rest: 2, RestPaid: "107369/54600"},
			"3 boletas pagaron el precio completo, 2.01 minutos cada una: 6.03 minutos. 2 pusieron todo lo que les quedaba: 1.97 minutos. 1 ya no tenía nada. Suma: 8 minutos.",
			"3 ballots paid the whole price, 2.01 minutes each: 6.03 minutes. 2 gave all they had left: 1.97 minutes. 1 had nothing left. Sum: 8 minutes."},
		{"one, and one without", computed, priority.Place{Minutes: 8, Supporters: 2, Paid: true, Price: "8", Full: 1},
			"1 boleta pagó el precio completo: 8 minutos. 1 ya no tenía nada. Suma: 8 minutos.",
			"1 ballot paid the whole price: 8 minutes. 1 had nothing left. Sum: 8 minutes."},
		{"filled", computed, priority.Place{Minutes: 8, Supporters: 4},
			"Sobraban minutos y era la siguiente con más apoyos: 4 boletas. Nadie la pagó.",
			"Minutes were left and it was the next by supporters: 4 ballots. Nobody paid for it."},
		{"picked", priority.Agenda{}, priority.Place{Minutes: 8, Supporters: 4},
			"La eligió quien selecciona; la apoyaban 4 boletas.", "Picked by the selector; 4 ballots supported it."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := paid(text.For("es"), c.a, c.p); got != c.es {
				t.Errorf("es: %s\nwant %s", got, c.es)
			}
			if got := paid(text.For("en"), c.a, c.p); got != c.en {
				t.Errorf("en: %s\nwant %s", got, c.en)
			}
		})
	}
}

// TestATieThatOnlyTheFolioDecidedIsSaid: with what would come and what would go.
func TestATieThatOnlyTheFolioDecidedIsSaid(t *testing.T) {
	v := agendaPage{Agenda: priority.Agenda{Computed: true, Ballots: 9}}
	v.Words = text.For("es")
	if v.tied(v.Words); v.Tied == nil || v.Tied.Sentence != "Con los folios en el orden contrario sale la misma agenda." {
		t.Errorf("no tie: %+v", v.Tied)
	}
	v.Account = priority.Account{In: []glosa.QuestionID{"Q2"}, Out: []glosa.QuestionID{"Q1"}}
	v.tied(v.Words)
	want := "Hubo empate y lo decidió el folio, que se reparte sin orden. Con los folios en el orden contrario entraría 1 pregunta que quedó fuera."
	if v.Tied.Sentence != want || len(v.Tied.In) != 1 || v.Tied.In[0].ID != "Q2" || v.Tied.Out[0].Href != "/es/preguntas/Q1" {
		t.Errorf("a tie: %+v", v.Tied)
	}
	v.Agenda.Computed, v.Tied = false, nil
	if v.tied(v.Words); v.Tied != nil {
		t.Error("a picked agenda claims that nothing was tied")
	}
}
