// The packed package in real browsers, without a bundler: every entry, fetching, and a strict content security policy.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, NAMES, openPage } from './browsers.js';
import { installPacked, serveFolder, servePage } from './files.js';
import { pageOf, startServer } from './server.js';
import { disagreements, vectors } from './vectors.js';

const IMPORTS = {
  likewise: '/likewise/dist/index.browser.js',
  'likewise/worker': '/likewise/dist/worker/index.browser.js',
  'likewise/lite': '/likewise/dist/lite/index.js',
};
const bare = `<!doctype html><title>bare</title><link rel="icon" href="data:,"><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;

const packed = installPacked();
const dist = join(packed.folder, 'node_modules', 'likewise');
const files = serveFolder(dist);
const server = await startServer({
  likewise: files,
  bare: servePage(bare),
  // Nothing but this origin's scripts: no blobs, no inline script, no eval.
  strict: servePage('<!doctype html><title>strict</title><link rel="icon" href="data:,"><script type="module" src="/strict-main"></script>', {
    'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; img-src data:",
  }),
  'strict-main': (response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(`import { load } from '/likewise/dist/index.browser.js';
import { spawn } from '/likewise/dist/worker/index.browser.js';
import { ratio } from '/likewise/dist/lite/index.js';
const worker = await spawn({ script: '/likewise/dist/worker-script.js' });
document.title = [(await load()).ratio('a', 'a'), await worker.ratio('a', 'a'), ratio('a', 'a')].join(' ');`);
  },
  // As strict with what becomes a script: strings do not.
  trusted: servePage('<!doctype html><title>trusted</title><link rel="icon" href="data:,"><script type="module" src="/trusted-main"></script>', {
    'content-security-policy': "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; require-trusted-types-for 'script'; trusted-types app",
  }),
  'trusted-main': (response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(`import { load } from '/likewise/dist/index.browser.js';
import { spawn } from '/likewise/dist/worker/index.browser.js';
const script = '/likewise/dist/worker-script.js';
const policy = globalThis.trustedTypes?.createPolicy('app', { createScriptURL: (url) => url });
const worker = await spawn({ script: policy ? policy.createScriptURL(script) : script });
const refused = policy ? await spawn().catch(({ code, message }) => code + ' ' + /TrustedScriptURL/.test(message)) : 'unsupported true';
document.title = [(await load()).ratio('a', 'a'), await worker.ratio('a', 'a'), refused].join(' ');`);
  },
  // Not even WebAssembly.
  nothing: servePage('<!doctype html><title>nothing</title><link rel="icon" href="data:,"><script type="module" src="/nothing-main"></script>', {
    'content-security-policy': "script-src 'self'",
  }),
  'nothing-main': (response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(`import { load } from '/likewise/dist/index.browser.js';
