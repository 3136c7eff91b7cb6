// load(): metrics, dictionaries, errors, and what becomes of memory.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dictionary, LikewiseError, load, METRICS } from 'likewise';
import { disagreements, longestQueries, vectors } from './vectors.js';

const lw = await load();
const failing = (code, message) => (error) => error instanceof LikewiseError && error.code === code && message.test(error.message);

test('every metric gives its vectors', async () => {
  const cases = vectors();
  assert.ok(cases.length > 2000, `${cases.length} cases`);
  assert.deepEqual(await disagreements(cases, lw), []);
});

test('ratio is indel similarity in percent', () => {
  const { ratio } = lw;
  assert.equal(ratio('move', 'move'), 100);
  assert.ok(Math.abs(ratio('almni', 'alumni') - 1000 / 11) < 1e-9);
});

test('lone surrogates are compared as what they are', () => {
  assert.equal(lw.distance('levenshtein', '\ud800a', '\udfffa'), 1);
  assert.equal(lw.distance('levenshtein', '\ud800a', '\ud800a'), 0);
  assert.equal(lw.distance('levenshtein', '\ud800a', '\ufffda'), 1);
  assert.equal(lw.distance('levenshtein', '\ud800', '\u{10ffff}'), 1);
  const d = lw.Dictionary.fromText('a\ufffd\nab');
  assert.equal(d.suggest('a\ud800').score, 50);
  assert.equal(d.indexOf('a\ud800'), -1);
});

test('a dictionary finds, lists and answers for its words', () => {
  const d = lw.Dictionary.fromText('move\nalumni\namni\n');
  assert.equal(d.length, 3);
  assert.deepEqual([...d], ['move', 'alumni', 'amni']);
  const best = d.suggest('almni', { metric: 'indel' });
  assert.deepEqual([best.choice, best.index], ['alumni', 1]);
  assert.ok(Math.abs(best.score - 1000 / 11) < 1e-9);
  assert.deepEqual(d.search('almni', { limit: 2 }).map(({ choice }) => choice), ['alumni', 'amni']);
  assert.deepEqual(d.searchMany(['almni', 'mve'], { limit: 2 }), [d.search('almni', { limit: 2 }), d.search('mve', { limit: 2 })]);
  assert.deepEqual(d.searchMany(['', 'mve']), [[], d.search('mve', { limit: 1 })]);
  assert.deepEqual(d.within('move', { distance: 1 }).map(({ choice }) => choice), ['move']);
  assert.equal(d.suggest('xyz'), undefined);
  assert.equal(d.suggest('almni', { scoreCutoff: 95 }), undefined);
  assert.deepEqual([d.at(0), d.at(-1), d.at(3), d.at(-4)], ['move', 'amni', undefined, undefined]);
  assert.deepEqual([d.indexOf('amni'), d.indexOf('amn'), d.has('move')], [2, -1, true]);
  assert.ok(d.memory > 0);
});

test('words come as UTF-8, with Windows line ends, with a mark at the start, with line ends within', () => {
  const bytes = new TextEncoder().encode('\ufeff\r\nnaïve\r\n\r\n\nmöve');
  assert.deepEqual([...lw.Dictionary.fromText(bytes)], ['naïve', 'möve']);
  assert.deepEqual([...lw.Dictionary.fromText(bytes.buffer)], ['naïve', 'möve']);
  const words = ['two\nlines', '', 'nul\0', '\ufeffmark', ''];
  assert.deepEqual([...lw.Dictionary.from(words)], words);
});

test('priorities decide between equal scores', () => {
  assert.equal(lw.Dictionary.fromText('cat\nbat', { priority: [3, 1] }).suggest('hat').choice, 'bat');
  assert.throws(() => lw.Dictionary.fromText('cat\nbat', { priority: [3] }), failing('invalid-argument', /2 words|priorit/));
  assert.throws(() => lw.Dictionary.fromText('cat', { priority: [256] }), failing('invalid-argument', /priority\[0\] is 256/));
});

