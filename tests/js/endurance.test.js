// Many of everything: nothing leaks, nothing mixes.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { load } from 'likewise';
import { pageOf, startServer } from './server.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

const words = Array.from({ length: 5000 }, (_, i) => `word${(i * 7919) % 100_003}`).join('\n');

/** Bytes outside of the JavaScript heap, the memories of wasm included, once garbage is gone. */
async function external() {
  for (let i = 0; i < 3; i++) {
    collect();
    await settle();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('10,000 searches leave no trace', async () => {
  const lw = await load();
  const d = lw.Dictionary.fromText(words);
  const search = (count) => {
    for (let i = 0; i < count; i++) {
      const [best] = d.search(`wrd${i % 977}`, { limit: 3, metric: i % 2 ? 'indel' : 'osa' });
      if (!best) throw new Error(`nothing for wrd${i % 977}`);
    }
  };
  search(1000);
  const before = await external();
  search(10_000);
  const grown = (await external()) - before;
  assert.ok(grown < 1_000_000, `${grown} bytes more after 10,000 searches`);
});

test('dictionaries are freed, disposed of or forgotten', async () => {
  const lw = await load();
  const make = (count, dispose) => {
    for (let i = 0; i < count; i++) {
      const d = lw.Dictionary.fromText(words);
      if (dispose) d.dispose();
    }
  };
  make(20, true);
  const before = await external();
  make(200, true);
  assert.ok((await external()) - before < 1_000_000, 'disposed of');
  // Each takes some 100 KB or more: were they kept, 40 rounds of 20 would need 80 MB.
  for (let round = 0; round < 40; round++) {
    make(20, false);
    await external();
  }
  const grown = (await external()) - before;
  assert.ok(grown < 40_000_000, `${grown} bytes more after 800 forgotten dictionaries`);
});

test('dictionaries beyond a gigabyte are the ones they were', async () => {
  const lw = await load();
  const long = 'x'.repeat(4_000_000);
  const made = Array.from({ length: 120 }, (_, i) => lw.Dictionary.fromText(`word${i}\n${long}`));
  made.forEach((d, i) => assert.deepEqual([d.length, d.at(0)], [2, `word${i}`]));
  for (const d of made) d.dispose();
});

test('a stream that is forgotten is ended, and one whose step is awaited is not', async () => {
  const server = await startServer();
  const lw = await load();
  const at = (path) => `${server.base}/${path}`;
  const first = async () => (await lw.scrapeIter([at('page/1'), at('hang')], { timeout: Infinity }).next()).value;
  assert.ok((await first()).ok);
  const step = lw.scrapeIter([at('slow/500')]).next();
  for (let i = 0; i < 100 && server.open() > 1; i++) await external();
  assert.equal((await step).value?.ok, true);
  for (let i = 0; i < 100 && server.open() > 0; i++) await external();
  assert.equal(server.open(), 0);
  await server.close();
});

test('scrapes that hang, are left, are aborted and go well, all at once: each gets its own, and nothing stays', async () => {
  const server = await startServer();
  after(() => server.close());
  const lw = await load();
  const at = (path) => `${server.base}/${path}`;
  const pages = (round) => Array.from({ length: 10 }, (_, i) => at(`page/${1000 * round + i}`));

  async function round(number) {
    const controller = new AbortController();
    const well = lw.scrape(pages(number));
    const aborted = lw.scrape([at('hang'), ...pages(number), at('drip')], { signal: controller.signal });
    const timedOut = lw.scrape([at('hang'), at('hang')], { timeout: 60 });
    const left = (async () => {
      for await (const site of lw.scrapeIter([...pages(number), at('hang')])) return site;
    })();
    setTimeout(() => controller.abort(), 60);
    (await well).forEach((site, i) => assert.equal(site.text, pageOf(1000 * number + i)));
    const some = await aborted;
    assert.deepEqual([some[0].error.kind, some.at(-1).error.kind], ['canceled', 'canceled']);
    some.slice(1, -1).forEach((site, i) => assert.ok(site.error?.kind === 'canceled' || site.text === pageOf(1000 * number + i)));
    assert.deepEqual((await timedOut).map(({ error }) => error.kind), ['timeout', 'timeout']);
    assert.ok((await left).ok);
  }

  for (let i = 0; i < 5; i++) await round(i);
  const before = await external();
  for (let i = 5; i < 25; i++) await round(i);
  const grown = (await external()) - before;
  assert.ok(grown < 30_000_000, `${grown} bytes more after 80 scrapes`);
  assert.equal(server.open(), 0, 'what hung was hung up on');
});
