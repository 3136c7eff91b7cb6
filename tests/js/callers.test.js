// What callers get wrong, and what hostile ones try: each ends in an error that names it, and what follows works.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { Dictionary, LikewiseError, load } from 'likewise';
import * as lite from 'likewise/lite';
import { startServer } from './server.js';

const lw = await load();
const d = lw.Dictionary.fromText('move\nalumni\namni');
const small = lite.Dictionary.fromText('move\nalumni\namni');
const failing = (code, message) => (error) => (error instanceof LikewiseError || error instanceof lite.LikewiseError) && error.code === code && message.test(error.message);
const bad = (action, message) => assert.throws(action, failing('invalid-argument', message), String(action));
const thrower = () => {
  throw new Error('mine');
};

test('whatever is given instead of a string is named, and nothing of it runs on', () => {
  const proxy = new Proxy({}, { get: thrower, getPrototypeOf: thrower });
  const given = [
    [5, /is 5,/],
    [undefined, /is undefined,/],
    [null, /is null,/],
    [Symbol('s'), /is Symbol\(s\),/],
    [5n, /is 5n,/],
    [{ toString: thrower }, /is a Object,/],
    [{ constructor: { name: Symbol('s') } }, /is an object,/],
    [Object.create(null), /is an object,/],
    [Object.defineProperty({}, 'constructor', { get: thrower }), /is an object,/],
    [proxy, /is an object,/],
    [new String('a'), /is a String,/],
  ];
  for (const [value, message] of given) {
    for (const engine of [lw, lite]) {
      bad(() => engine.ratio('a', value), message);
      bad(() => engine.Dictionary.fromText(value), message);
    }
    bad(() => d.suggest(value), message);
    bad(() => small.suggest(value), message);
    bad(() => d.searchMany(['a', value]), new RegExp(`queries\\[1\\] ${message.source}`));
    bad(() => lw.Dictionary.from(['a', value]), new RegExp(`word 1 ${message.source}`));
    bad(() => lw.Dictionary.load(value), message);
    if (typeof value !== 'number') {
      bad(() => d.search('a', { limit: value ?? 'x' }), /limit is /);
      bad(() => small.search('a', { limit: value ?? 'x' }), /limit is /);
      bad(() => d.at(value), /index is /);
      bad(() => d.search('a', { scoreCutoff: value ?? 'x' }), /scoreCutoff is /);
      bad(() => small.search('a', { scoreCutoff: value ?? 'x' }), /scoreCutoff is /);
      bad(() => lw.Dictionary.fromText('a', { priority: [value] }), /priority\[0\] is /);
      bad(() => lite.Dictionary.fromText('a', { priority: [value] }), /priority\[0\] is /);
    }
  }
  // A metric left out is what the first argument is taken for.
  bad(() => lw.distance('form', 'from'), /unknown metric "form"; known are/);
  bad(() => lite.distance('form', 'from'), /unknown metric "form"; here are/);
});

test('a list is a list: no string, no number, nothing', () => {
  bad(() => lw.Dictionary.from('move\nalumni'), /words is "move\\nalumni".*fromText takes text/);
  bad(() => d.searchMany('move'), /queries is "move".*search takes one query/);
  for (const value of [5, null, undefined, {}, Symbol('s'), 5n, () => {}]) {
    bad(() => lw.Dictionary.from(value), /words is .*a list/);
    bad(() => d.searchMany(value), /queries is .*a list/);
    if (value !== undefined) bad(() => lw.Dictionary.fromText('a', { priority: value }), /priorit/);
  }
  assert.deepEqual([...lw.Dictionary.from(Object.freeze(['a', 'b']))], ['a', 'b']);
  assert.deepEqual([...lw.Dictionary.from({ length: 2, 0: 'a', 1: 'b' })], ['a', 'b']);
  assert.deepEqual([...lw.Dictionary.from(new Set(['a', 'b']))], ['a', 'b']);
  assert.deepEqual(lw.Dictionary.from([]).words(), []);
  assert.deepEqual(d.searchMany([]), []);
  bad(() => lw.Dictionary.from(['a', , 'b']), /word 1 is undefined/);
  bad(() => new Dictionary(['a']), /made by .*fromText, from, load/);
});

test('numbers out of range are named, in lite as well', () => {
  for (const limit of [-1, 1.5, NaN, -Infinity, 2 ** 32, '5']) {
    bad(() => d.search('move', { limit }), /limit is .*whole number/);
    bad(() => small.search('move', { limit }), /limit is .*whole number/);
  }
  assert.equal(small.search('move', { limit: Infinity }).length, d.search('move', { limit: Infinity }).length);
  for (const scoreCutoff of [-1, 101, NaN, Infinity, '5']) {
    bad(() => d.search('move', { scoreCutoff }), /scoreCutoff is .*percentage/);
    bad(() => small.search('move', { scoreCutoff }), /scoreCutoff is .*percentage/);
  }
  for (const value of [256, -1, 1.5, NaN]) bad(() => lite.Dictionary.fromText('cat\nbat', { priority: [value, 0] }), /priority\[0\] is/);
  bad(() => d.within('move', {}), /distance is undefined/);
  assert.deepEqual([small.at(-1), small.at(-4), small.at(1.5)], [d.at(-1), d.at(-4), d.at(1.5)]);
});

