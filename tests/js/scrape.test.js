// Fetching through the guest: what arrives, what fails and why, limits, and many scrapes at once.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
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

test("the caller's own functions may hang, fail or lie: each URL ends in time, and once", async () => {
  const never = () => new Promise(() => {});
  const answer = (body) => async () => new Response(body, { headers: { 'content-type': 'text/plain' } });
  const dripping = () => {
    let canceled = false;
    const pull = (controller) => new Promise((resolve) => setTimeout(() => resolve(canceled || controller.enqueue(new Uint8Array(1))), 20));
    return new ReadableStream({ pull, cancel: () => void (canceled = true) });
  };
  const nothing = async () => {
    throw undefined;
  };
  const cases = [
    [{ allow: never }, 'timeout', /300 ms/],
    [{ fetch: never }, 'timeout', /300 ms/],
    [{ fetch: answer(new ReadableStream({ pull: never })) }, 'timeout', /300 ms/],
    [{ fetch: answer(dripping()) }, 'timeout', /300 ms/],
    [{ allow: () => assert.fail('invalid ticket') }, 'denied', /allow\) failed: invalid ticket/],
    [{ allow: nothing }, 'denied', /allow\) failed/],
    [{ fetch: nothing }, 'connect', /undefined/],
    [{ fetch: async () => Promise.reject(Object.create(null)) }, 'connect', /an object/],
    [{ fetch: async () => undefined }, 'connect', /undefined/],
    [{ fetch: async () => Promise.reject({ message: 5, code: 'X' }) }, 'connect', /5 \(X\)/],
    [{ fetch: answer(new ReadableStream({ pull: nothing })) }, 'connect', /undefined/],
  ];
  const sites = await Promise.all(cases.map(([options]) => one('page/1', { timeout: 300, ...options })));
  sites.forEach(({ error }, i) => {
    assert.equal(error?.kind, cases[i][1], `case ${i}: ${error?.message}`);
    assert.match(error.message, cases[i][2]);
  });
});

test("a stream of the caller's is ended with its URL, however it takes that and however late it comes", async () => {
  let late = 0;
  const streams = {
    empty: { pull: (controller) => controller.enqueue(new Uint8Array()) },
    'never canceled': { pull: (controller) => controller.enqueue(new Uint8Array(1000)), cancel: () => new Promise(() => {}) },
    'badly canceled': { pull: (controller) => controller.enqueue(new Uint8Array(1000)), cancel: () => Promise.reject(new Error('mine')) },
    late: { pull: (controller) => new Promise((resolve) => setTimeout(resolve, 10)).then(() => late++ < 1000 && controller.enqueue(new Uint8Array(1))) },
  };
  const fetch = async (url) => {
    const name = decodeURIComponent(new URL(url).pathname.slice(1));
    if (name === 'late') await new Promise((resolve) => setTimeout(resolve, 500));
    return name === 'error' ? Response.error() : new Response(new ReadableStream(streams[name], { highWaterMark: 0 }));
  };
  const kinds = { empty: 'timeout', 'never canceled': 'too-large', 'badly canceled': 'too-large', late: 'timeout', error: 'connect' };
  const sites = await lw.scrape(Object.keys(kinds).map((name) => `http://a.invalid/${name}`), { fetch, timeout: 300, maxBytes: 5000 });
  assert.deepEqual(sites.map(({ error }) => error?.kind), Object.values(kinds), JSON.stringify(sites.map(({ error }) => error?.message)));
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.ok(late < 3, `${late} pieces were read of a response that nobody waited for`);
});

test('a stream that is left half way keeps no process alive', () => {
  const program = `import { load } from 'likewise';
const fetch = async (url) => new Response('a');
const stream = (await load()).scrapeIter(['http://a.invalid/1', 'http://a.invalid/2'], { fetch });
console.log((await stream.next()).value.text);`;
  const given = [...process.execArgv.filter((flag) => /jspi/.test(flag)), '--no-warnings', '--input-type=module', '-e', program];
  assert.equal(String(execFileSync(process.execPath, given, { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 20_000 })), 'a\n');
});

