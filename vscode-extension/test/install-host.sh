#!/bin/sh
# Puts a real VS Code server (the lib/vscode part of the code-server npm package) under target/host/.
# usage: install-host.sh [code-server version]    (4.100.3 is the last that runs on Node 20)
set -eu
cd "$(dirname "$0")/.."
version=${1:-4.100.3}
dir=target/host/$version
[ -e "$dir/ready" ] && exit 0
rm -rf "$dir" && mkdir -p "$dir"
cd "$dir"
npm pack --silent "code-server@$version" >/dev/null
# The wrapper around the server (argon2, proxy, login page) is not needed.
tar xzf code-server-*.tgz --strip-components=3 package/lib/vscode
rm code-server-*.tgz
# No install scripts: kerberos, the Windows modules and the download of ripgrep are not needed here.
npm install --silent --omit=dev --ignore-scripts --no-audit --no-fund >/dev/null
ln -s node_modules node_modules.asar
# ripgrep (for findFiles and workspaceContains) comes from Debian instead of the skipped download.
if rg=$(command -v rg); then mkdir -p node_modules/@vscode/ripgrep/bin && ln -s "$rg" node_modules/@vscode/ripgrep/bin/rg; fi
touch ready
