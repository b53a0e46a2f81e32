// with waiting.js
// The service worker keeps one clean form for asking, fetched without cookies, and
// what that form loads, so that it opens without a network; and it sends what
// waits when the network is back and no page is open. It keeps no other page.
(function () {
	"use strict";
	var shelf = "glosa-form", form = /^\/(es|en)\/(ediciones\/[^/]+\/)?preguntar$/;
	self.addEventListener("install", function () { self.skipWaiting(); });
	self.addEventListener("activate", function (e) { e.waitUntil(self.clients.claim()); });

	function kept() {
		return caches.open(shelf).then(function (c) {
			return c.keys().then(function (keys) {
				var found = keys.filter(function (k) { return form.test(new URL(k.url).pathname); })[0];
				return found ? c.match(found) : Response.error();
			});
		});
	}
	self.addEventListener("fetch", function (e) {
		var url = new URL(e.request.url);
		if (url.origin !== location.origin) return;
		if (e.request.mode === "navigate" && form.test(url.pathname))
			e.respondWith(fetch(e.request).catch(kept));
		else if (e.request.method === "GET" && url.pathname.indexOf("/static/") === 0)
			e.respondWith(caches.match(e.request).then(function (r) { return r || fetch(e.request); }));
	});

	// A page that shows the form says which one, and what it loads.
	function keep(path, parts) {
		return fetch(path, { credentials: "omit", redirect: "error" }).then(function (page) {
			if (!page.ok) return;
			return caches.open(shelf).then(function (c) {
				return c.addAll(parts).then(function () { return c.put(path, page); }).then(function () { return c.keys(); }).then(function (keys) {
					return Promise.all(keys.map(function (k) {
						var at = new URL(k.url).pathname;
						if (at !== path && parts.indexOf(at) < 0) return c.delete(k);
					}));
				});
			});
		});
	}
	self.addEventListener("message", function (e) {
		var say = e.data || {};
		if (!form.test(say.form) || !say.parts.every(function (p) { return p.indexOf("/static/") === 0; })) return;
		e.waitUntil(keep(say.form, say.parts).then(function () { e.source.postMessage("kept"); }));
	});

	self.addEventListener("sync", function (e) {
		if (e.tag !== "glosa-send") return;
		e.waitUntil(waiting.all().then(function (items) {
			return Promise.all(items.map(function (item) {
				return item.sent || waiting.send(item).then(function (what) {
					if (what === "later") throw new Error("later"); // the browser tries again
					item.sent = true; // the receipt is shown, with the key, at the next visit
					return waiting.put(item);
				});
			}));
		}));
	});
})();