test('a thread whose guest was given much does not stay', { skip: 'Suspending' in WebAssembly && 'with JSPI there are no threads' }, async () => {
  const threads = new Set();
  const note = (thread) => threads.add(thread);
  process.on('worker', note);
  // More at once than are kept, so that some are new.
  const sites = await Promise.all(Array.from({ length: 6 }, () => one('bytes/3000000')));
  process.off('worker', note);
  for (const { content } of sites) assert.equal(content.length, 3_000_000);
  const ended = (thread) => thread.threadId < 0 || new Promise((resolve) => thread.on('exit', resolve));
  assert.ok(threads.size > 0);
  await Promise.all([...threads].map(ended));
});

test('a polluted Object.prototype decides nothing of a fetch', async () => {
  const polluted = { maxRedirects: 5, timeoutMs: 1, timeout: 1, maxBytes: 1, followRedirects: true, fetch: () => assert.fail(), allow: () => false, progress: () => assert.fail() };
  // Node's own sockets do not open under it: one is open already.
  assert.ok((await one('page/1')).ok);
  for (const [name, value] of Object.entries(polluted)) Object.defineProperty(Object.prototype, name, { value, configurable: true });
  try {
    const [site] = await lw.scrape([at('hops/1')], Object.assign(Object.create(null), { followRedirects: false, timeout: Infinity, fetch: globalThis.fetch }));
    assert.deepEqual([site.error?.message, site.status], [undefined, 302]);
  } finally {
    for (const name of Object.keys(polluted)) delete Object.prototype[name];
  }
});

test('an abort is heeded wherever it falls', async () => {
  const body = (pull) => new Response(new ReadableStream({ pull }), { headers: { 'content-type': 'text/plain' } });
  const places = {
    'before': (abort) => abort() ?? {},
    'in allow': (abort) => ({ allow: () => abort() ?? true }),
    'in fetch': (abort) => ({ fetch: (...given) => abort() ?? globalThis.fetch(...given) }),
    'in a fetch that does not care': (abort) => ({ fetch: () => abort() ?? new Promise(() => {}) }),
    'in the body': (abort) => ({ fetch: async () => body(() => abort() ?? new Promise(() => {})) }),
    'later': (abort) => void setTimeout(abort, 50) ?? {},
  };
  for (const [place, options] of Object.entries(places)) {
    const controller = new AbortController();
    const given = options(() => void controller.abort(new Error('enough')));
    const sites = await lw.scrape([at('hang'), at('hang')], { signal: controller.signal, timeout: 5000, ...given });
    for (const { error } of sites) {
      assert.equal(error?.kind, 'canceled', place);
      assert.match(error.message, /enough/, place);
    }
  }
  const odd = await lw.scrape([at('hang')], { signal: AbortSignal.abort(Object.create(null)) });
  assert.equal(odd[0].error.kind, 'canceled');
});

test('a thread that dies ends its scrape by an error, and no other', { skip: 'Suspending' in WebAssembly && 'with JSPI there are no threads' }, async () => {
  const threads = [];
  const note = (thread) => threads.push(thread);
  process.on('worker', note);
  // More than are kept, so that some are new.
  const others = Array.from({ length: 6 }, () => lw.scrape([at('slow/300')]));
  const stream = lw.scrapeIter([at('page/1'), at('hang')]);
  assert.equal((await stream.next()).value.ok, true);
  const step = stream.next();
  process.off('worker', note);
  await threads.at(-1).terminate();
  await assert.rejects(step, (error) => error instanceof LikewiseError && error.code === 'trap');
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
  for (const [site] of await Promise.all(others)) assert.equal(site.ok, true);
  // Nor does it matter to those that follow which of the idle ones have died.
  await Promise.all(threads.map((thread) => thread.terminate()));
  assert.equal((await one('page/1')).ok, true);
});

