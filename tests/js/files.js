// The package as its users get it, and files for browsers.

import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOST = fileURLToPath(new URL('../../host-js', import.meta.url));

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css', '.json': 'application/json' };

/** An answer for `startServer` that serves a folder, each with these headers. */
export function serveFolder(folder, headers = {}) {
  return (response, rest) => {
    const path = join(folder, normalize(`/${rest}`));
    if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404, { 'content-type': 'text/plain' }).end('no such file');
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': 'no-store', ...headers });
    createReadStream(path).pipe(response);
  };
}

/** An answer that is always this page. */
export function servePage(html, headers = {}) {
  return (response) => response.writeHead(200, { 'content-type': TYPES['.html'], ...headers }).end(html);
}

/** A fresh folder whose node_modules holds the packed package, and nothing else. */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), 'likewise-packed-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: HOST, stdio: ['ignore', 'ignore', 'pipe'] });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  mkdirSync(join(folder, 'node_modules', 'likewise'), { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', join(folder, 'node_modules', 'likewise'), '--strip-components=1']);
  return { folder, tarball: join(folder, tarball), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
