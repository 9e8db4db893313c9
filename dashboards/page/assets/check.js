// Before sleep: go, or what to do first; it looks again by itself.

import { get } from "./api.js";
import { make, openPage } from "./frame.js";
import { say } from "./words.js";

/** @typedef {{about: string, verdict: "ok" | "note" | "not yet", words: string}} Finding */

const EVERY_MS = 4000;
const SIGNS = { ok: "✓", note: "•", "not yet": "!" };
const MACHINE = ["clock", "disk", "broker", "store", "chain"];

const verdict = /** @type {HTMLElement} */ (document.getElementById("verdict"));
const until = /** @type {HTMLInputElement} */ (document.getElementById("until"));

await openPage();
setVerdict("none", say("check.none"));
await look();
until.addEventListener("change", () => void look());
setInterval(() => document.hidden || void look(), EVERY_MS);

async function look() {
  if (until.value === "" && until.dataset.isKnown) return; // half typed
  try {
    const found = await get("/check", until.value ? { until: until.value } : {});
    if (!until.value) until.value = found.until;
    until.dataset.isKnown = "true";
    setVerdict(found.is_ready ? "go" : "not yet", found.says);
    show(found.findings);
  } catch (error) {
    setVerdict("none", say("check.wrong", { words: /** @type {Error} */ (error).message }));
  }
}

/** @param {string} kind @param {string} words */
function setVerdict(kind, words) {
  const [sign, text] = verdict.children;
  sign.textContent = kind === "go" ? SIGNS.ok : kind === "not yet" ? SIGNS["not yet"] : "…";
  verdict.dataset.verdict = kind;
  if (text.textContent !== words) text.textContent = words;
}

/** @param {Finding[]} findings */
function show(findings) {
  /** @type {Map<string, Finding[]>} */
  const groups = new Map();
  for (const finding of findings) groups.set(finding.about, [...(groups.get(finding.about) ?? []), finding]);
  const place = /** @type {HTMLElement} */ (document.getElementById("findings"));
  const machine = [...groups].filter(([about]) => MACHINE.includes(about));
  const bands = [...groups].filter(([about]) => !MACHINE.includes(about));
  const cards = bands.map(([about, mine]) => card(about, mine.map((one) => row(one, ""))));
  const ours = machine.flatMap(([about, mine]) => mine.map((one) => row(one, say(`check.${about}`))));
  place.replaceChildren(...cards, card(say("check.machine"), ours));
}

/** @param {string} title @param {HTMLElement[]} rows */
function card(title, rows) {
  return make("section", { class: "card" }, make("h2", {}, title), make("ul", { class: "plain findings" }, ...rows));
}

/** @param {Finding} finding @param {string} about */
function row(finding, about) {
  const sign = make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[finding.verdict]);
  const spoken = make("span", { class: "unseen" }, `${say(`check.${finding.verdict}`)}: `);
  const words = make("span", {}, spoken, about ? make("strong", {}, `${about}: `) : "", finding.words);
  return make("li", { "data-verdict": finding.verdict, "data-about": finding.about }, sign, words);
}
