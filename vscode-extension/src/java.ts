// Finds a JDK that is new enough without starting one: every JDK has a file "release".
import * as fs from "node:fs";
import * as path from "node:path";

const executable = process.platform === "win32" ? "java.exe" : "java";

/** A Java that will do, or what was found instead. */
export type Found = { java: string; home: string; version: number } | { java?: undefined; tried: string[] };

/** The feature version of a Java home (25 for 25.0.3); 0 where there is no usable Java. */
export function version(home: string): number {
  try {
    if (!fs.existsSync(path.join(home, "bin", executable))) return 0;
    const match = /^JAVA_VERSION="(\d+)/m.exec(fs.readFileSync(path.join(home, "release"), "utf8"));
    return match ? Number(match[1]) : 0;
  } catch {
    return 0;
  }
}

/** Where to look, best first: the setting, the environment, the PATH, the usual folders or those of NN_JAVA_FOLDERS. */
function candidates(setting: string | undefined, env: NodeJS.ProcessEnv): string[] {
  const list = [setting, env.NN_JAVA_HOME, env.JDK_HOME, env.JAVA_HOME];
  for (const folder of (env.PATH ?? "").split(path.delimiter).filter(Boolean)) {
    try {
      list.push(path.dirname(path.dirname(fs.realpathSync(path.join(folder, executable)))));
    } catch {
      // No java in this folder.
    }
  }
  // An editor that was started from the desktop does not see what a shell sets.
  const home = env.HOME ?? env.USERPROFILE ?? "";
  const programs = env.ProgramFiles ?? "C:\\Program Files";
  const usual: Partial<Record<NodeJS.Platform, string[]>> = {
    linux: ["/usr/lib/jvm", "/opt", `${home}/.sdkman/candidates/java`, `${home}/.jdks`],
    darwin: ["/Library/Java/JavaVirtualMachines", `${home}/Library/Java/JavaVirtualMachines`, `${home}/.sdkman/candidates/java`],
    win32: ["Java", "Eclipse Adoptium", "Microsoft", "Zulu"].map((vendor) => path.join(programs, vendor)),
  };
  const said = env.NN_JAVA_FOLDERS?.split(path.delimiter).filter(Boolean);
  for (const folder of said ?? usual[process.platform] ?? []) {
    try {
      for (const name of fs.readdirSync(folder)) {
        list.push(path.join(folder, name), path.join(folder, name, "Contents", "Home"));
      }
    } catch {
      // No such folder.
    }
  }
  return [...new Set(list.filter((home): home is string => Boolean(home)))];
}

/** The first candidate of at least the wanted version; a setting that is too old is passed over. */
export function findJava(wanted: number, setting: string | undefined, env: NodeJS.ProcessEnv = process.env): Found {
  const tried: string[] = [];
  for (const home of candidates(setting, env)) {
    const found = version(home);
    if (found >= wanted) return { java: path.join(home, "bin", executable), home, version: found };
    if (found) tried.push(`${home} (${found})`);
  }
  return { tried };
}
