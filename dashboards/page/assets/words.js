// Words: every text of the page by its key, from one catalogue a language.

/** @type {Record<string, string | Record<string, string>>} */
let catalogue = {};
const plural = new Intl.PluralRules("en");

/** Read the catalogue. @returns {Promise<void>} */
export async function readWords() {
  const answer = await fetch("/assets/words.en.json");
  catalogue = await answer.json();
}

/**
 * Give a text. A text with several forms is chosen by `n`; `{name}` in it is replaced by the value of that name.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  const found = catalogue[key];
  if (found === undefined) throw new Error(`no words for ${key}`);
  const text = typeof found === "string" ? found : found[plural.select(Number(values.n))] ?? found.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Fill every element that names its text. @param {ParentNode} [root] */
export function fillWords(root = document) {
  for (const element of root.querySelectorAll("[data-words]")) {
    element.textContent = say(/** @type {HTMLElement} */ (element).dataset.words ?? "");
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(/** @type {HTMLElement} */ (element).dataset.label ?? ""));
  }
}
