// What a user sees, in a real VS Code: colours, hints, a problem and its mend, a hover with the derivative, the drawn network,
// a training run with its curve, a server that dies, a machine without a JDK. Ends with status 0 when all checks pass; pictures of
// the screen go to target/screens.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extension, lap, open, processes } from "./host.mjs";

const screens = join(extension, "target/screens");
mkdirSync(screens, { recursive: true });
let e = await open(join(extension, "nnlang.vsix"));
let { page, workspace } = e;
let failed = 0;
// A plan that goes on until it is stopped: the example is trained before anybody can click.
const plan = join(workspace, "digits.nn");
const endless = readFileSync(plan, "utf8")
  .replace(/epochs( *)= 40$/m, "epochs$1= 100000")
  .replace(/^ *stop .*\n/m, "");
if (!endless.includes("= 100000") || endless.includes("stalled")) throw new Error("digits.nn has another plan");
writeFileSync(plan, endless);

const check = async (name, body) => {
  try {
    await body();
    lap(`ok    ${name}`);
  } catch (error) {
    failed++;
    lap(`FAIL  ${name}: ${String(error.message).split("\n")[0]}`);
    await page.screenshot({ path: join(screens, `fail-${name.replace(/\W+/g, "-")}.png`) });
  }
};
const shot = (name) => page.screenshot({ path: join(screens, `${name}.png`) });
const line = (text) => page.locator(".view-line").filter({ hasText: text }).first();
const command = async (title) => {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().waitFor();
  await page.keyboard.press("Enter");
};
const until = async (what, holds) => {
  for (let i = 0; !holds(); i++) {
    if (i > 300) throw new Error(`not in 30 s: ${what}`);
    await page.waitForTimeout(100);
  }
};
const trainings = () => processes("dev.nnlang.compiler.cli.Main", "train --attached", workspace);
const panel = () => page.frameLocator("iframe.webview.ready").last().frameLocator("#active-frame");

