// The live curve of a training run: a panel that keeps its state while it is hidden.
import * as vscode from "vscode";
import { page } from "./page";

/** What the server tells of a run; see NnClient.Training. */
export interface Told {
  uri: string;
  train: string;
  what: "started" | "event" | "message" | "ended";
  text: string;
}

export class Curves {
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly told = new Map<string, Told[]>();

  constructor(
    private readonly output: vscode.OutputChannel,
    private readonly status: vscode.StatusBarItem,
  ) {}

  /** Shows what happened, in the run's panel, which is opened when the run starts. */
  on(told: Told): void {
    const key = `${told.uri}#${told.train}`;
    if (told.what === "started") this.told.set(key, []);
    this.told.get(key)?.push(told);
    if (told.what === "message") this.output.appendLine(`${told.train}: ${told.text}`);
    if (told.what === "started") {
      this.panel(key, told.train);
      this.status.text = `$(loading~spin) training ${told.train}`;
      this.status.show();
    } else if (told.what === "ended") {
      this.status.hide();
    }
    void this.panels.get(key)?.webview.postMessage(told);
  }

  /** The server has gone, and what it trained with it. */
  lost(): void {
    for (const [key, all] of this.told) {
      const first = all[0];
      if (first && all.at(-1)?.what !== "ended") this.on({ ...first, what: "ended", text: "lost: the server ended" });
      this.told.set(key, all);
    }
  }

