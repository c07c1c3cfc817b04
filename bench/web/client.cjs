// node client.cjs URL ADDRESS PROTOS BODY: reads lines "KIND COUNT", makes COUNT calls in sequence, prints the seconds of one.
const readline = require("node:readline");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [url, address, protos, body] = process.argv.slice(2);
const definition = loader.loadSync("secant/v1/calculus_service.proto", { includeDirs: [protos], keepCase: true });
const service = grpc.loadPackageDefinition(definition).secant.v1.CalculusService;
const client = new service(address, grpc.credentials.createInsecure());
const request = JSON.parse(body);

const calls = {
  grpc: () => new Promise((resolve, reject) => client.Gradient(request, (error, reply) => (error ? reject(error) : resolve(reply)))),
  json: async () => {
    const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) };
    const response = await fetch(`${url}/secant.v1.CalculusService/Gradient`, options);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  },
  page: async () => (await fetch(`${url}/`)).text(),
};

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [kind, count] = line.split(" ");
    const began = process.hrtime.bigint();
    for (let i = 0; i < Number(count); i++) await calls[kind]();
    console.log(Number(process.hrtime.bigint() - began) / 1e9 / Number(count));
  }
  process.exit(0);
})();