test('one signal for many scrapes ends them all, and nothing warns of it', async () => {
  const warnings = [];
  const note = ({ message }) => warnings.push(message);
  process.on('warning', note);
  const controller = new AbortController();
  const scrapes = Array.from({ length: 12 }, () => lw.scrape([at('hang')], { signal: controller.signal }));
  assert.equal((await one('page/1', { signal: controller.signal })).ok, true);
  setTimeout(() => controller.abort(), 50);
  for (const [{ error }] of await Promise.all(scrapes)) assert.equal(error.kind, 'canceled');
  process.off('warning', note);
  assert.deepEqual(warnings, []);
  // A signal outlives what it might have ended, and keeps none of it.
  const { signal } = new AbortController();
  for (let i = 0; i < 2; i++) await Promise.all([one('page/1', { signal }), one('page/2', { signal })]);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('hostile servers get what they ask for, no more', async () => {
  const text = (response, body) => response.writeHead(200, { 'content-type': 'text/plain' }).end(body);
  const raw = (lines) => (response) => response.socket.end(`${lines.join('\r\n')}\r\n\r\nhi`);
  const other = await startServer({ told: (response, _, request) => text(response, JSON.stringify(request.headers)) });
  const hostile = await startServer({
    to: (response, rest) => response.writeHead(302, { location: decodeURIComponent(rest) }).end(),
    spoof: (response) => response.writeHead(302, { location: '/page/1', 'likewise-unseen-redirect': 'x' }).end(),
    gzips: (response) => response.writeHead(200, { 'content-encoding': Array(200).fill('gzip').join(', ') }).end('abc'),
    status: raw(['HTTP/1.1 099 X', 'content-length: 2']),
    upgrade: raw(['HTTP/1.1 101 X', 'upgrade: x', 'connection: upgrade']),
    length: raw(['HTTP/1.1 200 OK', 'content-length: 99999999999999999999']),
    lengths: raw(['HTTP/1.1 200 OK', 'content-length: 2', 'content-length: 5']),
    early: (response) => {
      const timer = setInterval(() => response.socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5);
      response.on('close', () => clearInterval(timer));
    },
    fields: (response) => {
      response.socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => response.socket.write(`x-a: ${'b'.repeat(1000)}\r\n`), 1);
      response.socket.on('error', () => {}).on('close', () => clearInterval(timer));
    },
  });
  try {
    const get = async (path, options) => (await lw.scrape([`${hostile.base}/${path}`], { timeout: 1000, ...options }))[0];
    const kinds = { spoof: undefined, gzips: 'decode|protocol', status: 'protocol', upgrade: 'protocol', length: 'protocol', lengths: 'protocol', early: 'timeout', fields: 'protocol' };
    for (const [path, kind] of Object.entries(kinds)) assert.match(String((await get(path)).error?.kind), new RegExp(`^(${kind})$`), path);
    for (const target of ['file:///etc/passwd', 'data:text/html,x', 'blob:nodedata:1', 'javascript:1', 'http://[::bad']) {
      assert.equal((await get(`to/${encodeURIComponent(target)}`)).error?.kind, 'denied', target);
    }
    // A server cannot pass its redirect off as one that nobody saw.
    assert.deepEqual((await get('spoof')).history.map(({ status }) => status), [302]);
    // Another origin is told no secrets: neither what was meant for the first, nor what the redirect brings.
    const headers = { authorization: 'Bearer secret', cookie: 'a=secret' };
    const told = await get(`to/${encodeURIComponent(`http://user:secret@127.0.0.1:${other.port}/told`)}`, { headers });
    assert.equal(told.status, 200);
    assert.doesNotMatch(told.text, /secret/);
  } finally {
    await Promise.all([other.close(), hostile.close()]);
  }
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
    ['a number as text', () => lw.scrapeIter([], { timeout: '500' }), /timeout is "500"/],
    ['a bigint', () => lw.scrapeIter([], { timeout: 5n }), /timeout is 5n/],
    ['null', () => lw.scrapeIter([], { timeout: null }), /timeout is null/],
    ['words for no', () => lw.scrapeIter([], { followRedirects: 'no' }), /followRedirects is "no", and must be true or false/],
    ['a controller', () => lw.scrapeIter([], { signal: new AbortController() }), /signal is a AbortController, and must be an AbortSignal/],
    ['misspelt', () => lw.scrapeIter([], { timeOut: 5 }), /unknown option "timeOut"/],
    ['no options', () => lw.scrapeIter([], null), /options is null/],
  ];
  for (const [what, action, message] of bad) {
    assert.throws(action, (error) => error instanceof LikewiseError && error.code === 'invalid-argument' && message.test(error.message), what);
  }
  await assert.rejects(lw.scrape(at('page/1')), /list/);
  // What is no URL spoils none of the others.
  const thrower = () => assert.fail('mine');
  const sites = await lw.scrape([null, Symbol('s'), { toString: thrower }, at('page/1')]);
  assert.deepEqual(sites.map(({ error }) => error?.kind), ['invalid-url', 'invalid-url', 'invalid-url', undefined]);
});