  private panel(key: string, train: string): void {
    const open = this.panels.get(key);
    if (open) {
      open.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      "nnTraining",
      `Training ${train}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, retainContextWhenHidden: true },
    );
    panel.webview.html = page(STYLE, BODY, SCRIPT);
    panel.webview.onDidReceiveMessage((message: { ready?: boolean; stop?: boolean }) => {
      // The page may start later than the run: it gets all that was told so far.
      if (message.ready) for (const told of this.told.get(key) ?? []) void panel.webview.postMessage(told);
      if (message.stop) {
        const first = this.told.get(key)?.[0];
        if (first) void vscode.commands.executeCommand("nn.train.stop", first.uri, first.train);
      }
    });
    panel.onDidDispose(() => this.panels.delete(key));
    this.panels.set(key, panel);
  }
}

const STYLE = `
  svg { width: 100%; height: 300px; display: block; }
  .axis { stroke: var(--vscode-editorWidget-border, #8884); stroke-width: 1; }
  .label { fill: var(--vscode-descriptionForeground); font-size: 11px; }
  .train { stroke: var(--vscode-charts-blue, #3794ff); } .valid { stroke: var(--vscode-charts-orange, #d18616); }
  .gate { stroke: var(--vscode-charts-purple, #b180d7); }
  polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-top: 12px; }
  td, th { padding: 2px 14px 2px 0; text-align: right; font-weight: normal; }
  th { color: var(--vscode-descriptionForeground); }
  pre { color: var(--vscode-errorForeground); white-space: pre-wrap; }
  .series { white-space: nowrap; margin-right: 14px; }
  .key { display: inline-block; width: 18px; height: 3px; margin: 0 6px 3px 0; }`;

const BODY = `
  <h2 id="title">Training</h2>
  <p><span id="state">starting</span> <button id="stop">Stop</button></p>
  <p>
    <span class="series"><span class="key" style="background: var(--vscode-charts-blue, #3794ff)"></span>train loss</span>
    <span class="series"><span class="key" style="background: var(--vscode-charts-orange, #d18616)"></span>valid loss</span>
    <span class="series"><span class="key" style="background: var(--vscode-charts-purple, #b180d7)"></span>overfit first</span></p>
  <svg id="chart" role="img" aria-label="loss by step"></svg>
  <table id="epochs"></table><pre id="messages"></pre>`;

const SCRIPT = `
  const api = acquireVsCodeApi();
  const $ = (id) => document.getElementById(id);
  let series = { train: [], valid: [], gate: [] }, rows = [], columns = [], stopped = "";
  $("stop").onclick = () => api.postMessage({ stop: true });
  const number = (v) => typeof v !== "number" ? (v ?? "") : v !== 0 && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e5)
    ? v.toExponential(2) : String(+v.toPrecision(4));
  // Round values between two ends, which are exponents of ten where the axis is logarithmic.
  function marks(lo, hi, logarithmic) {
    if (logarithmic) {
      const few = hi - lo < 2.5 ? [1, 2, 5] : [1], all = [];
      for (let k = Math.floor(lo); k <= hi; k++) for (const f of few) all.push(f * 10 ** k);
      return all.filter((v) => Math.log10(v) >= lo && Math.log10(v) <= hi);
    }
    const rough = (hi - lo) / 5, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= rough);
    return Array.from({ length: 12 }, (_, i) => (Math.ceil(lo / step - 1e-9) + i) * step).filter((v) => v <= hi + 1e-9 * step);
  }
  function draw() {
    const box = $("chart").getBoundingClientRect(), w = Math.max(box.width, 200), h = 300, left = 52, bottom = 24;
    const all = Object.values(series).flat().filter(([, y]) => Number.isFinite(y));
    if (!all.length) { $("chart").innerHTML = ""; return; }
    // One by one: a long run has more points than a call may have arguments.
    let x1 = 1, least = Infinity, most = -Infinity;
    for (const [x, y] of all) { x1 = Math.max(x1, x); least = Math.min(least, y); most = Math.max(most, y); }
    const logarithmic = least > 0 && most / least > 20;
    const f = logarithmic ? Math.log10 : (v) => v;
    let lo = f(least), hi = f(most); if (!logarithmic) lo = Math.min(lo, 0); if (hi === lo) hi = lo + 1;
    const X = (x) => left + x / x1 * (w - left - 8), Y = (y) => 8 + (hi - f(y)) / (hi - lo) * (h - bottom - 8);
    let out = "";
    for (const v of marks(lo, hi, logarithmic)) {
      const y = Y(v);
      out += '<line class="axis" x1="' + left + '" x2="' + (w - 8) + '" y1="' + y + '" y2="' + y + '"/>'
        + '<text class="label" text-anchor="end" x="' + (left - 6) + '" y="' + (y + 4) + '">' + number(v) + "</text>";
    }
    out += '<text class="label" text-anchor="end" x="' + (w - 8) + '" y="' + (h - 6) + '">step ' + x1 + "</text>";
    for (const [name, points] of Object.entries(series)) if (points.length) {
      const every = Math.max(1, Math.floor(points.length / 1200));
      out += '<polyline class="' + name + '" points="' + points.filter((p, i) => i % every === 0 || i === points.length - 1)
        .filter(([, y]) => Number.isFinite(y)).map(([x, y]) => X(x).toFixed(1) + "," + Y(y).toFixed(1)).join(" ") + '"/>';
    }
    $("chart").setAttribute("viewBox", "0 0 " + w + " " + h);
    $("chart").innerHTML = out;
  }
  // Many events come in one frame, and when the page is hidden there is none: it is drawn once, with all of them.
  let isWaiting = false;
  function redraw() {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => { isWaiting = false; draw(); });
  }
  const loss = (figures) => figures?.loss ?? figures?.scalars?.loss;
  function event(e) {
    // A problem, as nn --json writes it.
    if (e.code && e.message) $("messages").textContent += e.code + ": " + e.message + (e.help ? "\\nhelp: " + e.help : "") + "\\n";
    switch (e.event) {
      case "started": if (e.name) $("title").textContent = "Training " + e.name; $("state").textContent = number(e.parameters) + " parameters"; break;
      case "gate": case "gateStep": series.gate.push([e.step, loss(e) ?? e.loss]); $("state").textContent = "overfit first, step " + e.step; break;
      case "step": series.train.push([e.step, loss(e.mean) ?? loss(e) ?? e.loss]); $("state").textContent = "step " + e.step + (e.steps ? " of " + e.steps : ""); break;
      case "epoch": {
        if (e.valid) series.valid.push([e.step ?? (series.train.at(-1)?.[0] ?? e.epoch), loss(e.valid)]);
        const cells = { epoch: e.epoch };
        for (const part of ["train", "valid"]) for (const [k, v] of Object.entries(e[part] ?? {})) if (typeof v === "number") cells[part + "." + k] = v;
        columns = Object.keys(cells); rows.push(cells);
        const row = (c, tag) => "<tr>" + c.map((x) => "<" + tag + ">" + x + "</" + tag + ">").join("") + "</tr>";
        $("epochs").innerHTML = row(columns, "th") + rows.slice(-12).map((r) => row(columns.map((c) => number(r[c])), "td")).join("");
        if (!series.train.length && e.train) series.train.push([e.epoch, loss(e.train)]);
        break;
      }
      case "saved": stopped = "stopped, saved in " + e.model; break;
      case "done": $("state").textContent = "done" + (e.model ? ", saved in " + e.model : ""); break;
    }
    redraw();
  }
  window.addEventListener("message", ({ data }) => {
    if (data.what === "started") { series = { train: [], valid: [], gate: [] }; rows = []; stopped = ""; delete document.body.dataset.ended; $("state").textContent = "starting"; $("epochs").innerHTML = ""; redraw(); $("messages").textContent = ""; $("title").textContent = "Training " + data.train; $("stop").hidden = false; }
    if (data.what === "event") { try { event(JSON.parse(data.text)); } catch { $("messages").textContent += data.text + "\\n"; } }
    if (data.what === "message") $("messages").textContent += data.text + "\\n";
    if (data.what === "ended") { $("stop").hidden = true; if (stopped) $("state").textContent = stopped; else if (data.text !== "0") $("state").textContent = /^\\d+$/.test(data.text) ? "ended with status " + data.text : data.text; document.body.dataset.ended = data.text; }
  });
  window.addEventListener("resize", redraw);
  api.postMessage({ ready: true });`;
