// node gradient.js HOST:PORT PROTOS FORMULA NAME=NUMBER...
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const protobuf = require("protobufjs"); // comes with the loader

const [address, protos, text, ...point] = process.argv.slice(2);
const options = { includeDirs: [protos], keepCase: true, enums: String, longs: Number };
const { secant } = grpc.loadPackageDefinition(loader.loadSync("secant/v1/calculus_service.proto", options));
const client = new secant.v1.CalculusService(address, grpc.credentials.createInsecure());

// The parts of google/rpc/status.proto and error_details.proto that Secant's errors use.
const { root } = protobuf.parse(`
  syntax = "proto3"; package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
  message BadRequest { message FieldViolation { string field = 1; string description = 2; } repeated FieldViolation field_violations = 1; }
`, { keepCase: true });

function details(error) {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (!bytes) return [];
  return root.lookupType("google.rpc.Status").decode(bytes).details.flatMap(({ type_url, value }) => {
    const type = root.lookup(type_url.split("/").pop());
    return type ? [[type.name, type.toObject(type.decode(value))]] : [];
  });
}

const at = point.map((part) => part.split("=")).map(([variable, value]) => ({ variable, value: Number(value) }));
const deadline = Date.now() + 10000; // every call should have one
client.Gradient({ expression: { text }, at }, { deadline }, (error, reply) => {
  if (error) {
    console.log(`${grpc.status[error.code]}: ${error.details}`);
    for (const [name, fields] of details(error)) console.log(name, JSON.stringify(fields));
    process.exitCode = 1;
  } else {
    reply.variables.forEach((name, i) => console.log(`d/d${name}  ${reply.partials[i].text}  ${reply.partials[i].value}`));
    console.log(`value  ${reply.value}`);
  }
  client.close();
});
