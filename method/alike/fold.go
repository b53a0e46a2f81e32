package alike

import (
	"strings"
	"unicode"
)

// isApostrophe: Maya writes its glottal stop in many ways, and often not at all.
func isApostrophe(r rune) bool {
	return strings.ContainsRune("'’ʼ‘ʻ`´′＇ʹꞌ", r)
}

// fold writes a letter or digit in lower case and without accent. Full-width
// forms become plain ones; ñ becomes n, since many keyboards have none.
func fold(b *strings.Builder, r rune) {
	if r >= 'a' && r <= 'z' || isDigit(r) {
		b.WriteByte(byte(r))
		return
	}
	if r >= 0xff01 && r <= 0xff5e {
		r -= 0xfee0
	}
	r = unicode.ToLower(r)
	if plain, ok := accents[r]; ok {
		b.WriteString(plain)
		return
	}
	b.WriteRune(r)
}

// accents are the letters of Spanish and of Mexico's languages, with those that
// foreign names bring along.
var accents = func() map[rune]string {
	all := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ª': "a", 'º': "o", 'ﬁ': "fi", 'ﬂ': "fl"}
	for plain, letters := range map[string]string{
		"a": "áàâäãåāăą", "c": "çćĉċč", "d": "ďđð", "e": "éèêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "íìîïĩīĭįıɨ",
		"j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŉ", "o": "óòôöõøōŏő", "r": "ŕŗř", "s": "śŝşš", "t": "ţťŧ",
		"u": "úùûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, r := range letters {
			all[r] = plain
		}
	}
	return all
}()

// fillers are the words, folded, that carry no meaning by themselves: articles,
// prepositions, pronouns, auxiliaries, and how a question begins.
var fillers = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`
a al ante con contra de del desde durante e el ella ellas ellos en entre era eran es esa esas ese eso esos esta
estaba estamos estan estar estas este esto estos fue fueron ha haber habia habra han hasta hay he hemos la las le
les lo los mas me mi mis mucho muchos muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o otra otras
otro otros para pero poco por porque pues que quien quienes se sea sean ser sera seran si sin sino sobre solo son
su sus tambien tan tanto te tener tenemos ti tiene tienen toda todas todo todos tu tus u un una unas uno unos
usted ustedes va van vamos y ya yo
como cual cuales cuando cuanta cuantas cuanto cuantos donde pregunta pregunto quisiera quiero saber favor gobierno
hace hacer haran hara`) {
		all[w] = true
	}
	return all
}()
