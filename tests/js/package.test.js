// The package's promises about itself: the component in it is the one in the wheel, and its glue is what jco makes of that.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { transform } from 'esbuild';
import { load } from 'likewise';
import { transpile } from '../../host-js/scripts/transpile.js';

const root = new URL('../../', import.meta.url);
const packaged = readFileSync(fileURLToPath(import.meta.resolve('likewise/component.wasm')));
const generated = async (name) => import(new URL(`host-js/dist/generated/${name}`, root));

/** A file out of a zip archive, by how its name ends. */
function unzip(archive, ending) {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  assert.ok(end > 0, 'not a zip archive');
  let entry = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(entry) === 0x02014b50) {
    const [method, size] = [archive.readUInt16LE(entry + 10), archive.readUInt32LE(entry + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(entry + offset));
    if (archive.toString('utf8', entry + 46, entry + 46 + name).endsWith(ending)) {
      const local = archive.readUInt32LE(entry + 42);
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const data = archive.subarray(start, start + size);
      return method === 8 ? inflateRawSync(data) : data;
    }
    entry += 46 + name + extra + comment;
  }
  throw new Error(`no ${ending} in the archive`);
}

function wheelsComponent() {
  const dist = new URL('dist/', root);
  const wheel = readdirSync(dist).find((name) => /^likewise-.*\.whl$/.test(name));
  assert.ok(wheel, 'no wheel in dist/: run ./just build first');
  return unzip(readFileSync(new URL(wheel, dist)), '/likewise.component.wasm');
}

test("the wheel's component, transpiled again, gives this package", async () => {
  const component = wheelsComponent();
  const { glue, manifest } = await transpile(component);
  assert.equal(manifest.sha256, createHash('sha256').update(packaged).digest('hex'));
  assert.deepEqual((await generated('manifest.js')).manifest, manifest);
  for (const [variant, text] of Object.entries(glue)) {
    const name = `glue-${variant}.js`;
    const { code } = await transform(text, { format: 'esm', minify: true, target: 'es2022' });
    assert.ok(readFileSync(new URL(`host-js/dist/generated/${name}`, root), 'utf8') === code, `${name} differs: build host-js again`);
  }
});

test('the component is there as a file, as text and by its digest', async () => {
  const { component } = await generated('inline.js');
  assert.ok(gunzipSync(Buffer.from(component, 'base64')).equals(packaged));
  assert.equal((await load()).sha256, createHash('sha256').update(packaged).digest('hex'));
});

test('types carry the documentation of the contract', () => {
  const types = readFileSync(new URL('host-js/dist/generated/interfaces/likewise-engine-dictionary.d.ts', root), 'utf8');
  assert.match(types, /Normalised similarity in percent, 0\.0 to 100\.0\./);
});

test('nothing runs at installation, nothing is depended on, nothing waits at the top level', () => {
  const description = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('likewise/package.json'))));
  assert.equal(description.dependencies, undefined);
  assert.deepEqual(Object.keys(description.scripts).filter((name) => /install|prepare/.test(name)), []);
  const dist = new URL('host-js/dist/', root);
  const code = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'));
  assert.ok(code.length > 20);
  for (const name of code) {
    const text = readFileSync(new URL(name, dist), 'utf8');
    assert.doesNotMatch(text, /^(const .*= |export .*= )?await /m, name);
    assert.doesNotMatch(text, /preview2-shim|new Function\(|\beval\(/, name);
  }
});