try {
  await e.goto("lenet.nn");
  await page.locator(".view-lines .view-line").first().waitFor();
  await check("colours: a word, a type and a number differ", () => page.waitForFunction(() => {
    const colour = (word) => {
      const found = [...document.querySelectorAll(".view-line span span")].find((s) => s.textContent.replace(/\u00a0/g, " ").trim() === word);
      return found && getComputedStyle(found).color;
    };
    const all = [colour("model"), colour("LeNet"), colour("28")];
    return all.every(Boolean) && new Set(all).size === 3;
  }));
  await check("inlay hints with shapes", async () => {
    await page.locator(".view-line").filter({ hasText: /→.\[28,.28,.32\]/ }).first().waitFor();
    await shot("1-hints");
  });
  await check("lenses on model and train", async () => {
    await page.locator(".codelens-decoration").filter({ hasText: "parameters" }).first().waitFor();
    await page.locator(".codelens-decoration a").filter({ hasText: "Run" }).first().waitFor();
  });
  await check("hover with signature, cost and derivative", async () => {
    await page.locator(".view-line span span").filter({ hasText: /^Conv2d$/ }).first().hover();
    const hover = page.locator(".monaco-hover:visible");
    await hover.filter({ hasText: "832 parameters" }).first().waitFor();
    await hover.filter({ hasText: "gradient_w" }).first().waitFor();
    await shot("2-hover");
    await page.keyboard.press("Escape");
  });
  await check("a problem after a typo", async () => {
    await line("|> flatten").click();
    await page.keyboard.press("Home");
    await page.keyboard.press("Control+f");
    await page.locator(".find-widget textarea, .find-widget input").first().fill("Dropout");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Backspace");
    await page.locator(".squiggly-error").first().waitFor();
    await shot("3-problem");
  });
  await check("its quick fix", async () => {
    await command("Go to Next Problem");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+.");
    await page.locator(".action-widget").filter({ hasText: "did you mean `Dropout`?" }).waitFor();
    await shot("4-quick-fix");
    await page.keyboard.press("Enter");
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await page.keyboard.press("Control+s");
    for (let i = 0; !readFileSync(join(workspace, "lenet.nn"), "utf8").includes("Dropout(0.3)"); i++) {
      if (i > 100) throw new Error("the file was not mended");
      await page.waitForTimeout(100);
    }
  });
  await check("the network drawn", async () => {
    await command("nn: Show the Network");
    await panel().locator("text.head").filter({ hasText: "model LeNet" }).waitFor();
    await panel().locator("text.title").filter({ hasText: "Conv2d(64, Kernel = 5)" }).waitFor();
    await shot("5-network");
    await panel().getByRole("button", { name: "Equations" }).click();
    await panel().locator("text.code").filter({ hasText: "sum[" }).first().waitFor();
    await shot("6-network-equations");
    await panel().getByRole("button", { name: "Kernels" }).click();
    await panel().locator("text.code").filter({ hasText: "contraction" }).first().waitFor();
    await shot("6-network-kernels");
    await panel().getByRole("button", { name: "Layers" }).click();
    await panel().locator("text.code").first().waitFor({ state: "detached" });
  });
  await check("a click in the drawing goes to the line", async () => {
    const row = readFileSync(join(workspace, "lenet.nn"), "utf8").split("\n").findIndex((text) => text.includes("Conv2d(64")) + 1;
    await panel().locator("text.title").filter({ hasText: "Conv2d(64, Kernel = 5)" }).click();
    await page.locator('[id="status.editor.selection"]').filter({ hasText: `Ln ${row},` }).waitFor();
    // And back: the layer that the cursor is in is marked.
    await panel().locator("g.marked text.title").filter({ hasText: "Conv2d(64" }).waitFor();
    await shot("6-network-jump");
  });
  await check("the drawing saved", async () => {
    await panel().getByRole("button", { name: "Save as SVG" }).click();
    await page.waitForFunction(() => document.querySelector(".quick-input-widget input")?.value.endsWith("/lenet.svg"));
    await page.keyboard.press("Enter");
    const saved = join(workspace, "lenet.svg");
    await until("lenet.svg", () => existsSync(saved) && readFileSync(saved, "utf8").endsWith("</svg>\n"));
    if (!readFileSync(saved, "utf8").startsWith("<svg xmlns=")) throw new Error("no SVG");
  });
  await check("the drawing has the colours of the window, dark or light", async () => {
    const box = panel().locator("g.layer > rect.box").first();
    const colour = () => box.evaluate((rect) => getComputedStyle(rect).fill);
    const dark = await colour();
    await command("Preferences: Toggle between Light/Dark Themes");
    await panel().locator("body.vscode-light").waitFor();
    await shot("6-network-light");
    if (await colour() === dark) throw new Error(`${dark} in both`);
    await command("Preferences: Toggle between Light/Dark Themes");
    await panel().locator("body.vscode-dark").waitFor();
  });
  await check("a training run with its curve", async () => {
    // The editor's column, not the panel's.
    await line("model LeNet").click();
    await page.keyboard.press("Control+p");
    await page.locator(".quick-input-widget input").fill("digits.nn");
    await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "digits.nn" }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".codelens-decoration a").filter({ hasText: "Run" }).first().click();
    await panel().locator("polyline.train").first().waitFor({ timeout: 120_000 });
    await panel().locator("#epochs tr").nth(2).waitFor({ timeout: 120_000 });
    await shot("7-training");
    await page.locator(".codelens-decoration a").filter({ hasText: "Stop" }).first().click();
    await panel().locator("body[data-ended]").waitFor({ timeout: 60_000 });
    await panel().locator("#state").filter({ hasText: "stopped, saved in " }).waitFor();
    await shot("8-stopped");
  });
  await check("overfit first", async () => {
    await page.locator(".codelens-decoration a").filter({ hasText: "Overfit first" }).first().click();
    await panel().locator("body:not([data-ended])").waitFor();
    await panel().locator("#state").filter({ hasText: "overfit first, step" }).waitFor({ timeout: 120_000 });
    await panel().locator("polyline.gate").first().waitFor({ state: "attached" });
    await shot("9-overfit-first");
    await page.locator(".codelens-decoration a").filter({ hasText: "Stop" }).first().click();
    await panel().locator("body[data-ended]").waitFor({ timeout: 60_000 });
  });
  await check("a server that dies takes its training along, is started again, and says so", async () => {
    await page.locator(".codelens-decoration a").filter({ hasText: "Run" }).first().click();
    await until("a training", () => trainings().length === 1);
    const servers = processes("dev.nnlang.compiler.cli.Main lsp", e.scratch);
    if (servers.length !== 1) throw new Error(`${servers.length} servers`);
    process.kill(servers[0][0], "SIGKILL");
    await page.locator(".notification-toast").filter({ hasText: "ended and was started again" }).first().waitFor();
    await shot("10-restarted");
    await until("the end of the training", () => trainings().length === 0);
    await page.locator(".codelens-decoration a").filter({ hasText: "Run" }).first().waitFor();
    await page.keyboard.press("Escape");
  });
  await check("closing the window ends the training and the server", async () => {
    await page.locator(".codelens-decoration a").filter({ hasText: "Run" }).first().click();
    await until("a training", () => trainings().length === 1);
    await e.close();
    for (let i = 0; trainings().length || processes("cli.Main lsp", e.scratch).length; i++) {
      if (i > 300) throw new Error("something is left running");
      await new Promise((ok) => setTimeout(ok, 100));
    }
  });
  // A machine without a JDK: nothing on the PATH, in the environment or in the usual folders.
  const { JAVA_HOME: _1, JDK_HOME: _2, NN_JAVA_HOME: _3, ...bare } = process.env;
  e = await open(join(extension, "nnlang.vsix"), { ...bare, PATH: join(extension, "syntaxes"), NN_JAVA_FOLDERS: "" });
  ({ page, workspace } = e);
  await e.goto("lenet.nn");
  await check("without a JDK there is a message and a way to the setting", async () => {
    const message = page.locator(".notification-toast").filter({ hasText: "nnlang needs a JDK 25. Found: " }).first();
    await message.waitFor();
    await shot("11-no-jdk");
    await message.getByRole("button", { name: "Open Settings" }).click();
    await page.locator(".settings-editor .setting-item").filter({ hasText: "Java: Home" }).first().waitFor();
    await shot("12-setting");
  });
} catch (error) {
  failed++;
  console.error(error);
} finally {
  await e.close();
  writeFileSync(join(screens, "server.log"), e.log());
}
lap(failed ? `${failed} failed` : "all passed");
process.exit(failed ? 1 : 0);
