// Searches a built site as its page does: node docs/site/search.js SITE WORD ...
// Prints for each word, in a line, the pages that are found, best first. A fault of a script ends it.
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const [site, ...words] = process.argv.slice(2);
const context = vm.createContext({
  console,
  document: { addEventListener() {}, getElementById: () => ({}), readyState: "loading", documentElement: { dataset: {} } },
  window: { location: { search: "" } },
  localStorage: { setItem() {}, getItem() {}, removeItem() {} },
  URLSearchParams,
});
// The globals of a page are those of its window.
context.window = Object.assign(context, context.window);
for (const name of ["documentation_options.js", "doctools.js", "sphinx_highlight.js", "searchtools.js", "language_data.js"]) {
  vm.runInContext(fs.readFileSync(path.join(site, "_static", name), "utf8"), context);
}
vm.runInContext(fs.readFileSync(path.join(site, "searchindex.js"), "utf8"), context);
for (const word of words) {
  context.word = word;
  const found = vm.runInContext("Search._performSearch(...Search._parseQuery(word))", context);
  // The last is the best: the page takes results from the end.
  console.log([...new Set(found.reverse().map((result) => result[0]))].join(" "));
}
