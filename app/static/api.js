// The service's addresses, and the one stream there is.

/** An error with the service's own words; `retry` in seconds where it says when to come back. */
export class ServiceError extends Error {
  constructor(message, status = 0, retry = null) {
    super(message);
    this.status = status;
    this.retry = retry;
  }
}

async function failure(response) {
  let message = `The service answered ${response.status}.`;
  try {
    message = (await response.json()).error.message;
  } catch {
    // no JSON: the status has to do
  }
  const retry = Number(response.headers.get("Retry-After")) || null;
  return new ServiceError(message, response.status, retry);
}

async function asked(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError("The service can’t be reached. Is it still running?");
  }
}

export async function getJson(path) {
  const response = await asked(path);
  if (!response.ok) throw await failure(response);
  return response.json();
}

export async function readiness() {
  const response = await asked("/readyz");
  return response.json();
}

export function line(show, id, asOf) {
  return getJson(`/api/shows/${encodeURIComponent(show)}/line/${encodeURIComponent(id)}?as_of=${asOf}`);
}

/** The `data:` payloads of a server-sent event stream. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    const parts = buffer.split("\n\n");
    buffer = parts.pop();
    for (const part of parts) if (part.startsWith("data: ")) yield part.slice(6);
  }
}

/** Ask and hand each piece to `onPiece`; resolves to the `canon` object. Throws `ServiceError` or an AbortError. */
export async function chat(body, signal, onPiece) {
  const response = await asked("/v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });
  if (!response.ok) throw await failure(response);
  let canon = null;
  for await (const data of events(response.body)) {
    if (data === "[DONE]") return canon;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new ServiceError(chunk.error.message);
    const piece = chunk.choices[0]?.delta?.content;
    if (piece) onPiece(piece);
    canon = chunk.canon ?? canon;
  }
  throw new ServiceError("The answer broke off. Please try again.");
}
