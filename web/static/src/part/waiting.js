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
	return {
		all: function () { return act("readonly", function (s) { return s.getAll(); }); },
		get: function (once) { return act("readonly", function (s) { return s.get(once); }); },
		put: function (item) { return act("readwrite", function (s) { return s.put(item); }); },
		drop: function (once) { return act("readwrite", function (s) { return s.delete(once); }); },
		// send says what came of it: "sent", "wrong" when the form is to be mended or is
		// closed, "later" when there is no network or too many people.
		send: function (item) {
			var body = new FormData();
			item.fields.forEach(function (f) { body.append(f[0], f[1]); });
			if (item.file) body.append("file", item.file, item.file.name);
			return fetch(item.action, { method: "POST", body: body, credentials: "same-origin", redirect: "error" }).then(function (r) {
				return r.ok ? "sent" : r.status === 429 || r.status >= 500 ? "later" : "wrong";
			}, function () { return "later"; });
		}
	};
})();
