// The page of a training, in a browser without VS Code: however many steps are told at once, it is drawn once a frame, with all of
// them. Ends with status 0 when that is so.
import { buildSync } from "esbuild";
import { createRequire } from "node:module";
import { join } from "node:path";
import { extension, lap, launch } from "./host.mjs";

const STEPS = 150_000;

const written = join(extension, "target/curve.cjs");
buildSync({
  entryPoints: [join(extension, "src/curve.ts")], outfile: written, bundle: true, platform: "node", format: "cjs", external: ["vscode"],
});
// VS Code, as far as the panel asks for it.
const panel = { webview: { html: "", onDidReceiveMessage() {}, postMessage() {} }, onDidDispose() {}, reveal() {} };
const vscode = { window: { createWebviewPanel: () => panel }, ViewColumn: { Beside: -2 } };
const module = createRequire(import.meta.url)("node:module");
const load = module._load;
module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const { Curves } = createRequire(import.meta.url)(written);
new Curves({ appendLine() {} }, { show() {}, hide() {} }).on({ uri: "file:///a.nn", train: "Fit", what: "started", text: "" });

const browser = await launch();
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript(() => {
    globalThis.acquireVsCodeApi = () => ({ postMessage() {} });
  });
  await page.goto("about:blank");
  await page.setContent(panel.webview.html);
  const found = await page.evaluate(async (steps) => {
    const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    const observer = new MutationObserver((records) => count(records));
    observer.observe(document.getElementById("chart"), { childList: true });
    let drawn = 0;
    const count = (records) => (drawn += records.length);
    const drawings = () => count(observer.takeRecords());
    const told = (step) => ({ what: "event", train: "Fit", text: JSON.stringify({ event: "step", step, loss: 1 / step }) });
    await frame();
    drawings();
    drawn = 0;
    // In one go, as a page gets what was told while it was hidden.
    for (let i = 1; i <= steps; i++) window.dispatchEvent(new MessageEvent("message", { data: told(i) }));
    const inOneGo = drawings();
    await frame();
    const afterAFrame = drawings();
    window.dispatchEvent(new MessageEvent("message", { data: told(steps + 1) }));
    await frame();
    const points = document.querySelector("polyline.train").getAttribute("points").split(" ").length;
    const last = [...document.querySelectorAll("text.label")].at(-1).textContent;
    return { inOneGo, afterAFrame, afterAnother: drawings(), points, last, state: document.getElementById("state").textContent };
  }, STEPS);
  const wanted = { inOneGo: 0, afterAFrame: 1, afterAnother: 2, last: `step ${STEPS + 1}`, state: `step ${STEPS + 1}` };
  for (const [what, value] of Object.entries(wanted)) {
    if (found[what] !== value) errors.push(`${what} is ${found[what]}, not ${value}`);
  }
  if (found.points < 1000 || found.points > 3000) errors.push(`${found.points} points`);
  lap(errors.length ? `FAIL  a run's page: ${errors.join("; ")}` : "ok    a run's page is drawn once a frame");
  process.exitCode = errors.length ? 1 : 0;
} finally {
  await browser.close();
}