document.title = await load().catch(({ code, message }) => code + ' ' + /wasm-unsafe-eval/.test(message));`);
  },
  // A development server that answers every path with its page: the component is not to be had.
  spa: (response, rest) => (rest.endsWith('.wasm') ? servePage(bare)(response) : files(response, rest)),
});
const other = await startServer();
after(async () => {
  await Promise.all([server.close(), other.close()]);
  packed.remove();
});

for (const name of NAMES) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await launch(name);
    });
    after(() => browser?.close());

    async function open(path = 'bare') {
      const { page, complaints } = await openPage(browser);
      await page.goto(`${server.base}/${path}`);
      return { page, complaints };
    }

    test('vectors, through load, worker and lite', async () => {
      const { page, complaints } = await open();
      const cases = vectors();
      const wrong = await page.evaluate(
        async ({ cases, check }) => {
          const disagreements = new Function(`return ${check}`)();
          const { load } = await import('likewise');
          const { spawn } = await import('likewise/worker');
          const lite = await import('likewise/lite');
          const worker = await spawn();
          const some = cases.filter(({ metric }) => metric !== 'damerau-levenshtein');
          return [await disagreements(cases, await load()), await disagreements(cases, worker), await disagreements(some, lite)];
        },
        { cases, check: disagreements.toString() },
      );
      assert.deepEqual(wrong, [[], [], []]);
      assert.deepEqual(complaints, []);
    });

    test('a dictionary, here and in the worker, with bytes moved', async () => {
      const { page, complaints } = await open();
      const answers = await page.evaluate(async () => {
        const { load } = await import('likewise');
        const { spawn } = await import('likewise/worker');
        const { Dictionary } = await import('likewise/lite');
        const text = 'move\nalumni\namni';
        const bytes = new TextEncoder().encode(text);
        const remote = await (await spawn()).Dictionary.fromText(bytes, { transfer: true });
        const found = [(await load()).Dictionary.fromText(text).suggest('almni'), await remote.suggest('almni'), Dictionary.fromText(text).suggest('almni')];
        return [bytes.length, ...found.map(({ choice }) => choice)];
      });
      assert.deepEqual(answers, [0, 'alumni', 'alumni', 'alumni']);
      assert.deepEqual(complaints, []);
    });

    test('where the file is not to be had, the copy in the code stands in', async () => {
      const { page, complaints } = await open();
      const ratio = await page.evaluate(async () => (await (await import('/spa/dist/index.browser.js')).load()).ratio('a', 'a'));
      assert.equal(ratio, 100);
      assert.deepEqual(complaints, []);
    });

    test('a strict content security policy', async () => {
      const { page, complaints } = await open('strict');
      await page.waitForFunction(() => document.title !== 'strict', undefined, { timeout: 20_000 });
      assert.equal(await page.title(), '100 100 100');
      assert.deepEqual(complaints, []);
    });

    test('trusted types: a script by the name of a policy', async () => {
      const { page, complaints } = await open('trusted');
      await page.waitForFunction(() => document.title !== 'trusted', undefined, { timeout: 20_000 });
      assert.equal(await page.title(), '100 100 unsupported true');
      assert.deepEqual(complaints.filter((text) => !/TrustedScriptURL|Trusted Type|trusted-types/i.test(text)), []);
    });

    test('a policy that forbids WebAssembly is named', async () => {
      const { page } = await open('nothing');
      await page.waitForFunction(() => document.title !== 'nothing', undefined, { timeout: 20_000 });
      assert.equal(await page.title(), 'unsupported true');
    });

    test('pages are fetched through the guest, and what goes wrong is told', async () => {
      const { page } = await open();
      const at = (path) => `${server.base}/${path}`;
      const paths = ['page/1', 'status/500', 'hops/3', 'loop/1', 'hang', 'bomb/1000000', 'charset', 'page/2'];
      const urls = [...paths.map(at), `${other.base}/page/9`, `${other.base}/private`, `${server.refusing}/`, 'nonsense'];
      const sites = await page.evaluate(async (urls) => {
        const { load } = await import('likewise');
        const lw = await load();
        const sites = await lw.scrape(urls, { concurrency: 4, timeout: 1500, maxBytes: 100_000 });
        return sites.map((site) => ({
          kind: site.error?.kind, message: site.error?.message, status: site.status, text: site.text, finalUrl: site.finalUrl,
          history: site.history.map(({ url, status }) => [url, status]), title: site.page?.title, bytes: site.content.length,
        }));
      }, urls);
      assert.deepEqual(
        sites.map(({ kind }) => kind),
        [undefined, undefined, undefined, 'connect', 'timeout', 'too-large', undefined, undefined, undefined, 'connect', 'connect', 'invalid-url'],
        JSON.stringify(sites.map(({ message }) => message)),
      );
      assert.deepEqual([sites[0].text, sites[0].title, sites[1].status], [pageOf(1), 'Page 1', 500]);
      // A browser tells where redirects led, and nothing of the way.
      assert.deepEqual([sites[2].finalUrl, sites[2].history, sites[2].text], [at('page/7'), [[at('hops/3'), 0]], pageOf(7)]);
      assert.equal(sites[6].bytes, 35);
      assert.equal(sites[8].text, pageOf(9));
      assert.match(sites[9].message, /CORS.*Access-Control-Allow-Origin/);
    });

    test('scrapes overlap, stream and are aborted', async () => {
      const { page, complaints } = await open();
      const at = (path) => `${server.base}/${path}`;
      const result = await page.evaluate(async ({ pages, hang }) => {
        const { load } = await import('likewise');
        const lw = await load();
        const controller = new AbortController();
        const aborted = lw.scrape([pages[0], hang], { signal: controller.signal, progress: () => controller.abort() });
        const all = await Promise.all([lw.scrape(pages), lw.scrape([...pages].reverse())]);
        const order = [];
        for await (const site of lw.scrapeIter(pages)) order.push(site.index);
        for await (const site of lw.scrapeIter([pages[0], hang])) {
          order.push(site.index);
          break;
        }
        return { texts: all.map((sites) => sites.map(({ text }) => text)), kinds: (await aborted).map(({ error }) => error?.kind), count: order.length };
      }, { pages: [1, 2, 3, 4].map((number) => at(`page/${number}`)), hang: at('hang') });
      const texts = [1, 2, 3, 4].map(pageOf);
      assert.deepEqual(result.texts, [texts, texts.toReversed()]);
      assert.deepEqual(result.kinds, [undefined, 'canceled']);
      assert.equal(result.count, 5);
      assert.deepEqual(complaints, []);
    });
  });
}
