// The JavaScript of the documentation runs, and shows what comes out.
//
// A page's blocks are one module, from top to bottom. A comment after an expression that is a line of its own is its value as Node shows it, with "…" for
// what is left out, or "Name: message" of the error that it throws. The page's port 8000 is a free one, where a small site answers.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { inspect } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const output = fileURLToPath(new URL('output/docs/', import.meta.url));

const pages = ['README.md', 'host-js/README.md', ...readdirSync(`${root}docs`, { recursive: true }).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, code: blocksOf(readFileSync(root + name, 'utf8')) }))
  .filter(({ code }) => code);

/** The blocks of a page as one program, each line where it is on the page. */
function blocksOf(text) {
  let inside = false;
  let any = false;
  const lines = text.split('\n').map((line) => {
    const fence = line.startsWith('```');
    if (fence) inside = !inside && line.trim() === '```js';
    any ||= inside;
    return inside && !fence ? line : '';
  });
  return any ? lines.join('\n') : '';
}

/** Each shown value becomes a comparison. */
function compared(code) {
  const expression = /^(\s*)(?!const |let |import |for |if |return |export |\/\/)(\S.*?);\s*\/\/ (.+)$/;
  return code.split('\n').map((line, i) => {
    const [, indent, source, shown] = expression.exec(line) ?? [];
    return source === undefined ? line : `${indent}await __shown__(async () => (${source}), ${JSON.stringify(shown)}, ${i + 1});`;
  }).join('\n');
}

function alike(shown, found) {
  const parts = shown.replaceAll('...', '…').split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return new RegExp(`^${parts.join('[^]*?')}$`).test(found.replace(/\s+/g, ' ').trim());
}

const small = createServer((request, response) => {
  const there = request.url === '/';
  response.writeHead(there ? 200 : 404, { 'content-type': 'text/html' });
  response.end(there ? '<!doctype html><title>Home</title>' : 'not here');
});

test('documentation', async (t) => {
  assert.ok(pages.some(({ name }) => name === 'docs/javascript.md'));
  mkdirSync(output, { recursive: true });
  await new Promise((ready) => small.listen(0, '127.0.0.1', ready));
  t.after(() => small.close());
  for (const { name, code } of pages) {
    await t.test(name, async () => {
      let seen = 0;
      globalThis.__shown__ = async (ask, shown, line) => {
        seen += 1;
        const found = await ask().then((value) => inspect(value, { depth: 6, breakLength: Infinity }), (error) => `${error.name}: ${error.message}`);
        assert.ok(alike(shown, found), `${name}:${line}\n  the page shows: ${shown}\n  what came out:  ${found}`);
      };
      const file = `${output}${name.replaceAll('/', '-')}.mjs`;
      writeFileSync(file, compared(code).replaceAll(/\b8000\b/g, small.address().port));
      await import(pathToFileURL(file));
      assert.ok(seen > 0, `${name} shows no result`);
    });
  }
});
