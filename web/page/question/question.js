// The device makes the receipt key and keeps it to itself; it sends only what the
// server may keep. Without this script the server makes the key, and everything
// works as well. The derivations are those of civic/question/key.go, byte for byte:
// auth = HMAC-SHA-256(key, "auth"), lock = HMAC-SHA-256(key, "lock"), of a
// follow-up HMAC-SHA-256(key, "lock/follow"); the server keeps SHA-256 of each.
(function () {
	"use strict";
	var subtle = window.crypto && crypto.subtle, store;
	try {
		store = sessionStorage;
		store.setItem("glosa", "1");
		store.removeItem("glosa");
	} catch (e) { return; }
	if (!subtle) return;
	var consonants = "bdfghjklmnprstvz", vowels = "aiou";

	function spell(key) {
		var groups = [];
		for (var i = 0; i < key.length; i += 2) {
			var v = key[i] << 8 | key[i + 1];
			groups.push(consonants[v >> 12] + vowels[v >> 10 & 3] + consonants[v >> 6 & 15] + vowels[v >> 4 & 3] + consonants[v & 15]);
		}
		return groups.join("-");
	}
	// read is the inverse of spell, as people type it; null when it is no key.
	function read(typed) {
		var s = typed.toLowerCase().replace(/[-\s.]/g, ""), key = new Uint8Array(12);
		if (s.length !== 30) return null;
		for (var g = 0; g < 6; g++) {
			var v = 0;
			for (var i = 0; i < 5; i++) {
				var n = (i % 2 ? vowels : consonants).indexOf(s[g * 5 + i]);
				if (n < 0) return null;
				v = v << (i % 2 ? 2 : 4) | n;
			}
			key[2 * g] = v >> 8;
			key[2 * g + 1] = v & 255;
		}
		return key;
	}
	function mac(key, what) {
		return subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]).then(function (k) {
			return subtle.sign("HMAC", k, new TextEncoder().encode(what));
		});
	}
	function base64(bytes) {
		return btoa(String.fromCharCode.apply(null, new Uint8Array(bytes)));
	}
	function put(form, name, value) {
		var box = form.elements[name];
		if (!box) {
			box = document.createElement("input");
			box.type = "hidden";
			box.name = name;
			form.appendChild(box);
		}
		box.value = value;
	}
	function digest(bytes) { return subtle.digest("SHA-256", bytes); }

	// The form for asking: a key is made at once, so that sending never waits for it,
	// and another one ("again") when the form stays for another question.
	var ask = document.querySelector("form[data-keys]");
	function make() {
		var once = ask.dataset.keys, typed = store.getItem("glosa-" + once);
		var key = typed ? read(typed) : crypto.getRandomValues(new Uint8Array(12));
		var salt = crypto.getRandomValues(new Uint8Array(16));
		Promise.all([mac(key, "auth").then(digest), mac(key, "lock").then(digest)]).then(function (h) {
			if (store.getItem("glosa-salt-" + once)) salt = null;
			ask.dataset.key = spell(key); // for a question that waits for the network
			store.setItem("glosa-" + once, spell(key));
			if (salt) store.setItem("glosa-salt-" + once, base64(salt));
			put(ask, "auth", base64(h[0]));
			put(ask, "lock", base64(h[1]));
			put(ask, "salt", store.getItem("glosa-salt-" + once));
		});
	}
	if (ask) {
		make();
		ask.addEventListener("again", make);
	}

	// The receipt: the key is shown once, from this tab's own memory, or from where
	// it waited for the network ("kept").
	var shown = document.querySelector("[data-key]");
	function reveal(kept) {
		var form = document.querySelector("form[data-proof]"), part = shown.closest("[hidden]");
		shown.textContent = kept;
		if (part) part.hidden = false;
		mac(read(kept), "auth").then(function (auth) {
			if (form) put(form, "prueba", base64(auth));
		});
	}
	if (shown) {
		var kept = store.getItem("glosa-" + shown.dataset.key);
		shown.addEventListener("kept", function (e) { if (read(e.detail)) reveal(e.detail); });
		if (kept) {
			reveal(kept);
			window.addEventListener("pagehide", function () {
				store.removeItem("glosa-" + shown.dataset.key);
				store.removeItem("glosa-salt-" + shown.dataset.key);
			});
		}
	}

	// My question: what was typed stays here; the one secret that the act needs is sent.
	document.querySelectorAll("form[data-hash]").forEach(function (form) {
		form.addEventListener("submit", function (event) {
			var key = read(form.elements.key.value), button = event.submitter;
			if (!key) return; // let the server say what is wrong
			event.preventDefault();
			var secrets = [mac(key, "auth"), mac(key, "lock/follow").then(digest)];
			if (form.dataset.hash) secrets.push(mac(key, form.dataset.hash)); // "lock", or of a follow-up "lock/follow"
			Promise.all(secrets).then(function (s) {
				put(form, "prueba", base64(s[0]));
				put(form, "siguiente", base64(s[1]));
				if (s[2]) put(form, "candado", base64(s[2]));
				form.elements.key.disabled = true;
				if (button && button.hasAttribute("formaction")) form.action = button.formAction;
				form.submit();
			});
		});
	});

	// The promise counts down until it is kept.
	var promise = document.querySelector("[data-seal]"), tries = 0;
	function look() {
		fetch(promise.dataset.seal, { cache: "no-store" }).then(function (r) { return r.json(); }).then(function (s) {
			var stamp = document.querySelector(".stamp.sealing");
			if (s.sealed) {
				promise.textContent = promise.dataset.done + " " + s.say;
				if (stamp) {
					stamp.querySelector(".what").textContent = s.say;
					stamp.classList.remove("sealing");
				}
			}
			else if (++tries < 60) setTimeout(look, 1000);
		}).catch(function () { if (++tries < 5) setTimeout(look, 3000); });
	}
	if (promise) setTimeout(look, 500);
})();
