// The forms of the reference: each sends its request and shows the reply as text.
const SERVICE = "/secant.v1.CalculusService/";
const HEAD = 5, END = 2;
// Characters of a reply that are shown: a figure or a long stream would slow the page down.
const SHOWN = 100_000;

const encoder = new TextEncoder(), decoder = new TextDecoder();

function headers(kind) {
  const token = document.getElementById("token").value;
  return { "content-type": kind, "connect-protocol-version": "1", ...(token && { authorization: `Bearer ${token}` }) };
}

function envelope(message) {
  const body = encoder.encode(JSON.stringify(message));
  const framed = new Uint8Array(HEAD + body.length);
  new DataView(framed.buffer).setUint32(1, body.length);
  framed.set(body, HEAD);
  return framed;
}

function problem(error) {
  const reasons = (error.details ?? []).map((detail) => JSON.stringify(detail.debug ?? detail));
  return [`${error.code}: ${error.message}`, ...reasons].join("\n");
}

// The messages of a stream as they come; an error in its last envelope is thrown.
async function* messages(response) {
  let held = new Uint8Array(0);
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the stream ended without its last envelope");
    const joined = new Uint8Array(held.length + value.length);
    joined.set(held);
    joined.set(value, held.length);
    held = joined;
    while (held.length >= HEAD) {
      const size = new DataView(held.buffer, held.byteOffset).getUint32(1);
      if (held.length < HEAD + size) break;
      const found = JSON.parse(decoder.decode(held.subarray(HEAD, HEAD + size)));
      if (held[0] & END) {
        if (found.error) throw new Error(problem(found.error));
        return;
      }
      yield found;
      held = held.subarray(HEAD + size);
    }
  }
}

async function send(form, output, signal) {
  const url = SERVICE + form.dataset.method;
  const request = JSON.parse(form.querySelector("textarea").value);
  const show = (message) => {
    if (output.textContent.length < SHOWN) output.textContent += JSON.stringify(message, null, 1) + "\n";
  };
  if (form.dataset.kind === "unary") {
    const options = { method: "POST", headers: headers("application/json"), body: JSON.stringify(request), signal };
    const response = await fetch(url, options);
    const text = await response.text();
    const found = response.headers.get("content-type") === "application/json" ? JSON.parse(text) : { code: response.status, message: text };
    if (!response.ok) throw new Error(problem(found));
    show(found);
    return;
  }
  const body = new Blob([request].flat().map(envelope));
  const response = await fetch(url, { method: "POST", headers: headers("application/connect+json"), body, signal });
  if (!response.ok) throw new Error(problem(await response.json()));
  for await (const message of messages(response)) show(message);
}

for (const form of document.querySelectorAll("form[data-method]")) {
  const [, stop] = form.querySelectorAll("button");
  const output = form.querySelector("output");
  let running = new AbortController();
  stop.addEventListener("click", () => running.abort());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    running.abort();
    const own = (running = new AbortController());
    output.textContent = "";
    output.classList.remove("error");
    stop.disabled = false;
    try {
      await send(form, output, own.signal);
    } catch (error) {
      if (own.signal.aborted && own !== running) return;
      output.textContent += own.signal.aborted ? "stopped" : error.message;
      output.classList.toggle("error", !own.signal.aborted);
    }
    if (own === running) stop.disabled = true;
  });
}
