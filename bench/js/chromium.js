// The race in Chromium: `node bench/js/chromium.js`. Bundled as a page would be.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launch, openPage } from '../../tests/js/browsers.js';
import { serveFolder, servePage } from '../../tests/js/files.js';
import { startServer } from '../../tests/js/server.js';
import { QUERIES, readWords } from './words.js';

const CODE = `
import { distance } from 'fastest-levenshtein';
import Fuse from 'fuse.js';
import { load } from 'likewise';
import { spawn } from 'likewise/worker';
import { LIMIT, race, scan } from './peers.js';

globalThis.run = async (text, queries) => {
  const words = text.trimEnd().split('\\n');
  const loading = performance.now();
  const lw = await load();
  lw.ratio('a', 'b');
  const loaded = performance.now() - loading;
  const d = lw.Dictionary.fromText(text);
  const fuse = new Fuse(words);
  const times = race(
    [
      ['likewise', (query) => d.search(query, { metric: 'levenshtein', limit: LIMIT })],
      ['fastest-levenshtein', scan(distance, words)],
      ['fuse.js', (query) => fuse.search(query, { limit: LIMIT })],
    ],
    queries,
    { slow: { 'fuse.js': 3 } },
  );
  const remote = await (await spawn()).Dictionary.fromText(text);
  const trips = [];
  for (let i = 0; i < 1000; i++) {
    const started = performance.now();
    await remote.search(queries[i % queries.length], { limit: LIMIT });
    trips.push(performance.now() - started);
  }
  trips.sort((a, b) => a - b);
  return { loaded, times, p95: trips[950], words: words.length };
};
`;

const folder = mkdtempSync(join(tmpdir(), 'likewise-bench-'));
const { text } = await readWords();
await build({ stdin: { contents: CODE, resolveDir: fileURLToPath(new URL('.', import.meta.url)) }, outfile: join(folder, 'main.js'), bundle: true, format: 'esm', conditions: ['browser'], logLevel: 'error' });
const server = await startServer({
  page: servePage('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/files/main.js"></script>'),
  files: serveFolder(folder),
});
const browser = await launch('chromium');
try {
  const { page } = await openPage(browser);
  page.setDefaultTimeout(120_000);
  await page.goto(`${server.base}/page`);
  await page.waitForFunction(() => globalThis.run);
  const { loaded, times, p95, words } = await page.evaluate(([text, queries]) => globalThis.run(text, queries), [text, QUERIES]);
  console.log(`Chromium ${browser.version()}: five nearest of ${words.toLocaleString('en')} words`);
  for (const { name, milliseconds } of times) {
    console.log(`${name.padEnd(24)}${milliseconds.toFixed(3).padStart(12)} ms${`${(milliseconds / times[0].milliseconds).toFixed(0)} x`.padStart(10)}`);
  }
  console.log(`load to first answer ${loaded.toFixed(0)} ms; worker round trip with a search, p95 ${p95.toFixed(2)} ms`);
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
