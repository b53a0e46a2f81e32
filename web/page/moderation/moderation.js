// Keys for moderators: J and K go through the queue, A admits, N, R and E open
// their forms, ? brings the help to view. Nothing is sent by a key but A.
(function () {
	"use strict";
	document.addEventListener("keydown", function (event) {
		if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
		var key = event.key.toLowerCase(), link = key === "j" ? "next" : key === "k" ? "prev" : "";
		var to = link && document.querySelector("main a[rel=" + link + "]");
		if (to) {
			to.click();
			return;
		}
		if (key === "?") {
			var help = document.querySelector(".side .box");
			if (help) help.scrollIntoView({ block: "center" });
			return;
		}
		var what = /^[anre]$/.test(key) && document.querySelector("[data-press=" + key + "]");
		if (!what) return;
		event.preventDefault();
		if (what.tagName === "DETAILS") {
			what.open = true;
			what.querySelector("input:not([type=hidden]), select").focus();
		} else {
			what.focus();
			what.click();
		}
	});
})();
