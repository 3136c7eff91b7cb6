// What users will type, and what they will not, as the compiler sees the packed package: strict, with the types of browsers or those of Node.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { installPacked } from './files.js';

const packed = installPacked();
after(() => packed.remove());

const USE = `
import { load, FetchError, LikewiseError, type Likewise, type Match, type Metric, type Site } from 'likewise';
import { spawn, type RemoteDictionary } from 'likewise/worker';
import { Dictionary as Small, ratio } from 'likewise/lite';

const metric: Metric = 'jaro-winkler';
const lw: Likewise = await load();
const percent: number = lw.ratio('a', 'b');
const d = lw.Dictionary.fromText(new Uint8Array(), { priority: [1] });
const best: Match | undefined = d.suggest('a', { metric, scoreCutoff: 50 });
const matches: Match[] = d.search('a', { limit: 5 });
const many: Match[][] = d.searchMany(['a'], { limit: 2 });
{
  using words = lw.Dictionary.from(new Set(['a']));
  const list: string[] = [...words];
}
const controller = new AbortController();
const sites: Site[] = await lw.scrape(['https://example.com/', new URL('https://example.com/')], { concurrency: 4, signal: controller.signal });
for await (const site of lw.scrapeIter([], { allow: (url) => url.protocol === 'https:' })) {
  const title: string | undefined = site.page?.title;
  if (site.error instanceof FetchError && site.error.kind === 'timeout') console.log(site.error.url, title);
}
const worker = await spawn();
const remote: RemoteDictionary = await worker.Dictionary.fromText('a', { transfer: true });
const found: Match[] = await remote.search('a');
const small: string | undefined = Small.fromText('a').suggest('a', { metric: 'osa' })?.choice;
const error: LikewiseError = new LikewiseError('closed', 'x');

// @ts-expect-error no such metric
lw.similarity('cosine', 'a', 'b');
// @ts-expect-error not a string
lw.ratio('a', 5);
// @ts-expect-error a list of URLs
lw.scrape(5);
// @ts-expect-error not in lite
Small.fromText('a').search('a', { metric: 'typo' });
// @ts-expect-error a promise
const now: Match[] = remote.search('a');
console.log(percent, best, matches, many, sites, found, small, error, ratio('a', 'b'), now);
`;

const require = createRequire(import.meta.url);
const NODE_TYPES = dirname(dirname(require.resolve('@types/node/package.json')));

function compile(name, text, ...options) {
  const source = join(packed.folder, name);
  writeFileSync(source, text);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  try {
    execFileSync(process.execPath, [tsc, '--strict', '--noEmit', '--target', 'es2022', ...options, source], { cwd: packed.folder });
  } catch (error) {
    assert.fail(String(error.stdout));
  }
}

for (const resolution of ['bundler', 'nodenext']) {
  test(`types, resolved as ${resolution}`, () => {
    const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
    compile('use.mts', USE, '--lib', 'es2022,dom,dom.iterable', '--types', '', '--module', module, '--moduleResolution', resolution);
  });
}

test('types of a program for Node, which knows no browser', () => {
  compile('use.mts', USE, '--lib', 'es2022', '--types', 'node', '--typeRoots', NODE_TYPES, '--module', 'nodenext');
});

test('types of a CommonJS module, which may require this one', () => {
  const use = "import { load, type Likewise } from 'likewise';\nload().then((lw: Likewise) => console.log(lw.ratio('a', 'b')));\n";
  compile('use.cts', use, '--lib', 'es2022', '--types', 'node', '--typeRoots', NODE_TYPES, '--module', 'nodenext');
});
