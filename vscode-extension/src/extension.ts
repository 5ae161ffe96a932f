// The extension itself: finds a JDK, starts the language server from the package, and shows what the protocol has no words for.
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { LanguageClient, State, TransportKind } from "vscode-languageclient/node";
import { Curves, type Told } from "./curve";
import { findJava } from "./java";
import { Networks } from "./network";

const WANTED_JAVA = 25;

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("nnlang", { log: true });
  const status = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left);
  const service = vscode.languages.createLanguageStatusItem("nn.server", { language: "nn" });
  service.name = "nnlang server";
  service.command = { title: "Restart", command: "nn.restartServer" };
  context.subscriptions.push(output, status, service);
  const curves = new Curves(output, status);
  const networks = new Networks(() => client);

  const start = async (): Promise<void> => {
    const command = server(context);
    if (!command) {
      service.text = "no JDK 25";
      service.severity = vscode.LanguageStatusSeverity.Error;
      return;
    }
    const run = { ...command, transport: TransportKind.stdio };
    client = new LanguageClient("nn", "nnlang", { run, debug: run }, {
      documentSelector: [{ language: "nn" }],
      outputChannel: output,
      initializationOptions: options(),
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.nn"), configurationSection: "nn" },
    });
    let isRestarted = false;
    client.onDidChangeState(({ oldState, newState }) => {
      // The client starts a server that has ended again; who looks at stale colours should know why.
      if (newState === State.Starting && oldState === State.Stopped && service.text === "stopped") isRestarted = true;
      if (newState === State.Running && isRestarted) {
        isRestarted = false;
        curves.lost();
        void vscode.window
          .showWarningMessage("The nnlang server ended and was started again.", "Show Log")
          .then((pick) => pick && output.show());
      }
      service.text = newState === State.Running ? "running" : newState === State.Starting ? "starting" : "stopped";
      service.severity = newState === State.Stopped ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    });
    client.onNotification("nn/training", (told: Told) => curves.on(told));
    try {
      await client.start();
    } catch (error) {
      service.text = "did not start";
      service.severity = vscode.LanguageStatusSeverity.Error;
      const pick = await vscode.window.showErrorMessage(`The nnlang server did not start: ${String(error)}`, "Show Log");
      if (pick) output.show();
    }
  };

  context.subscriptions.push(
    vscode.commands.registerCommand("nn.restartServer", async () => {
      await client?.dispose();
      await start();
    }),
    vscode.commands.registerCommand("nn.showLog", () => output.show()),
    vscode.commands.registerCommand("nn.showNetwork", (uri?: string, name?: string) => networks.show(uri, name)),
    vscode.window.onDidChangeTextEditorSelection((event) => networks.follow(event.textEditor)),
    vscode.workspace.onDidChangeTextDocument((event) => networks.changed(event.document)),
    vscode.workspace.onDidSaveTextDocument((document) => networks.changed(document)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => start()),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}

function options(): unknown {
  return { inlayHints: vscode.workspace.getConfiguration("nn").get("inlayHints") };
}

/** How the server is started; says what is missing where it cannot be. */
function server(context: vscode.ExtensionContext): { command: string; args: string[] } | undefined {
  const config = vscode.workspace.getConfiguration("nn");
  const found = findJava(WANTED_JAVA, config.get<string>("java.home"));
  if (!found.java) {
    const tried = "tried" in found && found.tried.length ? found.tried.join(", ") : "no Java at all";
    void vscode.window
      .showErrorMessage(`nnlang needs a JDK ${WANTED_JAVA}. Found: ${tried}.`, "Open Settings", "Get a JDK")
      .then((pick) => {
        // Where the server runs elsewhere, its machine's settings stand in a tab of their own.
        if (pick === "Open Settings" && vscode.env.remoteName) {
          void vscode.commands.executeCommand("workbench.action.openRemoteSettings", { query: "nn.java.home" });
        } else if (pick === "Open Settings") {
          void vscode.commands.executeCommand("workbench.action.openSettings", "nn.java.home");
        }
        if (pick === "Get a JDK") void vscode.env.openExternal(vscode.Uri.parse("https://adoptium.net/temurin/releases/?version=25"));
      });
    return undefined;
  }
  const folder = context.asAbsolutePath("server");
  const modules = fs.readdirSync(folder).filter((name) => name.endsWith(".jar")).map((name) => path.join(folder, name));
  return {
    command: found.java,
    args: [
      // Standard output is the protocol's: whatever the JVM has to say goes elsewhere.
      "-Xlog:disable", "-Xlog:all=error:stderr",
      // The second compiler would be busy for minutes, beside the server, for code that runs a few milliseconds a key.
      "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g",
      ...config.get<string[]>("java.args", []),
      "-p", modules.join(path.delimiter), "-m", "dev.nnlang.compiler/dev.nnlang.compiler.cli.Main", "lsp",
    ],
  };
}
