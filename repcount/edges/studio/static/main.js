// The studio: the list of recordings, or after the # the name of one.

import { List } from "./list.js";
import { Recording } from "./recording.js";

const main = document.getElementById("main");
const note = document.getElementById("note");
let shown = null;
let hash = null;

function failed(error) {
  note.textContent = error.message;
}

function show() {
  if (location.hash === hash) return;
  if (shown instanceof Recording && shown.dirty && !confirm("Leave without saving the labels?")) {
    history.replaceState(null, "", hash || "#");
    return;
  }
  hash = location.hash;
  shown?.close();
  note.textContent = "";
  const name = decodeURIComponent(hash.slice(1));
  document.title = name ? `${name} · repcount studio` : "repcount studio";
  shown = name ? new Recording(main, name, failed) : new List(main, failed);
  window.studio = shown; // for whoever looks with the browser's tools
}

addEventListener("hashchange", show);
addEventListener("beforeunload", (event) => {
  if (shown instanceof Recording && shown.dirty) event.preventDefault();
});
show();
