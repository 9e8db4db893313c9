// Bands: which are set up and worn where, which are near, and one more for the settings.

import { get, post } from "./api.js";
import { SITES, drawBody } from "./body.js";
import { make, openPage } from "./frame.js";
import { say } from "./words.js";

/** @typedef {{device: string, site: string, source: string}} SetUp */
/** @typedef {{kind: string, address: string, name: string, rssi_dbm: number | null}} Near */

const SEARCH_S = 6;
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const searchButton = /** @type {HTMLButtonElement} */ (byId("search"));
const form = /** @type {HTMLFormElement} */ (byId("form"));
const site = /** @type {HTMLSelectElement} */ (byId("site"));
/** @type {Near | null} */
let chosen = null;
/** @type {SetUp[]} */
let setUp = [];
/** @type {string[]} */
let drivers = [];

await openPage();
site.append(...SITES.map((name) => make("option", { value: name }, say(`site.${name}`))));
await read();
searchButton.addEventListener("click", () => void search());
searchButton.disabled = false; // a click before this line would be lost
site.addEventListener("change", showBody);
byId("cancel").addEventListener("click", close);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void add();
});
byId("body").addEventListener("click", (event) => {
  const place = /** @type {SVGElement} */ (event.target).dataset.site;
  if (chosen === null || place === undefined) return;
  site.value = place;
  showBody();
});

async function read() {
  ({ bands: setUp, drivers } = await get("/bands"));
  const rows = setUp.map((band) => make("li", { "data-device": band.device }, make("strong", {}, say(`site.${band.site}`)), make("span", { class: "soft" }, `${band.device} · ${band.source}`)));
  byId("set-up").replaceChildren(...(rows.length ? rows : [make("li", { class: "soft" }, say("bands.none"))]));
  showBody();
}

async function search() {
  searchButton.disabled = true;
  byId("said").textContent = say("bands.searching");
  try {
    const { near } = await post("/bands/search", { search_s: SEARCH_S });
    byId("said").textContent = near.length ? say("bands.found", { n: near.length }) : say("bands.found.none", { drivers: drivers.join(", ") });
    byId("near").replaceChildren(...near.map(found));
  } catch (error) {
    byId("said").textContent = /** @type {Error} */ (error).message;
  }
  searchButton.disabled = false;
}

/** @param {Near} one */
function found(one) {
  const signal = one.rssi_dbm === null ? say("bands.signal.none") : say("bands.signal", { dbm: one.rssi_dbm });
  const button = make("button", { type: "button", "aria-label": say("bands.form", { name: one.name || one.address }) }, say("bands.choose"));
  button.addEventListener("click", () => choose(one));
  const words = make("span", {}, make("strong", {}, one.name || one.kind), make("span", { class: "soft number" }, ` ${one.kind} · ${one.address} · ${signal}`));
  return make("li", { "data-address": one.address }, words, button);
}

/** @param {Near} one */
function choose(one) {
  chosen = one;
  form.hidden = false;
  byId("form-head").textContent = say("bands.form", { name: one.name || one.kind });
  byId("form-head").focus();
  showBody();
}

function close() {
  chosen = null;
  form.hidden = true;
  searchButton.focus();
  showBody();
}

async function add() {
  if (chosen === null) return;
  try {
    const { device } = await post("/bands", { kind: chosen.kind, address: chosen.address, site: site.value });
    byId("said").textContent = say("bands.added", { device });
    await read();
  } catch (error) {
    byId("said").textContent = /** @type {Error} */ (error).message;
  }
  close();
}

function showBody() {
  const worn = setUp.map((band) => ({ site: band.site, shade: null, label: say(`site.${band.site}`), sub: band.device }));
  const shown = chosen ? [...worn.filter((one) => one.site !== site.value), { site: site.value, shade: 4, label: say(`site.${site.value}`), sub: chosen.name }] : worn;
  const words = shown.length ? say("bands.body", { sites: shown.map((one) => one.label).join(", ") }) : say("bands.body.none");
  byId("body").replaceChildren(drawBody(shown, words));
  byId("body").classList.toggle("choosing", chosen !== null);
}