test('a saved dictionary comes back, and damage is told', () => {
  const d = lw.Dictionary.fromText('cat\nbat', { priority: [3, 1] });
  const again = lw.Dictionary.load(d.save());
  assert.deepEqual([...again], ['cat', 'bat']);
  assert.equal(again.suggest('hat').choice, 'bat');
  assert.throws(() => lw.Dictionary.load('cat\nbat'), failing('invalid-dictionary', /not a saved dictionary/));
});

test('bad arguments are named', () => {
  const d = lw.Dictionary.fromText('cat');
  assert.throws(() => lw.similarity('cosine', 'a', 'b'), failing('invalid-argument', /"cosine".*known are indel, levenshtein/));
  assert.throws(() => lw.ratio('a', 5), failing('invalid-argument', /second string is 5/));
  assert.throws(() => d.search('a', { limit: -1 }), failing('invalid-argument', /limit is -1/));
  assert.throws(() => d.search('a', { limit: 2 ** 32 }), failing('invalid-argument', /limit is 4294967296/));
  assert.throws(() => d.search('a', { scoreCutoff: 101 }), failing('invalid-argument', /scoreCutoff is 101/));
  assert.throws(() => d.within('a', { distance: 1, metric: 'jaro' }), failing('invalid-argument', /jaro/));
  assert.throws(() => lw.Dictionary.fromText(new Uint8Array([0x61, 0xff])), failing('invalid-text', /not UTF-8/));
  assert.throws(() => lw.Dictionary.fromText('a\ud800'), failing('invalid-text', /position 1/));
  assert.throws(() => lw.Dictionary.fromText(5), failing('invalid-argument', /text is 5/));
  assert.throws(() => lw.Dictionary.from(['a', 7]), failing('invalid-argument', /word 1 is 7/));
});

test('a query that is too long is refused, whatever the metric and the search', () => {
  const d = lw.Dictionary.fromText('move\nalumni');
  const cases = longestQueries();
  assert.equal(cases.length, METRICS.length);
  for (const { metric, longest, message } of cases) {
    // Code points count, and not UTF-16 units.
    for (const letter of ['a', '\u{1f600}']) {
      assert.ok(d.search(letter.repeat(longest), { metric }).length <= 1);
      const query = letter.repeat(longest + 1);
      const refused = (text) => (error) => error instanceof LikewiseError && error.code === 'too-long' && error.message === text;
      const one = message.replace('queries[1]', 'query');
      assert.throws(() => d.suggest(query, { metric }), refused(one));
      assert.throws(() => d.search(query, { metric }), refused(one));
      assert.throws(() => d.searchMany(['move', query], { metric }), refused(message));
      if (!['jaro', 'jaro-winkler', 'sorensen-dice', 'typo'].includes(metric)) {
        assert.throws(() => d.within(query, { metric, distance: 1 }), refused(one));
      }
    }
  }
  assert.throws(() => d.within('move', { metric: 'jaro', distance: 1 }), failing('invalid-argument', /jaro does not count edits/));
});

test('a dictionary is used until it is disposed of', () => {
  let kept;
  {
    const d = lw.Dictionary.fromText('cat');
    kept = d;
    assert.equal(typeof d[Symbol.dispose], 'function');
    d[Symbol.dispose]();
    d.dispose();
  }
  assert.ok(kept instanceof Dictionary);
  assert.throws(() => kept.suggest('cat'), failing('closed', /disposed/));
});

test('another component than the one meant is refused', async () => {
  await assert.rejects(load({ component: new TextEncoder().encode('<!doctype html>') }), failing('load', /not WebAssembly/));
  await assert.rejects(load({ component: new Uint8Array([0, 0x61, 0x73, 0x6d, 13, 0, 1, 0]) }), failing('load', /imports \[\] and exports \[\]/));
  await assert.rejects(load({ component: 'http://127.0.0.1:9/likewise.component.wasm' }), failing('load', /cannot be fetched from http/));
  await assert.rejects(load({ component: 5 }), failing('invalid-argument', /component is 5/));
});

test('instances share nothing', async () => {
  const [one, other] = await Promise.all([load(), load()]);
  const words = one.Dictionary.fromText('cat');
  words.dispose();
  assert.equal(other.Dictionary.fromText('bat').at(0), 'bat');
});
