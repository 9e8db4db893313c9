// The API under the page, as functions.

const ROOT = "/api/v1";

/** What the page's server refused, in its own sentence. */
export class Refused extends Error {
  /** @param {number} status @param {string} words */
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

/**
 * Ask for something.
 * @param {string} path below /api/v1
 * @param {Record<string, string | number>} [query]
 * @returns {Promise<any>}
 */
export function get(path, query = {}) {
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return call("GET", `${path}${asked.size ? `?${asked}` : ""}`);
}

/**
 * Say something.
 * @param {string} path below /api/v1
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export function post(path, body) {
  return call("POST", path, body);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function call(method, path, body) {
  const options = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${ROOT}${path}`, { method, ...options });
  if (answer.status === 204) return null;
  const said = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, said.error);
  return said;
}
