// The page for a doctor, to be taken along: made on this machine, kept where the browser keeps downloads.

import { Refused } from "./api.js";
import { openPage } from "./frame.js";
import { byId, drawGroup, openForms, saying } from "./group.js";
import { say } from "./words.js";

const value = (/** @type {string} */ id) => /** @type {HTMLInputElement | HTMLSelectElement} */ (byId(id)).value;

await openPage();
drawGroup();
byId("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("status").textContent = say("report.making");
  byId("status").dataset.state = "busy";
  await saying("status", fetchReport);
});
openForms("ask");
document.body.dataset.drawn = "true";

async function fetchReport() {
  const asked = new URLSearchParams({ weeks: value("weeks"), form: value("form"), paper: value("paper") });
  const answer = await fetch(`/api/v1/report?${asked}`);
  if (!answer.ok) throw new Refused(answer.status, (await answer.json()).error);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "";
  link.click();
  URL.revokeObjectURL(link.href);
  return say("report.made", { name: link.download });
}
