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

test('an idle worker keeps no process alive', () => {
  const program = "import { spawn } from 'likewise/worker'; const lw = await spawn(); console.log(await lw.ratio('a', 'a'));";
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 20_000 });
  assert.equal(String(output), '100\n');
});
