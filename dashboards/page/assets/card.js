// The symptom card: what the wearer ticked first, then the list that is the same for everyone.

import { make, openPage } from "./frame.js";
import { byId, fillList, need } from "./group.js";

await openPage();
/** @type {{led: string[], now: string, soon: string, signs: string[], more: string[]}} */
const card = await need("/card");
byId("led").hidden = !card.led.length;
byId("led").replaceChildren(...card.led.map((line) => make("p", {}, line)));
byId("now").textContent = card.now;
byId("soon").textContent = card.soon;
fillList("signs", card.signs);
byId("more").replaceChildren(...card.more.map((line) => make("p", {}, line)));
document.body.dataset.drawn = "true";
