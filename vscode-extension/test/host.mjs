// Starts and stops a real VS Code server and a headless Chromium.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const extension = join(import.meta.dirname, "..");
const host = process.env.VSCODE_SERVER ?? join(extension, "target/host/4.100.3");

const began = Date.now();
export const lap = (what) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}`);

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

/** Server and browser with the package installed; close() ends both and removes the scratch folder. `env` for the server. */
export async function open(vsix, env = process.env) {
  if (!existsSync(join(host, "out/server-main.js"))) throw new Error(`no VS Code server in ${host}`);
  const scratch = mkdtempSync(join(tmpdir(), "nn-editor-"));
  const workspace = join(scratch, "ws");
  cpSync(join(extension, "../examples"), workspace, { recursive: true, filter: (path) => !/target|src|runs|pom\.xml/.test(path.slice(join(extension, "../examples").length)) });
  const data = join(scratch, "data");
  // User settings lie on the server's side and must be there before it starts.
  mkdirSync(join(data, "data/User"), { recursive: true });
  writeFileSync(join(data, "data/User/settings.json"), JSON.stringify({
    "security.workspace.trust.enabled": false, "telemetry.telemetryLevel": "off", "workbench.startupEditor": "none",
    "workbench.colorTheme": "Default Dark Modern", "editor.minimap.enabled": false, "files.autoSave": "off",
    "extensions.autoCheckUpdates": false, "extensions.autoUpdate": false, "extensions.ignoreRecommendations": true,
    "workbench.tips.enabled": false, "editor.fontSize": 12,
  }));
  const main = join(host, "out/server-main.js");
  const common = ["--server-data-dir", data, "--extensions-dir", join(scratch, "ext")];
  execFileSync(process.execPath, [main, ...common, "--install-extension", vsix], { stdio: "pipe" });
  lap("extension installed from the package");
  const server = spawn(process.execPath, [main, ...common, "--host", "127.0.0.1", "--port", "0", "--without-connection-token",
    "--accept-server-license-terms", "--telemetry-level", "off"], { stdio: ["ignore", "pipe", "pipe"], env });
  let log = "";
  let browser;
  const close = async () => {
    await browser?.close();
    if (server.exitCode === null) await new Promise((ended) => { server.once("exit", ended); server.kill(); });
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await new Promise((ok, fail) => {
      const see = (chunk) => {
        log += chunk;
        const match = /agent listening on (\d+)/.exec(log);
        if (match) ok(Number(match[1]));
      };
      server.stdout.on("data", see);
      server.stderr.on("data", see);
      server.once("exit", (code) => fail(new Error(`server ended with ${code}\n${log}`)));
      setTimeout(() => fail(new Error(`no port in 60 s\n${log}`)), 60_000).unref();
    });
    browser = await launch();
    const context = await browser.newContext({ viewport: { width: 1500, height: 900 } });
    // The workbench asks for a gallery and telemetry; nothing outside this machine is waited for.
    await context.route((url) => url.hostname !== "127.0.0.1", (route) => route.abort());
    const page = await context.newPage();
    page.setDefaultTimeout(Number(process.env.STEP_MS ?? 60_000));
    const goto = (file) => page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}&payload=${
      encodeURIComponent(JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${port}${join(workspace, file)}`]]))}`);
    return { page, workspace, scratch, goto, close, log: () => log };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The processes whose command line has all these parts: [pid, command line]. */
export function processes(...parts) {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ");
      return parts.every((part) => line.includes(part)) ? [[Number(pid), line]] : [];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
}
