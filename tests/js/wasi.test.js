// The plain WASI-HTTP variant on a runtime that is not wasmtime: Bytecode Alliance's preview2-shim, in Node.
//
// Its waits block the thread, so the session runs in a process of its own while this one serves.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

function respond(request, response) {
  const [, kind, rest] = request.url.split('/');
  if (kind === 'hop') return response.writeHead(302, { location: '/page/end' }).end();
  if (kind === 'latin') return response.writeHead(200, { 'content-type': 'text/plain; charset=windows-1252' }).end(Buffer.from('d\xe9j\xe0', 'latin1'));
  response.writeHead(200, { 'content-type': 'text/html', 'x-asked': request.headers['x-asked'] ?? '' });
  response.end(`<title>${kind} ${rest}</title>`);
}

test('the session runs on another WASI-HTTP runtime', { timeout: 120_000 }, async (t) => {
  const component = join(ROOT, 'dist/likewise-wasi.component.wasm');
  await readFile(component).catch(() => assert.fail(`${component} is missing: ./just build makes it`));
  const server = createServer(respond).listen(0, '127.0.0.1');
  t.after(() => server.closeAllConnections() ?? server.close());
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  const many = Array.from({ length: 60 }, (_, number) => `${base}/page/${number}`);
  const urls = [`${base}/hop/1`, `${base}/latin/1`, 'http://127.0.0.1:1/', 'nonsense', ...many];

  const options = { cwd: import.meta.dirname, maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(process.execPath, ['wasi-session.js', component, JSON.stringify(urls)], options);
  const sites = JSON.parse(stdout).sort((a, b) => a.index - b.index).map(({ site }) => site);

  assert.equal(sites.length, urls.length);
  const [hop, latin, refused, nonsense, ...pages] = sites;
  assert.deepEqual([hop.val.finalUrl, hop.val.page.title, hop.val.history[0].status], [`${base}/page/end`, 'page end', 302]);
  assert.deepEqual([latin.val.text, latin.val.content, latin.val.encoding], ['déjà', 'd\xe9j\xe0', 'windows-1252']);
  // Content that breaks off is left out: there this runtime throws, where WASI has an error code.
  assert.deepEqual([refused.val.kind, nonsense.val.kind], ['connect', 'invalid-url']);
  assert.deepEqual(pages.map(({ val }) => val.page.title), many.map((_, number) => `page ${number}`));
  assert.match(pages[0].val.headers, /^x-asked: yes$/m);
  // What only the shipped variant's transport tells.
  assert.deepEqual([pages[0].val.kept, pages[0].val.elapsedUs], [undefined, undefined]);
});
