// likewise/worker: the same answers from another thread.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';
import { load } from 'likewise';
import { LikewiseError, spawn } from 'likewise/worker';
import { disagreements, vectors } from './vectors.js';

const lw = await spawn();
after(() => lw.terminate());
const failing = (code, message) => (error) => error instanceof LikewiseError && error.code === code && message.test(error.message);

test('every metric gives its vectors', async () => {
  assert.deepEqual(await disagreements(vectors(), lw), []);
});

test('dictionaries answer as they do on the main thread', async () => {
  const here = (await load()).Dictionary.fromText('move\nalumni\namni');
  const there = await lw.Dictionary.fromText('move\nalumni\namni');
  assert.equal(there.length, 3);
  assert.deepEqual(await there.suggest('almni'), here.suggest('almni'));
  assert.deepEqual(await there.search('almni', { limit: 2, metric: 'osa' }), here.search('almni', { limit: 2, metric: 'osa' }));
  assert.deepEqual(await there.searchMany(['mve', 'amn']), here.searchMany(['mve', 'amn']));
  assert.deepEqual(await there.within('amni', { distance: 2 }), here.within('amni', { distance: 2 }));
  assert.deepEqual([await there.at(1), await there.indexOf('amni'), await there.has('x'), await there.memory], ['alumni', 2, false, here.memory]);
  const again = await lw.Dictionary.load(await there.save());
  assert.equal(again.length, 3);
  assert.equal((await lw.Dictionary.from(['a\nb'])).length, 1);
});

test('bytes are copied, or moved where that is asked for', async () => {
  const bytes = new TextEncoder().encode('cat\nbat');
  assert.equal((await lw.Dictionary.fromText(bytes)).length, 2);
  assert.equal(bytes.length, 7);
  const moved = lw.Dictionary.fromText(bytes, { transfer: true, priority: [1, 0] });
  assert.equal(bytes.length, 0);
  assert.equal((await (await moved).suggest('hat')).choice, 'bat');
});

test('errors keep their code, and one spoils nothing', async () => {
  const d = await lw.Dictionary.fromText('cat');
  const [bad, good] = await Promise.allSettled([d.search('cat', { limit: -1 }), d.search('cat')]);
  assert.ok(failing('invalid-argument', /limit is -1/)(bad.reason));
  assert.equal(good.value[0].choice, 'cat');
  await assert.rejects(lw.Dictionary.load('x'), failing('invalid-dictionary', /not a saved/));
  d.dispose();
  d.dispose();
  await assert.rejects(d.suggest('cat'), failing('closed', /disposed/));
});

test('a worker that is ended fails what it has not answered', async () => {
  const brief = await spawn();
  const d = await brief.Dictionary.fromText('cat');
  const unanswered = d.suggest('cat');
  brief[Symbol.dispose]();
  await assert.rejects(unanswered, failing('closed', /ended/));
  await assert.rejects(brief.ratio('a', 'b'), failing('closed', /ended/));
});

/** Two texts whose distance takes many seconds. */
const long = ['ab'.repeat(400_000), 'bcd'.repeat(400_000)];

/** What a program of its own prints that has a worker. */
const run = (program) => {
  const begin = "import { spawn } from 'likewise/worker'; const lw = await spawn();";
  return String(execFileSync(process.execPath, ['--input-type=module', '-e', begin + program], { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 20_000 }));
};

test('an idle worker keeps no process alive', () => {
  assert.equal(run("console.log(await lw.ratio('a', 'a'));"), '100\n');
});

test('a dictionary and its worker may be ended in one go, as `using` does', () => {
  assert.equal(run("(await lw.Dictionary.fromText('cat')).dispose(); lw.terminate(); setTimeout(() => console.log('fine'), 100);"), 'fine\n');
});

test('a worker that dies fails what it has not answered, and all that follows', async () => {
  const threads = [];
  const note = (thread) => threads.push(thread);
  process.on('worker', note);
  const brief = await spawn();
  process.off('worker', note);
  const d = await brief.Dictionary.fromText('cat');
  const unanswered = [brief.distance('osa', ...long), d.suggest('cat')];
  await threads[0].terminate();
  for (const promise of [...unanswered, d.suggest('cat'), brief.Dictionary.fromText('bat')]) await assert.rejects(promise, failing('trap', /worker ended/));
  d.dispose();
  brief.terminate();
});

test('a comparison that takes too long is ended with its worker', async () => {
  const brief = await spawn();
  const started = performance.now();
  const unanswered = brief.distance('osa', ...long);
  setTimeout(() => brief.terminate(), 100);
  await assert.rejects(unanswered, failing('closed', /ended/));
  assert.ok(performance.now() - started < 5000);
});

test('what cannot be sent, or is no list, is a rejection that names it', async () => {
  const d = await lw.Dictionary.fromText('cat');
  const refused = [
    [() => lw.ratio('a', Symbol('s')), /Symbol\(s\)/],
    [() => d.suggest('a', { metric: () => {} }), /cannot be sent/],
    [() => d.suggest('a', null), /options is null/],
    [() => d.searchMany('cat'), /queries is "cat"/],
    [() => lw.Dictionary.from(5), /words is 5/],
    [() => lw.Dictionary.fromText(null, { transfer: true }), /is null/],
    [() => lw.Dictionary.fromText('a', { transfr: true }), /unknown option "transfr"/],
    [() => lw.Dictionary.load('a', { priority: [] }), /unknown option "priority"/],
    [() => spawn({ worker: 1 }), /unknown option "worker"/],
  ];
  for (const [action, message] of refused) await assert.rejects(action(), failing('invalid-argument', message));
  const shared = new Uint8Array(new SharedArrayBuffer(3)).fill(97);
  assert.equal((await lw.Dictionary.fromText(shared, { transfer: true })).length, 1);
  const moved = new TextEncoder().encode('cat');
  await lw.Dictionary.fromText(moved, { transfer: true });
  await assert.rejects(lw.Dictionary.fromText(moved, { transfer: true }), failing('invalid-argument', /transferred/));
  await assert.rejects(lw.Dictionary.fromText(moved), failing('invalid-argument', /transferred|detached/));
});
