// While many people ask at once, a device does a little work before its question
// passes, and nobody has to wait: for each part of the puzzle it finds a number
// such that SHA-256("puzzle/part/number") begins with 13 zeros. Without this
// script the ticket in the form passes after its wait.
(function () {
	"use strict";
	var box = document.querySelector("[data-puzzle]");
	if (!box || !box.form || !box.form.requestSubmit) return;
	var K = new Int32Array(64), H = new Int32Array(8), w = new Int32Array(64), parts = 16, zeros = 13;
	(function () { // fractional parts of the roots of the first primes
		for (var n = 2, i = 0; i < 64; n++) {
			for (var d = 2; d * d <= n && n % d; d++);
			if (d * d <= n) continue;
			if (i < 8) H[i] = (Math.sqrt(n) % 1) * 4294967296 | 0;
			K[i++] = (Math.cbrt(n) % 1) * 4294967296 | 0;
		}
	})();
	// first is the first word of SHA-256 of a short text of one block.
	function first(s) {
		var i, n = s.length;
		w.fill(0, 0, 16);
		for (i = 0; i < n; i++) w[i >> 2] |= s.charCodeAt(i) << (24 - 8 * (i & 3));
		w[n >> 2] |= 128 << (24 - 8 * (n & 3));
		w[15] = n * 8;
		for (i = 16; i < 64; i++) {
			var x = w[i - 15], y = w[i - 2];
			w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
		}
		var a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
		for (i = 0; i < 64; i++) {
			var t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + w[i] | 0;
			var u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
			h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
		}
		return a + H[0] | 0;
	}
	var found = [], n = 0, form = box.form;
	function work() {
		var end = Date.now() + 30; // the page stays alive meanwhile
		while (found.length < parts && Date.now() < end) {
			for (var i = 0; i < 200; i++, n++) {
				if (first(box.dataset.puzzle + "/" + found.length + "/" + n) >>> (32 - zeros)) continue;
				found.push(n);
				n = -1;
				if (found.length === parts) break;
			}
		}
		if (found.length < parts) return void setTimeout(work, 0);
		box.value = found.join(",");
		var note = document.querySelector("[data-held]");
		note.textContent = note.dataset.ready;
		if (note.dataset.held === "send") form.requestSubmit();
	}
	setTimeout(work, 0);
})();
