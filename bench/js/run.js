// The JavaScript host beside its peers: `node bench/js/run.js`. Prints a report, and with --json its figures.

import { brotliCompressSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread } from 'node:worker_threads';
import { distance as fastest } from 'fastest-levenshtein';
import Fuse from 'fuse.js';
import jsLevenshtein from 'js-levenshtein';
import { load } from 'likewise';
import * as lite from 'likewise/lite';
import { spawn } from 'likewise/worker';
import { LIMIT, race, scan } from './peers.js';
import { QUERIES, readWords } from './words.js';

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const quantile = (times, share) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
const report = {};

async function suggest() {
  const { text, source } = await readWords();
  const words = text.trimEnd().split('\n');
  const lw = await load();
  let started = performance.now();
  const d = lw.Dictionary.fromText(text);
  const built = performance.now() - started;
  started = performance.now();
  const small = lite.Dictionary.fromText(text);
  const smallBuilt = performance.now() - started;
  const fuse = new Fuse(words);
  const contestants = [
    ['likewise', (query) => d.search(query, { metric: 'levenshtein', limit: LIMIT })],
    ['likewise, indel', (query) => d.search(query, { limit: LIMIT })],
    ['likewise, typo', (query) => d.search(query, { metric: 'typo', limit: LIMIT })],
    ['likewise/lite', (query) => small.search(query, { metric: 'levenshtein', limit: LIMIT })],
    ['fastest-levenshtein', scan(fastest, words)],
    ['js-levenshtein', scan(jsLevenshtein, words)],
    ['fuse.js', (query) => fuse.search(query, { limit: LIMIT })],
  ];
  report.suggest = { words: words.length, source, built, smallBuilt, times: race(contestants, QUERIES, { slow: { 'fuse.js': 3, 'likewise, typo': 5 } }) };
}

async function compare() {
  const lw = await load();
  const pairs = QUERIES.map((query, i) => [query, QUERIES[(i + 1) % QUERIES.length]]);
  const each = (call) => {
    const times = [];
    for (let round = 0; round < 40; round++) {
      const started = performance.now();
      for (let i = 0; i < 100; i++) for (const [a, b] of pairs) call(a, b);
      times.push((1000 * (performance.now() - started)) / (100 * pairs.length));
    }
    return median(times);
  };
  report.compare = [
    ['likewise', (a, b) => lw.ratio(a, b)],
    ['likewise/lite', (a, b) => lite.ratio(a, b)],
    ['fastest-levenshtein', fastest],
    ['js-levenshtein', jsLevenshtein],
  ].map(([name, call]) => ({ name, microseconds: each(call) }));
}

/** From nothing to the first answer, each time in a thread that has loaded nothing. */
async function start() {
  const entries = {
    likewise: "const { load } = await import('likewise'); (await load()).ratio('a', 'b');",
    'likewise/lite': "const { ratio } = await import('likewise/lite'); ratio('a', 'b');",
  };
  report.start = [];
  for (const [name, code] of Object.entries(entries)) {
    const times = [];
    for (let i = 0; i < 9; i++) {
      const source = `const started = performance.now(); ${code} (await import('node:worker_threads')).parentPort.postMessage(performance.now() - started);`;
      const file = new URL(`data:text/javascript,${encodeURIComponent(source.replaceAll(/import\('(likewise[^']*)'\)/g, (_, entry) => `import('${import.meta.resolve(entry)}')`))}`);
      const worker = new Worker(file);
      times.push(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)));
      await worker.terminate();
    }
    report.start.push({ name, milliseconds: median(times) });
  }
}

async function roundTrip() {
  const { text } = await readWords();
  const lw = await spawn();
  const d = await lw.Dictionary.fromText(text);
  const times = [];
  for (let i = 0; i < 2000; i++) {
    const started = performance.now();
    await d.search(QUERIES[i % QUERIES.length], { limit: LIMIT });
    times.push(performance.now() - started);
  }
  lw.terminate();
  report.roundTrip = { median: median(times.slice(200)), p95: quantile(times.slice(200), 0.95) };
}

async function scrape() {
  const body = `<!doctype html><title>x</title>${'<p>some words of a page that is not long</p>'.repeat(200)}`;
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(body));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const urls = Array.from({ length: 300 }, (_, i) => `http://127.0.0.1:${server.address().port}/${i}`);
  const CONCURRENCY = 16;
  const lw = await load();
  const native = async () => {
    const left = [...urls];
    await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
      while (left.length > 0) await (await fetch(left.pop())).text();
    }));
  };
  const times = { native: [], likewise: [] };
  for (let round = 0; round < 12; round++) {
    for (const [name, run] of [['native', native], ['likewise', () => lw.scrape(urls, { concurrency: CONCURRENCY })]]) {
      const started = performance.now();
      await run();
      if (round >= 2) times[name].push(performance.now() - started);
    }
  }
  server.close();
  server.closeAllConnections();
  report.scrape = { pages: urls.length, jspi: 'Suspending' in WebAssembly, native: median(times.native), likewise: median(times.likewise) };
}

function sizes() {
  const dist = new URL('../../host-js/dist/', import.meta.url);
  const files = { 'component': 'likewise.component.wasm', 'glue': 'generated/glue-plain.js', 'glue, JSPI': 'generated/glue-jspi.js', 'likewise/lite, all of it': 'lite/index.js', 'worker script': 'worker-script.js' };
  report.sizes = Object.entries(files).map(([name, file]) => {
    const bytes = readFileSync(fileURLToPath(new URL(file, dist)));
    return { name, raw: bytes.length, brotli: brotliCompressSync(bytes).length };
  });
}

function print() {
  const line = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(26) : String(cell).padStart(12))).join(''));
  console.log(`Node ${process.version}, ${cpus().length} cores\n`);
  const { times, words, source, built, smallBuilt } = report.suggest;
  console.log(`Five nearest of ${words.toLocaleString('en')} words (${source}); index built in ${built.toFixed(0)} ms, lite's in ${smallBuilt.toFixed(0)} ms`);
  line('', 'ms/query', 'likewise is');
  for (const { name, milliseconds } of times) line(name, milliseconds.toFixed(3), `${(milliseconds / times[0].milliseconds).toFixed(1)} x`);
  console.log('\nOne comparison');
  line('', 'µs/call');
  for (const { name, microseconds } of report.compare) line(name, microseconds.toFixed(3));
  console.log('\nFrom import to the first answer');
  for (const { name, milliseconds } of report.start) line(name, `${milliseconds.toFixed(1)} ms`);
  console.log('\nWorker round trip with a search');
  line('median / p95', `${report.roundTrip.median.toFixed(2)} ms`, `${report.roundTrip.p95.toFixed(2)} ms`);
  const { pages, jspi, native, likewise } = report.scrape;
  console.log(`\n${pages} pages of this machine, 16 at once (${jspi ? 'suspended with JSPI' : 'blocking a worker'})`);
  line('native fetch', `${native.toFixed(1)} ms`);
  line('likewise', `${likewise.toFixed(1)} ms`, `${(likewise / native).toFixed(2)} x`);
  console.log('\nSizes in bytes');
  line('', 'raw', 'brotli');
  for (const { name, raw, brotli } of report.sizes) line(name, raw.toLocaleString('en'), brotli.toLocaleString('en'));
}

if (isMainThread) {
  for (const part of [suggest, compare, start, roundTrip, scrape, sizes]) await part();
  if (process.argv.includes('--json')) console.log(JSON.stringify(report, null, 2));
  else print();
}
