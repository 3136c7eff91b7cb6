// Fetching through the guest: what arrives, what fails and why, limits, and many scrapes at once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FetchError, LikewiseError, load } from 'likewise';
import { pageOf, startServer } from './server.js';

const lw = await load();
const server = await startServer();
after(() => server.close());
const at = (path) => `${server.base}/${path}`;
const one = async (path, options) => (await lw.scrape([/^\w+:/.test(path) ? path : at(path)], options))[0];

test('a site says what came', async () => {
  const site = await one('page/1');
  assert.equal(site.error, undefined);
  assert.deepEqual(
    [site.ok, site.status, site.url, site.finalUrl, site.domain, site.protocol, site.port, site.contentType, site.server, site.encoding, site.index],
    [true, 200, at('page/1'), at('page/1'), '127.0.0.1', 'http', server.port, 'text/html', 'small', 'UTF-8', 0],
  );
  assert.equal(site.text, pageOf(1));
  assert.equal(site.body, site.text);
  assert.deepEqual(site.content, new TextEncoder().encode(pageOf(1)));
  assert.equal(site.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.ok(site.elapsed > 0 && site.elapsed < 5000);
  assert.equal(site.page.title, 'Page 1');
  assert.deepEqual(site.page.links.map(({ url }) => url), [at('page/2')]);
});

test('facts are extracted in the same pass where that is asked for, and only from HTML', async () => {
  assert.equal((await one('page/1', { extract: true })).page.lang, 'en');
  assert.equal((await one('echo/1', { extract: true })).page, undefined);
});

test('sites come in the order given, duplicates kept; failure is data', async () => {
  const urls = [at('page/1'), 'nonsense', at('status/500'), at('page/1'), `${server.refusing}/`, at('reset'), 'ftp://127.0.0.1/', new URL(at('page/2'))];
  const sites = await lw.scrape(urls, { concurrency: 3 });
  assert.deepEqual(sites.map(({ url }) => url), urls.map(String));
  assert.deepEqual(sites.map(({ ok }) => ok), [true, false, true, true, false, false, false, true]);
  assert.deepEqual(
    sites.map(({ error }) => error?.kind),
    [undefined, 'invalid-url', undefined, undefined, 'connect', 'connect', 'invalid-url', undefined],
  );
  assert.deepEqual([sites[2].statusCode, sites[2].text], [500, 'status 500']);
  for (const { error } of sites.filter((site) => site.error)) {
    assert.ok(error instanceof FetchError && error instanceof LikewiseError && error.code === 'fetch');
    assert.ok(error.message.length > 10, error.message);
  }
  assert.deepEqual(await lw.scrape([]), []);
});

test('each failure has its kind and names the URL', async () => {
  const kinds = {
    [`${server.nonsense}/`]: 'protocol',
    short: 'connect|protocol',
    'not-gzip': 'decode',
    'http://no-such-name.invalid/': 'dns',
    [`https://127.0.0.1:${server.port}/`]: 'tls',
    'http://127.0.0.1:1/': 'denied',
    // The Fetch standard makes this a network error.
    'status/407': 'connect',
  };
  const urls = Object.keys(kinds).map((path) => (path.includes(':') ? path : at(path)));
  const sites = await lw.scrape(urls);
  sites.forEach((site, i) => {
    assert.match(site.error?.kind ?? 'none', new RegExp(`^(${Object.values(kinds)[i]})$`), `${site.url}: ${site.error?.message}`);
    assert.ok(site.error.message.includes(urls[i]), site.error.message);
  });
});

test('content is decoded as what it is', async () => {
  const site = await one('charset');
  assert.equal(site.replaced || site.encoding !== 'UTF-8', true);
  assert.deepEqual(site.content, new Uint8Array(Buffer.from('<title>Café naïve</title><p>déjà vu', 'latin1')));
  const bytes = await one('bytes/3');
  assert.deepEqual([...bytes.content], [255, 255, 255]);
});

test('redirects are followed and told', async () => {
  const site = await one('hops/3');
  assert.deepEqual(site.history.map(({ url, status }) => [url, status]), [3, 2, 1].map((left) => [at(`hops/${left}`), 302]));
  assert.equal(site.history[0].headers.get('location'), '/hops/2');
  assert.deepEqual([site.finalUrl, site.url, site.status], [at('page/7'), at('hops/3'), 200]);
  assert.equal((await one('hops/3', { maxRedirects: 3 })).ok, true);
  assert.equal((await one('hops/3', { maxRedirects: 2 })).error.kind, 'too-many-redirects');
  assert.equal((await one('loop/1')).error.kind, 'too-many-redirects');
  const stayed = await one('hops/3', { followRedirects: false });
  assert.deepEqual([stayed.status, stayed.headers.get('location'), stayed.history.length], [302, '/hops/2', 0]);
});

test('header fields are sent, and those of an answer all kept', async () => {
  const site = await one('echo/1', { headers: { 'X-One': '1', 'user-agent': 'likewise test' } });
  const { headers } = site.json();
  assert.deepEqual([headers['x-one'], headers['user-agent']], ['1', 'likewise test']);
  assert.deepEqual(site.headers.getSetCookie(), ['a=1', 'b=2']);
});

test('a timeout holds for the whole URL: a server that hangs, one that drips, redirects', async () => {
  const started = performance.now();
  const sites = await lw.scrape([at('hang'), at('drip'), at('page/1')], { timeout: 300 });
  assert.ok(performance.now() - started < 2000);
  assert.deepEqual(sites.map(({ error }) => error?.kind), ['timeout', 'timeout', undefined]);
  assert.match(sites[0].error.message, /not done within the 300 ms/);
});

test('bytes are capped, announced or not, decompressed ones too', async () => {
  const sites = await lw.scrape([at('bytes/1001'), at('bytes/1000'), at('bomb/1000000'), at('drip')], { maxBytes: 1000, timeout: 500 });
  assert.deepEqual(sites.map(({ error }) => error?.kind), ['too-large', undefined, 'too-large', 'timeout']);
});

test("the caller's policy is asked for each hop", async () => {
  const asked = [];
  const allow = async (url) => {
    asked.push(url.pathname);
    return url.pathname !== '/page/7';
  };
  const [refused, allowed] = await lw.scrape([at('hops/1'), at('page/1')], { allow, concurrency: 1 });
  assert.equal(refused.error.kind, 'denied');
  assert.equal(allowed.ok, true);
  assert.deepEqual(asked, ['/hops/1', '/page/7', '/page/1']);
  assert.ok(!server.seen.slice(-2).includes('/page/7'));
});

test('another fetch function may be given', async () => {
  const fetch = async (url) => new Response(`made up for ${url}`, { headers: { 'content-type': 'text/plain' } });
  assert.equal((await one('http://example.invalid/', { fetch })).text, 'made up for http://example.invalid/');
  const broken = await one('http://example.invalid/', { fetch: () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND', message: 'x' } })) });
  assert.equal(broken.error.kind, 'dns');
});

test('no more requests are in flight than allowed, and sites come as they end', async () => {
  let most = 0;
  let now = 0;
  const fetch = async (url, init) => {
    most = Math.max(most, ++now);
    try {
      return await globalThis.fetch(url, init);
    } finally {
      now--;
    }
  };
  const delays = [200, 20, 100, 10, 60];
  const order = [];
  const steps = [];
  const urls = delays.map((ms) => at(`slow/${ms}`));
  for await (const site of lw.scrapeIter(urls, { fetch, concurrency: 5, progress: (done, total, site) => steps.push([done, total, delays[site.index]]) })) order.push(delays[site.index]);
  assert.deepEqual(order, [10, 20, 60, 100, 200]);
  assert.deepEqual(steps, order.map((delay, i) => [i + 1, 5, delay]));
  assert.equal(most, 5);
  most = 0;
  await lw.scrape(urls, { fetch, concurrency: 2 });
  assert.equal(most, 2);
});

test('an abort ends what is left and keeps what came', async () => {
  const controller = new AbortController();
  const progress = () => controller.abort(new Error('enough'));
  const sites = await lw.scrape([at('page/1'), at('hang'), at('drip'), at('hang')], { signal: controller.signal, concurrency: 3, progress });
  assert.deepEqual(sites.map(({ error }) => error?.kind), [undefined, 'canceled', 'canceled', 'canceled']);
  assert.match(sites[1].error.message, /enough/);
  const late = await lw.scrape([at('page/1')], { signal: AbortSignal.abort() });
  assert.equal(late[0].error.kind, 'canceled');
});

test('leaving the loop ends what is left', async () => {
  for await (const site of lw.scrapeIter([at('page/1'), at('hang'), at('hang')])) {
    assert.equal(site.index, 0);
    break;
  }
  // A pending step is ended as well.
  const stream = lw.scrapeIter([at('hang')]);
  const pending = stream.next();
  setTimeout(() => stream.return(), 50);
  assert.deepEqual(await pending, { done: true, value: undefined });
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
  await new Promise((resolve) => setTimeout(resolve, 100));
});

test('overlapping scrapes do not mix', async () => {
  const scrapes = Array.from({ length: 8 }, (_, i) => lw.scrape(Array.from({ length: 20 }, (_, j) => at(j % 7 === 3 ? `status/${500 + i}` : `page/${100 * i + j}`))));
  (await Promise.all(scrapes)).forEach((sites, i) => {
    sites.forEach((site, j) => {
      assert.equal(site.error, undefined);
      if (j % 7 === 3) assert.equal(site.status, 500 + i);
      else assert.equal(site.text, pageOf(100 * i + j));
    });
  });
});

test('steps may be asked for all at once', async () => {
  const stream = lw.scrapeIter([at('page/1'), at('page/2')]);
  const steps = await Promise.all([stream.next(), stream.next(), stream.next()]);
  assert.deepEqual(steps.map(({ done }) => done), [false, false, true]);
  assert.deepEqual(steps.slice(0, 2).map(({ value }) => value.text).sort(), [pageOf(1), pageOf(2)]);
});

test('bad options are named', async () => {
  const bad = [
    ['one URL', () => lw.scrapeIter(at('page/1')), /urls is one URL.*list/],
    ['a number', () => lw.scrapeIter(5), /urls is 5/],
    ['concurrency', () => lw.scrapeIter([], { concurrency: 0 }), /concurrency is 0/],
    ['timeout', () => lw.scrapeIter([], { timeout: -1 }), /timeout is -1/],
    ['maxBytes', () => lw.scrapeIter([], { maxBytes: 1.5 }), /maxBytes is 1.5/],
    ['headers', () => lw.scrapeIter([], { headers: { 'a b': '1' } }), /headers cannot be sent/],
    ['allow', () => lw.scrapeIter([], { allow: 'all' }), /allow is "all"/],
  ];
  for (const [what, action, message] of bad) {
    assert.throws(action, (error) => error instanceof LikewiseError && error.code === 'invalid-argument' && message.test(error.message), what);
  }
  await assert.rejects(lw.scrape(at('page/1')), /list/);
});
