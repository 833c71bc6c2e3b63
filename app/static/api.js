// The service's addresses.
import { t } from "./language.js";

/** An error with the service's own words, its status and its `code`. */
export class ServiceError extends Error {
  constructor(message, status = 0, code = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function failure(response) {
  try {
    const { message, code } = (await response.json()).error;
    return new ServiceError(message, response.status, code);
  } catch {
    return new ServiceError(t("answered", { status: response.status }), response.status);
  }
}

async function asked(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(t("unreachable"));
  }
}

async function json(path, options) {
  const response = await asked(path, options);
  if (!response.ok) throw await failure(response);
  return response.status === 204 ? null : response.json();
}

function sent(method, path, body, signal) {
  return json(path, { method, signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export const getJson = (path) => json(path);

export async function readiness() {
  const response = await asked("/readyz");
  return response.json();
}

export function line(show, id, asOf) {
  return getJson(`/api/shows/${encodeURIComponent(show)}/line/${encodeURIComponent(id)}?as_of=${asOf}`);
}

/** What is around a node: `query` is {node, as_of, persona or null, most}. */
export function neighbourhood(show, query, signal) {
  const given = Object.entries(query).filter(([, value]) => value !== null);
  return json(`/api/shows/${encodeURIComponent(show)}/graph?${new URLSearchParams(given)}`, { signal });
}

const ROOT = "/api/conversations";

/** What is kept. Each of `begin`, `say`, `edit`, `regenerate` answers with the turns that were added; all may throw `ServiceError`. */
export const kept = {
  list: (before) => json(`${ROOT}?limit=30${before ? `&before=${encodeURIComponent(before)}` : ""}`),
  open: (id) => json(`${ROOT}/${encodeURIComponent(id)}`),
  rename: (id, title) => sent("PATCH", `${ROOT}/${id}`, { title }),
  stand: (id, leaf) => sent("PATCH", `${ROOT}/${id}`, { leaf }),
  delete: (id) => json(`${ROOT}/${id}`, { method: "DELETE" }),
  exported: (id) => `${ROOT}/${id}/export`,
  begin: (model, message, signal) => sent("POST", ROOT, { model, message }, signal),
  say: (id, after, message, signal) => sent("POST", `${ROOT}/${id}/messages`, { ...message, after }, signal),
  edit: (id, turn, message, signal) => sent("POST", `${ROOT}/${id}/turns/${turn}/edit`, message, signal),
  regenerate: (id, turn, signal) => sent("POST", `${ROOT}/${id}/turns/${turn}/regenerate`, {}, signal),
  why: (id, turn) => json(`${ROOT}/${id}/turns/${turn}/why`),
  branch: (id, turn) => sent("POST", `${ROOT}/${id}/turns/${turn}/branch`, {}),
};
