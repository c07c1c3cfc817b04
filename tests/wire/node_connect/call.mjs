// node call.mjs URL CONTRACT < [{"method": ..., "requests": [...]}, ...]   prints one line of JSON per client and call:
// {"client": ..., "method": ..., "replies": [...]} or {..., "code": ..., "message": ..., "details": [{type, debug, value in base64}]}
// CONTRACT is a file with a google.protobuf.FileDescriptorSet.
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary, fromJson, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { ConnectError, createClient } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";

const [baseUrl, contract] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(contract)));
const service = registry.getService("secant.v1.CalculusService");

const clients = {
  "node binary": node.createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "node json": node.createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
  "node get": node.createConnectTransport({ baseUrl, httpVersion: "1.1", useHttpGet: true, acceptCompression: [] }),
  "web binary": web.createConnectTransport({ baseUrl, useBinaryFormat: true }),
  "web json": web.createConnectTransport({ baseUrl }),
  "web get": web.createConnectTransport({ baseUrl, useHttpGet: true }),
};

async function* each(messages) { yield* messages; }

async function call(client, { method, requests, timeoutMs = 20000 }) {
  const found = service.methods.find((one) => one.name === method);
  const messages = requests.map((request) => fromJson(found.input, request));
  const options = { timeoutMs };
  const replies = [];
  try {
    const run = client[found.localName];
    if (found.methodKind === "unary") replies.push(await run(messages[0], options));
    else for await (const reply of run(found.methodKind === "server_streaming" ? messages[0] : each(messages), options)) replies.push(reply);
  } catch (reason) {
    const error = ConnectError.from(reason);
    const details = error.details.map(({ type, value, debug }) => ({ type, debug, value: Buffer.from(value).toString("base64") }));
    return { code: error.code, message: error.rawMessage, details };
  }
  return { replies: replies.map((reply) => toJson(found.output, reply)) };
}

const calls = JSON.parse(readFileSync(0, "utf8"));
for (const [name, transport] of Object.entries(clients)) {
  const client = createClient(service, transport);
  for (const one of calls) {
    console.log(JSON.stringify({ client: name, method: one.as ?? one.method, ...(await call(client, one)) }));
  }
}
process.exit(0);
