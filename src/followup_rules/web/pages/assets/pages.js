// Try it: decide again a moment after the last letter; save what is there as a file, and open one.
"use strict";

(() => {
  const form = document.getElementById("try");
  if (!form) return;
  const shown = document.getElementById("tried");
  const said = document.getElementById("said");
  const fields = ["rules", "application", "at"];
  let timer = 0;
  let asking = null;

  async function ask() {
    if (asking) asking.abort();
    asking = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("whole", "");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      shown.innerHTML = await answer.text();
      said.textContent = shown.querySelector(".problems") ? "Something is wrong." : "Decided.";
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = "The service did not answer; try again.";
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    ask();
  });

  const save = document.getElementById("save");
  save.hidden = false;
  save.addEventListener("click", () => {
    const told = Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(told, null, 2)], { type: "application/json" }));
    link.download = "followup-try.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });

  const open = document.getElementById("open");
  document.getElementById("opening").hidden = false;
  open.addEventListener("change", async () => {
    try {
      const told = JSON.parse(await open.files[0].text());
      for (const name of fields) if (typeof told[name] === "string") form.elements[name].value = told[name];
      ask();
    } catch {
      said.textContent = "This is no file that was saved here.";
    }
    open.value = "";
  });
})();
