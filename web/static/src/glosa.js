// What every page may use, without which it works as well: the count of letters
// left, copying a key, and the device's part of a salt. A page says what it wants by attributes.
(function () {
	"use strict";
	// <textarea data-count="ID" data-max="300">: the element ID holds "Te quedan {n} letras"
	// in data-other, data-one and data-over; it is told politely, at most each second.
	document.querySelectorAll("[data-count]").forEach(function (box) {
		var out = document.getElementById(box.dataset.count);
		var max = +box.dataset.max, timer;
		if (!out || !max) return;
		function say() {
			var left = max - Array.from(box.value).length;
			var over = left < 0, n = Math.abs(left);
			var form = over ? "over" : "left";
			var text = out.dataset[form + (n === 1 ? "One" : "Other")] || "";
			out.textContent = text.replace("{n}", n.toLocaleString(document.documentElement.lang === "en" ? "en" : "es-MX"));
		}
		box.addEventListener("input", function () {
			clearTimeout(timer);
			timer = setTimeout(say, 300);
		});
		say();
	});
	// <button data-copy="ID" data-done="Copiada" hidden>: shown only when copying can work.
	document.querySelectorAll("[data-copy]").forEach(function (button) {
		var from = document.getElementById(button.dataset.copy);
		if (!from || !navigator.clipboard) return;
		button.hidden = false;
		button.addEventListener("click", function () {
			navigator.clipboard.writeText(from.textContent.trim()).then(function () {
				button.textContent = button.dataset.done;
				button.setAttribute("aria-live", "polite");
			});
		});
	});
	// <form data-salt>: the device adds its sixteen bytes, so that no two ballots are one;
	// as it is sent, so that a form that a script brought in later has them too.
	document.addEventListener("submit", function (event) {
		var form = event.target, part;
		if (!form.matches("form[data-salt]")) return;
		part = form.elements.salt || document.createElement("input");
		part.type = "hidden";
		part.name = "salt";
		part.value = btoa(String.fromCharCode.apply(null, crypto.getRandomValues(new Uint8Array(16))));
		form.appendChild(part);
	}, true);
	// Errors of a form take the focus, so that they are read first.
	var errors = document.querySelector(".errors[tabindex]");
	if (errors) errors.focus();
})();
