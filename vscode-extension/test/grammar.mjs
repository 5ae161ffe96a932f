// The colours that the grammar alone gives to every example and to the whole library, before a server is there: a letter below
// each character. `node test/grammar.mjs --update` writes test/grammar.txt anew, to be read in the diff; without, it compares.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import onigurumaModule from "vscode-oniguruma";
import textmateModule from "vscode-textmate";

const extension = join(import.meta.dirname, "..");
const root = join(extension, "..");
const snapshot = join(extension, "test/grammar.txt");
const require = createRequire(import.meta.url);

/** One letter for each scope; what is not here must not occur. */
const LETTERS = {
  "comment.line.documentation.nn": "!", "comment.line.double-slash.nn": "/", "comment.block.nn": "*",
  "string.quoted.double.nn": '"', "constant.character.escape.nn": "\\",
  "storage.type.nn": "D", "storage.modifier.nn": "d", "variable.other.declaration.nn": "w",
  "entity.name.type.nn": "T", "entity.name.function.nn": "f", "variable.parameter.nn": "p",
  "variable.other.nn": "v", "variable.other.member.nn": "m", "variable.other.next.nn": "n", "variable.language.nn": "b",
  "keyword.control.nn": "k", "keyword.operator.word.nn": "o", "constant.language.nn": "c", "constant.other.nn": "c",
  "constant.numeric.nn": "1", "support.function.reduction.nn": "r", "support.function.nn": "s", "support.function.draw.nn": "q",
  "keyword.operator.pipe.nn": ">", "keyword.operator.outside.nn": "?", "keyword.operator.range.nn": ".",
  "keyword.operator.comparison.nn": "<", "keyword.operator.draw.nn": "~", "keyword.operator.assignment.nn": "=",
  "keyword.operator.arithmetic.nn": "+", "punctuation.separator.nn": ",",
  "punctuation.section.block.nn": "{", "punctuation.section.brackets.nn": "[", "punctuation.section.parens.nn": "(",
  "source.nn": " ",
};

const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
await onigurumaModule.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
const registry = new textmateModule.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (sources) => new onigurumaModule.OnigScanner(sources),
    createOnigString: (text) => new onigurumaModule.OnigString(text),
  }),
  loadGrammar: async () => {
    const file = join(extension, "syntaxes/nn.tmLanguage.json");
    return textmateModule.parseRawGrammar(readFileSync(file, "utf8"), file);
  },
});
const grammar = await registry.loadGrammar("source.nn");

/** Every character of a text as the letter of its scope; characters that have none are told to `bare`. */
function masks(text, bare) {
  let stack = textmateModule.INITIAL;
  return text.split("\n").map((line, row) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    let mask = "";
    for (const { startIndex, endIndex, scopes } of tokens) {
      const letter = LETTERS[scopes.at(-1)];
      if (letter === undefined) throw new Error(`${row + 1}: no letter for ${scopes.at(-1)}`);
      const part = line.slice(startIndex, endIndex);
      if (letter === " " && part.trim()) bare(row + 1, part.trim());
      mask += letter.repeat(part.length);
    }
    return mask.slice(0, line.length).trimEnd();
  });
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["target", "runs", "data", "node_modules"].includes(entry.name) ? [] : sources(path);
    return entry.name.endsWith(".nn") ? [path] : [];
  }).sort();
}

const problems = [];
const parts = [...sources(join(root, "examples")), ...sources(join(root, "stdlib"))].map((file) => {
  const name = relative(root, file);
  const lines = masks(readFileSync(file, "utf8").replace(/\n$/, ""), (row, what) => problems.push(`${name}:${row}: no colour for ${what}`));
  return [`@@ ${name}`, ...lines].join("\n");
});
const found = parts.join("\n") + "\n";

if (process.argv.includes("--update")) {
  writeFileSync(snapshot, found);
} else {
  const expected = readFileSync(snapshot, "utf8").split("\n");
  let file = "", row = 0;
  found.split("\n").forEach((line, i) => {
    if (line.startsWith("@@ ")) [file, row] = [line.slice(3), -1];
    row++;
    if (line !== expected[i] && problems.length < 10) problems.push(`${file}:${row}\n  was ${expected[i]}\n  is  ${line}`);
  });
  if (found.split("\n").length < expected.length) problems.push("the snapshot has lines that no source has");
}
problems.forEach((problem) => console.log(problem));
console.log(`${problems.length ? "FAIL" : "ok   "} the grammar's colours of ${parts.length} files, ${found.split("\n").length} lines`);
process.exit(problems.length ? 1 : 0);
