// The frame of a panel: nothing from elsewhere, scripts only with the page's own nonce.
import { randomBytes } from "node:crypto";

export function page(style: string, body: string, script: string): string {
  const nonce = randomBytes(16).toString("hex");
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">
<style>body { font-family: var(--vscode-font-family); color: var(--vscode-foreground); padding: 0 16px 16px; }
button { background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); border: 0; padding: 3px 10px; cursor: pointer; }
h2 { font-weight: 500; } ${style}</style></head><body>${body}<script nonce="${nonce}">${script}</script></body></html>`;
}
