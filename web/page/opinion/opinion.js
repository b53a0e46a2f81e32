// Votes without leaving the page: the same form is sent, and the next statement
// takes the place of this one. Whatever fails is sent as a form.
(function () {
	"use strict";
	var busy = false;
	document.addEventListener("submit", function (event) {
		var form = event.target, button = event.submitter;
		if (!form.matches("form[data-vote]") || !button || !window.DOMParser) return;
		event.preventDefault();
		if (busy) return;
		busy = true;
		var body = new URLSearchParams(new FormData(form));
		body.set(button.name, button.value);
		fetch(form.action, { method: "POST", body: body, credentials: "same-origin" }).then(function (res) {
			if (!res.ok) throw new Error(res.status);
			return res.text();
		}).then(function (html) {
			var next = new DOMParser().parseFromString(html, "text/html"), main = next.querySelector("main");
			if (!main) throw new Error("main");
			document.querySelector("main").replaceWith(main);
			document.title = next.title;
			var head = main.querySelector("h1");
			head.tabIndex = -1;
			head.focus();
		}).catch(function () {
			var says = document.createElement("input");
			says.type = "hidden";
			says.name = button.name;
			says.value = button.value;
			form.append(says);
			form.submit();
		}).finally(function () {
			busy = false;
		});
	});
})();