test('an option that is not known is an error, and options are an object', async () => {
  bad(() => d.search('move', { score_cutoff: 90 }), /unknown option "score_cutoff"; known are metric, limit, scoreCutoff/);
  bad(() => small.search('move', { Limit: 1 }), /unknown option "Limit"/);
  bad(() => d.suggest('move', { limit: 1 }), /unknown option "limit"/);
  bad(() => lw.Dictionary.fromText('a', { priorities: [1] }), /unknown option "priorities"/);
  for (const options of [null, 5, 'typo', () => {}]) {
    bad(() => d.search('move', options), /options is/);
    bad(() => small.search('move', options), /options is/);
    await assert.rejects(load(options), failing('invalid-argument', /options is/));
  }
  await assert.rejects(load({ components: 1 }), failing('invalid-argument', /unknown option "components"/));
});

test('a polluted Object.prototype decides nothing', async () => {
  const polluted = { metric: 'hamming', limit: 0, scoreCutoff: 100, priority: [9], component: 'http://127.0.0.1:9/', distance: 9, evil: 1 };
  const expected = [d.search('mve'), small.search('mve'), d.within('move', { distance: 1 })];
  for (const [name, value] of Object.entries(polluted)) Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true });
  try {
    assert.deepEqual([d.search('mve', {}), small.search('mve', {}), d.within('move', { distance: 1 })], expected);
    assert.equal(lw.Dictionary.fromText('a', {}).length, 1);
    await load({});
  } finally {
    for (const name of Object.keys(polluted)) delete Object.prototype[name];
  }
});

test('options are read once, before anything else: what a getter does then changes nothing', () => {
  for (const make of [lw.Dictionary, lite.Dictionary]) {
    const brief = make.fromText('cat');
    const options = {
      get limit() {
        brief.dispose();
        return 5;
      },
    };
    assert.throws(() => brief.search('cat', options), failing('closed', /disposed/));
    brief.dispose();
  }
  assert.equal(d.suggest('mve').choice, 'move');
});

test('lite is used until it is disposed of, and disposed of twice', () => {
  const brief = lite.Dictionary.fromText('cat');
  brief.dispose();
  brief.dispose();
  assert.throws(() => brief.search('cat'), failing('closed', /disposed/));
  assert.throws(() => brief.at(0), failing('closed', /disposed/));
});

test('bytes come from anywhere, and are refused where nothing is left of them', () => {
  const bytes = new TextEncoder().encode('cat');
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  shared.set(bytes);
  for (const engine of [lw, lite]) {
    const { Dictionary } = engine;
    assert.equal(Dictionary.fromText(runInNewContext('Uint8Array.of(99, 97, 116)')).at(0), 'cat');
    assert.equal(Dictionary.fromText(runInNewContext('Uint8Array.of(99, 97, 116).buffer')).at(0), 'cat');
    assert.equal(Dictionary.fromText(shared).at(0), 'cat');
    assert.equal(Dictionary.fromText(Buffer.from('a cat').subarray(2)).at(0), 'cat');
    const moved = Uint8Array.of(99);
    structuredClone(moved.buffer, { transfer: [moved.buffer] });
    bad(() => Dictionary.fromText(moved), /text was transferred/);
    bad(() => Dictionary.fromText(moved.buffer), /text was transferred/);
    const shortened = new Uint8Array(new ArrayBuffer(8, { maxByteLength: 8 }), 4, 4);
    shortened.buffer.resize(2);
    bad(() => Dictionary.fromText(shortened), /text was transferred/);
    for (const other of [new Uint16Array(1), new DataView(new ArrayBuffer(1)), shared.buffer]) bad(() => Dictionary.fromText(other), /must be a string, a Uint8Array/);
  }
});

test('words that use up the first separators end', () => {
  const all = (most) => Array.from({ length: most }, (_, code) => String.fromCharCode(code)).join('');
  for (const hostile of [all(11), all(0xd800)]) {
    const words = ['move', hostile, ''];
    assert.deepEqual(lw.Dictionary.from(words).words(), words);
  }
  assert.deepEqual(d.searchMany([all(11), 'mve'])[1][0].choice, 'move');
  bad(() => lw.Dictionary.from([Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).join('').replace(/\p{Surrogate}/gu, '')]), /every code point is used/);
});

