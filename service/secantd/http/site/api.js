// Calls of this server by the Connect protocol, in JSON.

const PATH = "/secant.v1.CalculusService/";

// A token, if the server asks for one; it is kept in no place but this.
export const access = { token: "" };
const headers = (type) => ({
  "content-type": type,
  "connect-protocol-version": "1",
  ...(access.token ? { authorization: `Bearer ${access.token}` } : {}),
});

export class Refused extends Error {
  constructor(answer) {
    const [headline, ...rest] = answer.message.split("\n");
    super(headline);
    this.code = answer.code;
    this.rest = rest.join("\n");
    const info = (answer.details ?? []).find((detail) => detail.type === "google.rpc.ErrorInfo")?.debug ?? {};
    this.reason = info.reason ?? "";
    this.span = info.metadata?.start === undefined ? null : [Number(info.metadata.start), Number(info.metadata.end)];
    const violation = (answer.details ?? []).find((detail) => detail.type === "google.rpc.BadRequest")?.debug;
    this.field = violation?.fieldViolations?.[0]?.field ?? "";
  }
}

// Numbers of proto JSON: NaN and infinities are texts, zeros are left out.
export const number = (value) => (value === undefined ? 0 : Number(value));
export const numbers = (values) => (values ?? []).map(number);

export async function call(method, body, signal) {
  const reply = await fetch(PATH + method, {
    method: "POST",
    headers: headers("application/json"),
    body: JSON.stringify(body),
    signal,
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Refused(answer);
  return answer;
}

// The messages of a stream, as they come; a stream that is left ends its work on the server.
export async function* stream(method, body, signal) {
  const text = new TextEncoder().encode(JSON.stringify(body));
  const framed = new Uint8Array(5 + text.length);
  new DataView(framed.buffer).setUint32(1, text.length);
  framed.set(text, 5);
  const reply = await fetch(PATH + method, {
    method: "POST",
    headers: headers("application/connect+json"),
    body: framed,
    signal,
  });
  const reader = reply.body.getReader();
  let rest = new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error("the connection ended within an answer");
      const joined = new Uint8Array(rest.length + value.length);
      joined.set(rest);
      joined.set(value, rest.length);
      rest = joined;
      while (rest.length >= 5) {
        const size = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
        if (rest.length < 5 + size) break;
        const message = JSON.parse(new TextDecoder().decode(rest.subarray(5, 5 + size)));
        const last = rest[0] & 2;
        rest = rest.slice(5 + size);
        if (!last) {
          yield message;
          continue;
        }
        if (message.error) throw new Refused(message.error);
        return;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// The newest call of a kind: an older one that has not ended is given up.
export function latest() {
  let controller = null;
  return async (work) => {
    controller?.abort();
    const mine = (controller = new AbortController());
    try {
      return await work(mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  };
}

export function debounced(milliseconds, work) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), milliseconds);
  };
}
