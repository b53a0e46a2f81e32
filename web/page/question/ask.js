// with waiting.js
// The form for asking keeps what is typed on the device until it is sent, opens
// without a network and sends later what was sent without one: once, since the
// server knows the mark. Without this script the form works as well; on a kiosk
// (data-kiosk) nothing is kept, so nothing of one person is there for the next.
(function () {
	"use strict";
	var drafts;
	try {
		drafts = localStorage;
		drafts.setItem("glosa", "1");
		drafts.removeItem("glosa");
	} catch (e) { drafts = null; }
	var stores = drafts && window.indexedDB && window.crypto && crypto.subtle;
	var monthOld = 30 * 24 * 3600 * 1000;

	function random() {
		return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) { return (b + 256).toString(16).slice(1); }).join("");
	}
	// post sends a kept question as a form does, so that the page it leads to is shown.
	function post(item) {
		var form = document.createElement("form");
		form.method = "post";
		form.action = item.action;
		form.enctype = "multipart/form-data";
		form.hidden = true;
		item.fields.forEach(function (f) {
			var box = document.createElement("textarea"); // keeps line ends
			box.name = f[0];
			box.value = f[1];
			form.appendChild(box);
		});
		if (item.file) {
			var file = document.createElement("input"), all = new DataTransfer();
			all.items.add(item.file);
			file.type = "file";
			file.name = "file";
			file.files = all.files;
			form.appendChild(file);
		}
		document.body.appendChild(form);
		form.submit();
	}

	// The receipt: what was kept is forgotten; a key that waited here is shown.
	var slip = document.querySelector("[data-asked]");
	if (slip && stores) {
		drafts.removeItem("glosa-draft:" + slip.dataset.asked);
		var shown = document.querySelector("[data-key]");
		if (shown) waiting.get(shown.dataset.key).then(function (item) {
			if (!item) return;
			shown.dispatchEvent(new CustomEvent("kept", { detail: item.key }));
			if (item.waited) slip.textContent = slip.dataset.online;
			return waiting.drop(item.once);
		});
		return;
	}

	var form = document.querySelector("form[data-keys]");
	if (!form) return;
	similar();
	if (!stores || "kiosk" in form.dataset) return;
	var fresh = "fresh" in form.dataset, path = form.getAttribute("action"), name = "glosa-draft:" + path;
	var net = form.querySelector("[data-net]"), note = form.querySelector("[data-draft]"), forget = form.querySelector("[data-forget]");
	var typed = ["text", "context", "municipality", "institution", "language", "name_policy", "name"], timer, going = false;
	if (fresh) { // a form out of the device's own store may be used twice: each time is another question
		form.elements.once.value = form.dataset.keys = random();
	} else {
		waiting.drop(form.dataset.keys); // it came back to be mended
	}

	function save() {
		clearTimeout(timer);
		if (going) return;
		var draft = { at: Date.now() }, any = false;
		typed.forEach(function (n) {
			if (form.elements[n]) draft[n] = form.elements[n].value;
		});
		any = draft.text || draft.context;
		if (any) drafts.setItem(name, JSON.stringify(draft));
		else drafts.removeItem(name);
		tell(any && draft.at);
	}
	function tell(at) {
		forget.hidden = !at;
		var lang = document.documentElement.lang === "en" ? "en" : "es-MX";
		note.textContent = at ? note.dataset.saved.replace("{time}", new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" })) : "";
	}
	function fill(values) {
		typed.forEach(function (n) {
			if (form.elements[n] && values[n] !== undefined) form.elements[n].value = values[n];
		});
		form.elements.text.dispatchEvent(new Event("input"));
	}
	form.addEventListener("input", function () {
		clearTimeout(timer);
		timer = setTimeout(save, 400);
	});
	window.addEventListener("pagehide", function () { if (!going) save(); });
	forget.addEventListener("click", function () {
		fill({ text: "", context: "", municipality: "", institution: "", name_policy: "anonymous", name: "" });
		if (form.elements.file) form.elements.file.value = "";
		save();
		note.textContent = note.dataset.gone;
		form.elements.text.focus();
	});
	var draft = JSON.parse(drafts.getItem(name) || "null");
	if (draft && Date.now() - draft.at > monthOld) drafts.removeItem(name);
	else if (draft && fresh && !form.elements.text.value) {
		fill(draft);
		tell(draft.at);
	}

	function say(word) {
		var text = word ? net.dataset[word] : "";
		if (net.textContent !== text) net.textContent = text;
	}
	// line says how things stand: without a network, with or without a question that waits.
	function line() {
		return waiting.all().then(function (items) {
			say(items.length ? navigator.onLine ? "sending" : "waits" : navigator.onLine ? "" : "offline");
			return items;
		});
	}
	// flush sends what waits. One that was sent is shown: its receipt has the key.
	function flush() {
		line().then(function (items) {
			var item = items[0];
			if (!item || going || !navigator.onLine) return;
			(item.sent ? Promise.resolve("sent") : waiting.send(item)).then(function (what) {
				if (going) return;
				if (what === "later") {
					say("waits");
					setTimeout(flush, Math.max(5000, item.after - Date.now() || 0));
				} else {
					going = true;
					item.sent = what === "sent";
					(item.sent ? waiting.put(item) : waiting.drop(item.once)).then(function () { post(item); });
				}
			});
		});
	}
	window.addEventListener("online", flush);
	window.addEventListener("offline", line);
	flush();

	form.addEventListener("submit", function (event) {
		if (going || !form.elements.auth) return; // keys are not made here: the network must do
		event.preventDefault();
		var data = new FormData(form), item = { once: form.dataset.keys, action: path, fields: [], key: form.dataset.key, at: Date.now(), waited: !navigator.onLine };
		data.forEach(function (v, n) {
			if (typeof v === "string") item.fields.push([n, v]);
			else if (v.size) item.file = v;
		});
		if (item.waited) item.fields.push(["distinct", "1"]); // nobody can be asked now
		waiting.put(item).then(function () {
			if (!item.waited) {
				going = true;
				form.submit();
				return;
			}
			drafts.removeItem(name);
			form.reset();
			form.elements.text.dispatchEvent(new Event("input")); // the count of letters
			form.elements.once.value = form.dataset.keys = random();
			form.dispatchEvent(new Event("again"));
			tell(0);
			line();
			net.focus();
			if (navigator.serviceWorker) navigator.serviceWorker.ready.then(function (w) { return w.sync && w.sync.register("glosa-send"); }).catch(function () {});
		}, function () { going = true; form.submit(); }); // no room on the device
	});

	if (navigator.serviceWorker) {
		navigator.serviceWorker.addEventListener("message", function (e) { if (e.data === "kept") form.dataset.kept = ""; });
		navigator.serviceWorker.register("/sw.js").then(function () { return navigator.serviceWorker.ready; }).then(function (w) {
			var parts = Array.from(document.querySelectorAll("link[rel=stylesheet],link[rel=preload],link[rel=icon],script[src]"), function (e) {
				return new URL(e.href || e.src).pathname;
			});
			w.active.postMessage({ form: path, parts: parts });
		}).catch(function () {});
	}

	// Similar questions, asked for while one types; what is sent for it is kept nowhere.
	function similar() {
		var box = document.querySelector("[data-alike]"), list = box && box.querySelector("ul"), wait, asked = "";
		if (!box) return;
		function look() {
			var text = form.elements.text.value.trim();
			if (text === asked || text.length < 15) return;
			asked = text;
			fetch(box.dataset.alike, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text: text }) }).then(function (r) {
				return r.ok ? r.json() : { items: [] };
			}).then(function (found) {
				if (asked === text) show((found.items || []).slice(0, 3));
			}).catch(function () { asked = ""; });
		}
		function show(items) {
			list.textContent = "";
			items.forEach(function (q) {
				var row = document.createElement("li"), words = document.createElement("a"), join = document.createElement("a");
				var at = box.dataset.questions + encodeURIComponent(q.folio);
				words.href = at;
				words.textContent = q.text;
				words.lang = "es";
				join.href = at + "/apoyo";
				join.className = "button";
				join.textContent = box.dataset.join;
				join.setAttribute("aria-label", box.dataset.join + ": " + q.folio);
				row.append(words, join);
				list.append(row);
			});
			box.hidden = !items.length;
			form.elements.distinct.value = items.length ? "1" : "";
		}
		form.elements.text.addEventListener("input", function () {
			clearTimeout(wait);
			wait = setTimeout(look, 500);
		});
		box.querySelector("button").addEventListener("click", function () {
			box.hidden = true;
			form.elements.text.focus();
		});
	}
})();
