// Checks a receipt in this browser, without sending it anywhere, where the browser
// knows Ed25519. Without it the form is sent and the site answers.
(function () {
	"use strict";
	var form = document.getElementById("comprobar"), button = document.getElementById("aqui"), out = document.getElementById("resultado");
	var subtle = window.crypto && window.crypto.subtle;
	if (!form || !button || !out || !subtle || !window.TextEncoder) return;
	var utf8 = new TextEncoder();

	function bytes(b64) {
		if (!/^[A-Za-z0-9+\/]*={0,2}$/.test(b64) || b64.length % 4) throw new Error("base64");
		return Uint8Array.from(atob(b64), function (c) { return c.charCodeAt(0); });
	}
	function join() {
		var all = Array.prototype.map.call(arguments, function (x) { return typeof x === "string" ? utf8.encode(x) : x; });
		var whole = new Uint8Array(all.reduce(function (n, x) { return n + x.length; }, 0)), at = 0;
		all.forEach(function (x) { whole.set(x, at); at += x.length; });
		return whole;
	}
	function same(a, b) { return a.length === b.length && a.every(function (x, i) { return x === b[i]; }); }
	function need(ok, what) { if (!ok) throw new Error(what); }
	async function hash() { return new Uint8Array(await subtle.digest("SHA-256", join.apply(null, arguments))); }

	// A verifier key is name+id+base64(1, key): C2SP signed-note.
	async function verifier(vkey) {
		var parts = vkey.split("+"), raw = bytes(parts.slice(2).join("+"));
		need(raw.length === 33 && raw[0] === 1, "key");
		return { name: parts[0], id: parts[1], key: await subtle.importKey("raw", raw.slice(1), "Ed25519", false, ["verify"]) };
	}
	// The text of a signed note, once one of its signatures is by the key.
	async function open(note, v) {
		var cut = note.lastIndexOf("\n\n");
		need(cut > 0, "note");
		var text = note.slice(0, cut + 1), good = false;
		for (var line of note.slice(cut + 2).split("\n")) {
			var m = /^— (\S+) (\S+)$/.exec(line);
			if (!m || m[1] !== v.name) continue;
			var sig = bytes(m[2]), id = Array.from(sig.slice(0, 4), function (x) { return x.toString(16).padStart(2, "0"); }).join("");
			if (id === v.id) good = good || await subtle.verify("Ed25519", v.key, sig.slice(4), utf8.encode(text));
		}
		need(good, "signature");
		return text.split("\n");
	}
	// The leaf's path to the root (RFC 9162, 2.1.3.2).
	async function included(index, size, leaf, path, root) {
		need(index < size, "index");
		var fn = index, sn = size - 1, r = await hash(new Uint8Array([0]), leaf), half = function (x) { return Math.floor(x / 2); };
		for (var p of path) {
			need(sn > 0, "path");
			if (fn % 2 || fn === sn) {
				r = await hash(new Uint8Array([1]), p, r);
				while (fn && fn % 2 === 0) { fn = half(fn); sn = half(sn); }
			} else r = await hash(new Uint8Array([1]), r, p);
			fn = half(fn); sn = half(sn);
		}
		need(sn === 0 && same(r, root), "root");
	}
	function canonical(x) {
		if (Array.isArray(x)) return "[" + x.map(canonical).join(",") + "]";
		if (x && typeof x === "object") return "{" + Object.keys(x).sort().map(function (k) { return JSON.stringify(k) + ":" + canonical(x[k]); }).join(",") + "}";
		return JSON.stringify(x);
	}
	async function shareable(text, log) {
		var cut = text.indexOf("\n\n"), head = text.slice(0, cut).split("\n"), extra, index;
		need(cut > 0 && head.shift() === "c2sp.org/tlog-proof@v1", "format");
		need((extra = /^extra (.+)$/.exec(head.shift() || "")) && (index = /^index (\d{1,15})$/.exec(head.shift() || "")), "format");
		var told = new TextDecoder("utf-8", { fatal: true }).decode(bytes(extra[1])).split("\n");
		need(told.shift() === "glosa.receipt/v1", "format");
		var leaf = told.shift(), lines = await open(text.slice(cut + 2), log), size = +lines[1];
		need(lines[0] === log.name && Number.isSafeInteger(size), "checkpoint");
		await included(+index[1], size, utf8.encode(leaf), head.map(bytes), bytes(lines[2]));
		var said = JSON.parse(leaf);
		need(said.n === index[1], "n");
		return { leaf: said, raw: leaf, promise: told.join("\n") };
	}
	async function check(text) {
		var log = await verifier(form.dataset.logKey), mine = null, got = {}, promise = "";
		if (text[0] === "{") {
			mine = JSON.parse(text);
			need(mine.format === "glosa.private-receipt/v1", "format");
			if (mine.proof) got = await shareable(mine.proof, log);
			promise = mine.promise;
		} else {
			got = await shareable(text, log);
			promise = got.promise;
		}
		need(got.leaf || promise, "format");
		var commit = "";
		if (promise) {
			var lines = await open(promise, await verifier(form.dataset.promiseKey));
			need(lines[0] === "glosa.promise/v1" && lines[1] === log.name, "promise");
			commit = lines[5].replace(/^commit /, "");
			got.by = lines[4].replace(/^merge-by /, "");
			need(!got.leaf || got.raw.indexOf('"' + commit + '"') > 0, "promise");
		}
		if (mine) {
			var salt = await hash(bytes(mine.salt_server), bytes(mine.salt_device));
			var own = await hash("glosa/commit/v1\0", salt, canonical(mine.object));
			var b64 = btoa(String.fromCharCode.apply(null, own));
			need((!commit || commit === b64) && (!got.leaf || got.raw.indexOf('"' + b64 + '"') > 0), "commitment");
		}
		return got;
	}
	function say(key, at, n) {
		var day = at ? new Date(at).toLocaleDateString(document.documentElement.lang === "en" ? "en-GB" : "es-MX", { dateStyle: "long", timeZone: form.dataset.zone }) : "";
		out.textContent = form.dataset[key].replace("{date}", day).replace("{n}", n || "");
	}
	async function run() {
		var file = form.elements.file.files[0], text = file ? await file.text() : form.elements.receipt.value;
		text = text.replace(/\r\n/g, "\n").trim();
		if (!text) return say("none");
		try {
			var got = await check(text + "\n");
			if (got.leaf) say("ok", got.leaf.at, got.leaf.n);
			else say("promised", got.by);
		} catch (e) {
			say("bad");
		}
	}
	// Only where the browser knows the signature's kind: a made-up key tells.
	subtle.importKey("raw", new Uint8Array(32).fill(9), "Ed25519", false, ["verify"]).then(function () {
		button.hidden = false;
		button.addEventListener("click", run);
	}, function () {});
})();
