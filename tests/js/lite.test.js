// likewise/lite: the answers of the full engine, synchronously, in few bytes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { load } from 'likewise';
import * as lite from 'likewise/lite';
import { disagreements, longestQueries, vectors } from './vectors.js';

const failing = (message) => (error) => error instanceof lite.LikewiseError && error.code === 'invalid-argument' && message.test(error.message);
const METRICS = ['indel', 'levenshtein', 'osa', 'hamming', 'lcs-seq', 'prefix', 'postfix', 'jaro', 'jaro-winkler', 'sorensen-dice'];

test('every metric that it has gives its vectors', async () => {
  const cases = vectors().filter(({ metric }) => METRICS.includes(metric));
  assert.ok(cases.length > 2000);
  assert.deepEqual(await disagreements(cases, lite), []);
  assert.equal(lite.ratio('almni', 'alumni').toFixed(3), '90.909');
});

test('a dictionary answers as the full one does, whatever the metric', async () => {
  // Words of all lengths, letters in and out of ASCII, equal scores in plenty; the same on every run.
  let seed = 1;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const letters = [...'aabcdeeimnorstéñ日本', '\u{1f600}'];
  const word = (longest) => Array.from({ length: 1 + random(longest) }, () => letters[random(letters.length)]).join('');
  const words = Array.from({ length: 3000 }, (_, i) => word(i % 50 ? 9 : 90));
  const priority = words.map(() => random(4));
  const text = words.join('\n');
  const full = (await load()).Dictionary.fromText(text, { priority });
  const small = lite.Dictionary.fromText(text, { priority });
  assert.equal(small.length, full.length);
  for (const metric of METRICS) {
    for (let i = 0; i < 60; i++) {
      const query = i % 3 ? word(i % 10 ? 8 : 80) : words[random(words.length)];
      const options = { metric, limit: 1 + random(8), scoreCutoff: [undefined, 0, 50, 80][random(4)] };
      const [found, expected] = [small.search(query, options), full.search(query, options)];
      const close = (match) => ({ ...match, score: match.score.toFixed(9) });
      assert.deepEqual(found.map(close), expected.map(close), `${metric} ${query} ${JSON.stringify(options)}`);
    }
  }
});

test('words and queries of every kind', () => {
  const d = lite.Dictionary.fromText(new TextEncoder().encode('\ufeff\n\nnaïve\r\n\r\nmöve'));
  assert.deepEqual([d.length, d.at(0), d.at(1), d.at(2), d.at(-1)], [2, 'naïve', 'möve', undefined, 'möve']);
  assert.equal(d.suggest('naive').choice, 'naïve');
  assert.equal(d.suggest('xyz'), undefined);
  assert.deepEqual(d.search('naive', { limit: 0 }), []);
  assert.deepEqual(d.search(''), []);
  assert.deepEqual(lite.Dictionary.fromText('').search('a'), []);
  assert.equal(lite.distance('levenshtein', '\ud800a', '\ufffda'), 1);
  d.dispose();
});

test('bad arguments are named', () => {
  assert.throws(() => lite.similarity('typo', 'a', 'b'), failing(/unknown metric "typo"; here are indel/));
  assert.throws(() => lite.ratio('a', 5), failing(/second string is 5/));
  assert.throws(() => lite.Dictionary.fromText('a\nb', { priority: [1] }), failing(/2 words and 1 priorities/));
});

test('a query that is too long is refused', () => {
  const d = lite.Dictionary.fromText('move\nalumni');
  for (const { metric, longest, message } of longestQueries().filter(({ metric }) => METRICS.includes(metric))) {
    assert.ok(d.search('\u{1f600}'.repeat(longest), { metric }).length <= 1);
    const refused = (error) => error.code === 'too-long' && error.message === message.replace('queries[1]', 'query');
    assert.throws(() => d.search('\u{1f600}'.repeat(longest + 1), { metric }), refused);
    assert.throws(() => d.suggest('a'.repeat(longest + 1), { metric }), refused);
  }
});

test('it is at most 15 KiB, compressed, all of it', () => {
  const code = readFileSync(fileURLToPath(import.meta.resolve('likewise/lite')));
  assert.doesNotMatch(code.toString(), /\bimport\b/);
  const size = brotliCompressSync(code).length;
  assert.ok(size <= 15 * 1024, `${size} bytes`);
});
