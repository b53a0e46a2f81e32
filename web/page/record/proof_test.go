package record_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"glosa/record"
	"glosa/web/browsertest"
)

// TestProofInTheBrowser: proof.js says of each receipt what the server says.
func TestProofInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("the browser is not for -short")
	}
	st := open(t)
	st.announce(300)
	st.seal(300)
	own := record.Private{Object: []byte(`{"z":1,"text":"¿Cuándo?\n\"ya\"","ñ":["a",true,null]}`), SaltDevice: [16]byte{7}, SaltServer: [32]byte{9}}
	commit, err := own.Commit()
	st.ok(err)
	promise, _, err := st.s.Record.Promise("question.received", commit, st.clock.Now())
	st.ok(err)
	private, err := own.Write(promise, nil)
	st.ok(err)
	cases := map[string]string{string(private): "La promesa es auténtica", strings.Replace(string(private), "Cuándo", "Cuánto", 1): "No coincide"}
	for _, n := range []string{"0", "1", "137", "255", "256", "299"} {
		_, receipt := st.get("/es/registro/" + n + "/comprobante")
		cases[receipt] = "Auténtico: asiento n.º " + n + ","
		cases[strings.Replace(receipt, "index "+n+"\n", "index 7\n", 1)] = "No coincide"
		cases[flip(receipt)] = "No coincide"
	}
	broken, err := st.s.Record.Receipt(t.Context(), 3, promise) // a promise that this leaf does not keep
	st.ok(err)
	cases[string(broken)] = "No coincide"
	ctx := browsertest.Open(t).Tab(t, time.Minute)
	if _, err := chromedp.Run(ctx, chromedp.Steps(chromedp.Navigate(st.web.URL+"/es/registro"), chromedp.WaitReady("body"))); err != nil {
		t.Fatal(err)
	}
	for receipt, want := range cases {
		js, err := json.Marshal(receipt)
		st.ok(err)
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](strings.Replace(paste, "RECEIPT", string(js), 1), chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("the browser says %q, want %q, of\n%.400s", got, want, receipt)
		}
	}
}

// paste types a receipt, presses the button once it has appeared, and waits for what is said.
const paste = `(async () => {
	const wait = async ok => { for (let i = 0; i < 200 && !ok(); i++) await new Promise(r => setTimeout(r, 10)); };
	const button = document.getElementById("aqui"), out = document.getElementById("resultado");
	await wait(() => !button.hidden);
	out.textContent = "";
	document.getElementById("f-receipt").value = RECEIPT;
	button.click();
	await wait(() => out.textContent);
	return out.textContent;
})()`

// flip changes one letter of the signature.
func flip(receipt string) string {
	b := []byte(receipt)
	at := len(b) - 10
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	return string(b)
}
