// A button on each block of code that copies the code without prompts and output.
const CODE = {
  prompt: (lines) => lines.filter((l) => /^(>>>|\.\.\.)( |$)/.test(l)).map((l) => l.slice(4)),
  shell: (lines) => {
    const kept = [];
    let more = false;
    for (const line of lines) {
      if (line.startsWith("$ ")) kept.push(line.slice(2));
      else if (more) kept.push(line);
      more = (line.startsWith("$ ") || more) && line.endsWith("\\");
    }
    return kept;
  },
  r: (lines) => lines.filter((l) => !l.startsWith("#>")),
};

function code(block, text) {
  const lines = text.replace(/\n$/, "").split("\n");
  const names = block.className;
  if (lines.some((l) => l.startsWith(">>> "))) return CODE.prompt(lines);
  if (/console/.test(names)) return CODE.shell(lines);
  return /highlight-r\b/.test(names) ? CODE.r(lines) : lines;
}

document.addEventListener("DOMContentLoaded", () => {
  const word = document.documentElement.lang === "ko" ? ["복사", "복사됨"] : ["Copy", "Copied"];
  for (const block of document.querySelectorAll("div[class*='highlight-']")) {
    const pre = block.querySelector("pre");
    if (!pre || !navigator.clipboard) continue;
    const button = document.createElement("button");
    button.className = "copy";
    button.type = "button";
    button.textContent = word[0];
    const text = pre.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code(block, text).join("\n") + "\n");
      button.textContent = word[1];
      setTimeout(() => (button.textContent = word[0]), 1500);
    });
    pre.parentElement.append(button);
  }
});