test('a saved dictionary that was cut, changed or never was one is invalid, whatever it came as', () => {
  const saved = lw.Dictionary.fromText('cat\nbat', { priority: [3, 1] }).save();
  const bytes = new TextEncoder().encode(saved);
  const refused = failing('invalid-dictionary', /dictionary/);
  for (let i = 0; i < bytes.length; i++) {
    assert.throws(() => lw.Dictionary.load(saved.slice(0, i)), refused);
    for (const bit of [1, 2, 64, 128]) {
      const changed = Uint8Array.from(bytes);
      changed[i] ^= bit;
      assert.throws(() => lw.Dictionary.load(changed), refused, `byte ${i}, bit ${bit}`);
    }
  }
  assert.throws(() => lw.Dictionary.load('\ud800'), refused);
  assert.throws(() => lw.Dictionary.load(saved + saved), refused);
  assert.equal(lw.Dictionary.load(bytes).suggest('hat').choice, 'bat');
});

test('a component is what it was when it was given, whole or not at all', async () => {
  const packaged = readFileSync(fileURLToPath(import.meta.resolve('likewise/component.wasm')));
  for (const change of [(bytes) => bytes.fill(0), ({ buffer }) => structuredClone(buffer, { transfer: [buffer] })]) {
    const component = new Uint8Array(packaged);
    const loading = load({ component });
    change(component);
    assert.equal((await loading).ratio('a', 'a'), 100);
  }
  const server = await startServer();
  await assert.rejects(load({ component: `${server.base}/short` }), failing('load', /cannot be fetched from .*short/));
  await assert.rejects(load({ component: `${server.base}/status/404` }), failing('load', /status 404/));
  await server.close();
});

test('a stack that is used up within the guest ends the instance, and no other', async () => {
  const brief = await load();
  const words = brief.Dictionary.fromText('move\nalumni\namni');
  let action = () => {};
  const dive = (depth) => (depth > 0 ? dive(depth - 1) : action());
  for (let i = 0; i < 2000; i++) dive(100);
  let [deep, tooDeep] = [0, 100_000];
  while (deep + 1 < tooDeep) {
    const middle = (deep + tooDeep) >> 1;
    try {
      dive(middle);
      deep = middle;
    } catch {
      tooDeep = middle;
    }
  }
  const text = Array.from({ length: 300 }, (_, i) => `word${i}`).join('\n');
  const work = () => brief.Dictionary.fromText(text).search('word7');
  for (let i = 0; i < 50; i++) work();
  action = work;
  const outcomes = new Set();
  for (let depth = deep; depth > 0 && !outcomes.has('trap') && !outcomes.has('word7'); depth--) {
    try {
      outcomes.add(dive(depth)[0].choice);
    } catch (error) {
      // Where the stack ends before the guest or this package's own check, the error is the engine's.
      outcomes.add(error instanceof LikewiseError ? error.code : error.name);
    }
  }
  assert.ok(outcomes.has('trap'), `${[...outcomes]}`);
  assert.throws(() => words.suggest('mve'), failing('trap', /stack.*load\(\) gives another/));
  // All of it is lost: there is nothing to free, and `using` does not hide why.
  words.dispose();
  assert.throws(() => words.suggest('mve'), failing('closed', /disposed/));
  assert.equal(d.suggest('mve').choice, 'move');
});

test("Node's bound on memory holds for each instance: what goes over ends it, and no other", () => {
  const program = `import { load } from 'likewise';
import { spawn } from 'likewise/worker';
const words = Array.from({ length: 3000 }, (_, i) => 'word' + i).join('\\n');
for (const lw of [await load(), await spawn()]) {
  const made = [];
  try {
    for (;;) made.push(await lw.Dictionary.fromText(words));
  } catch ({ code }) {
    console.log(made.length > 10, code);
  }
}
console.log((await load()).ratio('a', 'a'));`;
  const given = ['--wasm-max-mem-pages=256', '--input-type=module', '-e', program];
  const output = execFileSync(process.execPath, given, { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 20_000 });
  assert.equal(String(output), 'true trap\ntrue trap\n100\n');
});

test('CommonJS may require it', async () => {
  const required = createRequire(import.meta.url)('likewise');
  assert.equal((await required.load()).ratio('a', 'a'), 100);
});

test("Node's permission model: what needs no thread works, and what does says so", () => {
  const program = `import { load } from 'likewise';
import { spawn } from 'likewise/worker';
console.log((await load()).ratio('a', 'a'), await spawn().catch(({ code, message }) => code + ' ' + /--allow-worker/.test(message)));`;
  const flag = ['--permission', '--experimental-permission'].find((name) => process.allowedNodeEnvironmentFlags.has(name));
  const given = [flag, '--allow-fs-read=*', '--no-warnings', '--input-type=module', '-e', program];
  const output = execFileSync(process.execPath, given, { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 20_000 });
  assert.equal(String(output), '100 unsupported true\n');
});
