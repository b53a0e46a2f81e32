// What waits to be sent stands in the device's own database, under the mark that
// keeps it from being sent twice: its fields, its file, the key that the device
// made. The page and the service worker both send it; the server takes it once.
var waiting = (function () {
	function open() {
		return new Promise(function (ok, no) {
			var r = indexedDB.open("glosa", 1);
			r.onupgradeneeded = function () { r.result.createObjectStore("waiting", { keyPath: "once" }); };
			r.onsuccess = function () { ok(r.result); };
			r.onerror = function () { no(r.error); };
		});
	}
	function act(mode, fn) {
		return open().then(function (db) {
			return new Promise(function (ok, no) {
				var t = db.transaction("waiting", mode), r = fn(t.objectStore("waiting"));
				t.oncomplete = function () { db.close(); ok(r.result); };
				t.onabort = t.onerror = function () { db.close(); no(t.error); };
			});
		});
	}
	function put(item) { return act("readwrite", function (s) { return s.put(item); }); }
	return {
		all: function () { return act("readonly", function (s) { return s.getAll(); }); },
		get: function (once) { return act("readonly", function (s) { return s.get(once); }); },
		put: put,
		drop: function (once) { return act("readwrite", function (s) { return s.delete(once); }); },
		// send says what came of it: "sent", "wrong" when the form is to be mended or is
		// closed, "later" when there is no network or too many people. These give a ticket
		// and a time to wait: both are kept with it, so that it waits once.
		send: function (item) {
			var left = item.after - Date.now(), body = new FormData();
			if (left > 0 && left < 7e5) return Promise.resolve("later"); // more is a clock that was set back
			item.fields.forEach(function (f) { body.append(f[0], f[1]); });
			if (item.file) body.append("file", item.file, item.file.name);
			return fetch(item.action, { method: "POST", body: body, credentials: "same-origin", redirect: "error" }).then(function (r) {
				if (r.ok) return "sent";
				if (r.status !== 429 && r.status < 500) return "wrong";
				var ticket = r.headers.get("Glosa-Ticket"), wait = r.headers.get("Retry-After");
				if (ticket) item.fields = item.fields.filter(function (f) { return f[0] !== "ticket"; }).concat([["ticket", ticket]]);
				item.after = Date.now() + (wait || 5) * 1000 + Math.random() * 2000; // not all at once
				return put(item).then(function () { return "later"; });
			}, function () { return "later"; });
		}
	};
})();
