// node call.js ADDRESS PROTOS < [{"method": ..., "requests": [...]}, ...]   prints one line of JSON per call:
// {"replies": [...]} or {"code": ..., "message": ..., "details": base64 of google.rpc.Status}
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [address, protos] = process.argv.slice(2);
const definition = loader.loadSync("secant/v1/calculus_service.proto", {
  includeDirs: [protos], keepCase: true, enums: String, longs: Number,
});
const service = grpc.loadPackageDefinition(definition).secant.v1.CalculusService;
const client = new service(address, grpc.credentials.createInsecure());

function failure(error) {
  const details = error.metadata ? error.metadata.get("grpc-status-details-bin")[0] : undefined;
  return { code: error.code, message: error.details, details: details && details.toString("base64") };
}

function call({ method, requests }) {
  const { requestStream, responseStream } = service.service[method];
  const deadline = { deadline: Date.now() + 5000 };
  return new Promise((resolve) => {
    if (!responseStream) {
      client[method](requests[0], deadline, (error, reply) => resolve(error ? failure(error) : { replies: [reply] }));
      return;
    }
    const stream = requestStream ? client[method](deadline) : client[method](requests[0], deadline);
    const replies = [];
    stream.on("data", (reply) => replies.push(reply));
    stream.on("error", (error) => resolve(failure(error)));
    stream.on("end", () => resolve({ replies }));
    if (requestStream) {
      requests.forEach((request) => stream.write(request));
      stream.end();
    }
  });
}

(async () => {
  const calls = JSON.parse(require("fs").readFileSync(0, "utf8"));
  for (const one of calls) console.log(JSON.stringify(await call(one)));
  client.close();
})();
