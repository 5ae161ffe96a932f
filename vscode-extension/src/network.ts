// The drawn network beside the text: drawn by the server, it follows the cursor and edits, and can be saved.
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { page } from "./page";

interface Drawn {
  svg: string;
  /** Parts of the picture by id: the part of the text that each comes from. */
  places: { id: string; start: vscode.Position; end: vscode.Position }[];
}

export class Networks {
  private panel: vscode.WebviewPanel | undefined;
  private shown: { uri: string; name?: string; level: string } | undefined;
  private drawn: Drawn | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly client: () => LanguageClient | undefined) {}

  /** The model that is named, or the one around the cursor. */
  async show(uri?: string, name?: string): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const target = uri ?? editor?.document.uri.toString();
    if (!target) return;
    this.shown = { uri: target, name, level: this.shown?.level ?? "layers" };
    if (!this.panel) {
      this.panel = vscode.window.createWebviewPanel(
        "nnNetwork",
        "Network",
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: true, retainContextWhenHidden: true },
      );
      this.panel.webview.html = page(STYLE, BODY, SCRIPT);
      this.panel.webview.onDidReceiveMessage((message: Message) => this.on(message));
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        this.drawn = undefined;
      });
    } else {
      this.panel.reveal(undefined, true);
    }
    await this.draw();
  }

  /** Marks the layer that the cursor is in. */
  follow(editor: vscode.TextEditor): void {
    if (!this.panel || !this.drawn || editor.document.uri.toString() !== this.shown?.uri) return;
    const at = editor.selection.active;
    const inside = this.drawn.places.filter(
      ({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character).contains(at),
    );
    void this.panel.webview.postMessage({ mark: inside.map((p) => p.id) });
  }

  changed(document: vscode.TextDocument): void {
    if (!this.panel || document.uri.toString() !== this.shown?.uri) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.draw(), 300);
  }

  private async draw(): Promise<void> {
    if (!this.panel || !this.shown) return;
    const editor = vscode.window.visibleTextEditors.find((e) => e.document.uri.toString() === this.shown?.uri);
    try {
      const drawn = await this.client()?.sendRequest<Drawn | null>("nn/draw", {
        textDocument: { uri: this.shown.uri },
        name: this.shown.name,
        position: editor?.selection.active,
        level: this.shown.level,
      });
      // A text that is being typed keeps the picture of the last one that could be drawn.
      if (!drawn) return;
      this.drawn = drawn;
      await this.panel.webview.postMessage({ svg: drawn.svg, level: this.shown.level });
      if (editor) this.follow(editor);
    } catch {
      // Overtaken by the next edit, which draws again.
    }
  }

  /** Where the picture goes if nothing else is said: beside the program, under its name. */
  private beside(): vscode.Uri | undefined {
    return this.shown && vscode.Uri.parse(this.shown.uri.replace(/(\.nn)?$/, ".svg"));
  }

  private async on(message: Message): Promise<void> {
    if (message.ready) await this.draw();
    if (message.level && this.shown) {
      this.shown.level = message.level;
      await this.draw();
    }
    if (message.jump) {
      const place = this.drawn?.places.find((p) => p.id === message.jump);
      if (place && this.shown) {
        // The cursor goes to its beginning: a whole layer as the selection would scroll the text sideways.
        const at = new vscode.Position(place.start.line, place.start.character);
        await vscode.window.showTextDocument(vscode.Uri.parse(this.shown.uri), {
          viewColumn: vscode.ViewColumn.One,
          selection: new vscode.Range(at, at),
        });
      }
    }
    if (message.save && this.drawn) {
      const target = await vscode.window.showSaveDialog({ filters: { SVG: ["svg"] }, saveLabel: "Save picture", defaultUri: this.beside() });
      if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(this.drawn.svg, "utf8"));
    }
  }
}

interface Message {
  ready?: boolean;
  level?: string;
  jump?: string;
  save?: boolean;
}

/** A picture that is saved stands on white; in a dark window it has the window's ground. */
const DARK = `
  text { fill: #d7dce4; } .line { fill: #9aa5b5; } .code { fill: #c3cad6; }
  .ground { fill: var(--vscode-editor-background); }
  .input > rect.box, .output > rect.box { fill: #475569; stroke: #64748b; } .input > text, .output > text { fill: #f8fafc; }
  .layer > rect.box { fill: #1f2f4d; } .function > rect.box { fill: #3d2f1a; } .equation > rect.box { fill: #1b3427; }
  .group > rect.box { fill: #19202e; stroke: #5d78ad; }
  .wire { stroke: #8b97a8; } .tip { fill: #8b97a8; }`;

const STYLE = `
  :is(.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light)) #picture { ${DARK} }
  #bar { position: sticky; top: 0; padding: 8px 0; background: var(--vscode-editor-background); }
  #bar .on { background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
  #picture svg { max-width: 100%; height: auto; }
  [data-id] { cursor: pointer; }
  .marked > rect:first-of-type { stroke: var(--vscode-focusBorder, #007fd4) !important; stroke-width: 3 !important; }`;

const BODY = `<div id="bar">
  <button data-level="layers">Layers</button> <button data-level="equations">Equations</button>
  <button data-level="kernels">Kernels</button> <button id="save">Save as SVG</button></div><div id="picture"></div>`;

const SCRIPT = `
  const api = acquireVsCodeApi(), picture = document.getElementById("picture");
  document.querySelectorAll("[data-level]").forEach((b) => b.onclick = () => api.postMessage({ level: b.dataset.level }));
  document.getElementById("save").onclick = () => api.postMessage({ save: true });
  picture.onclick = (e) => { const g = e.target.closest("[data-id]"); if (g) api.postMessage({ jump: g.dataset.id }); };
  window.addEventListener("message", ({ data }) => {
    if (data.svg) {
      picture.innerHTML = data.svg;
      document.querySelectorAll("[data-level]").forEach((b) => b.classList.toggle("on", b.dataset.level === data.level));
    }
    if (data.mark) {
      picture.querySelectorAll(".marked").forEach((g) => g.classList.remove("marked"));
      const all = data.mark.map((id) => picture.querySelector('[data-id="' + id + '"]')).filter(Boolean);
      all.forEach((g) => g.classList.add("marked"));
      const box = all.at(-1)?.getBoundingClientRect();
      // Scrolls only where the layer cannot be seen.
      if (box && (box.bottom < 0 || box.top > innerHeight)) all.at(-1).scrollIntoView({ block: "center" });
    }
  });
  api.postMessage({ ready: true });`;
