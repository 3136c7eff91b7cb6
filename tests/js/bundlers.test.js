// The packed package through what people build with: each bundle loads and answers, in Chromium or in Node.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { build as esbuild } from 'esbuild';
import { launch, openPage } from './browsers.js';
import { installPacked, serveFolder } from './files.js';
import { startServer } from './server.js';

const require = createRequire(import.meta.url);

// What somebody would write: all entries in one page.
const MAIN = `
import { load } from 'likewise';
import { spawn } from 'likewise/worker';
import { ratio } from 'likewise/lite';

async function main() {
  const lw = await load();
  const worker = await spawn();
  const d = await worker.Dictionary.fromText('move\\nalumni\\namni');
  const [site] = await lw.scrape([new URL('/page/3', location.href)]);
  document.title = [lw.ratio('a', 'a'), (await d.suggest('almni')).choice, ratio('a', 'b'), site.page.title].join(' ');
}
main().catch((error) => { document.title = 'failed: ' + error.stack; });
`;
const EXPECTED = '100 alumni 0 Page 3';
const HTML = (script) => `<!doctype html><title>waiting</title><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;

const packed = installPacked();
// Each test's project is a part of this one, as in a monorepo: Vite serves no files from outside.
writeFileSync(join(packed.folder, 'package.json'), JSON.stringify({ private: true, workspaces: ['*'] }));
const server = await startServer({ built: (response, rest) => serveFolder(packed.folder)(response, rest) });
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(async () => {
  await browser?.close();
  await server.close();
  packed.remove();
});

/** A project of its own beside node_modules. */
function project(name) {
  const root = join(packed.folder, name);
  mkdirSync(root);
  writeFileSync(join(root, 'main.js'), MAIN);
  writeFileSync(join(root, 'index.html'), HTML('./main.js'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name, private: true, type: 'module', dependencies: { likewise: '0.1.0' } }));
  return root;
}

async function answers(url) {
  const { page, complaints } = await openPage(browser);
  await page.goto(url);
  await page.waitForFunction(() => document.title !== 'waiting', undefined, { timeout: 30_000 });
  // A development server may load the page anew once it has found the dependencies.
  await page.waitForFunction((title) => document.title === title, EXPECTED, { timeout: 15_000 }).catch(() => {});
  assert.equal(await page.title(), EXPECTED);
  assert.deepEqual(complaints, []);
  await page.close();
}

for (const alias of ['vite', 'vite-7', 'vite-6']) {
  const { version } = require(`${alias}/package.json`);

  test(`Vite ${version}, build`, async () => {
    const vite = await import(alias);
    const root = project(`${alias}-build`);
    await vite.build({ root, base: './', logLevel: 'error', configFile: false });
    await answers(`${server.base}/built/${alias}-build/dist/index.html`);
  });

  test(`Vite ${version}, development server`, async () => {
    const vite = await import(alias);
    const root = project(`${alias}-dev`);
    const dev = await vite.createServer({
      root, logLevel: 'error', configFile: false,
      server: { host: '127.0.0.1', port: 0, proxy: { '/page': server.base } },
    });
    try {
      await dev.listen();
      await answers(dev.resolvedUrls.local[0]);
    } finally {
      await dev.close();
    }
  });
}

test('webpack 5', async () => {
  const { default: webpack } = await import('webpack');
  const root = project('webpack');
  const stats = await new Promise((resolve, reject) =>
    webpack(
      { context: root, mode: 'production', entry: './main.js', output: { path: join(root, 'dist'), filename: 'main.js' }, performance: { hints: false } },
      (error, stats) => (error ? reject(error) : resolve(stats)),
    ),
  );
  assert.deepEqual([...stats.compilation.errors, ...stats.compilation.warnings].map(String), []);
  writeFileSync(join(root, 'dist', 'index.html'), HTML('./main.js'));
  await answers(`${server.base}/built/webpack/dist/index.html`);
});

for (const splitting of [true, false]) {
  test(`esbuild, ${splitting ? 'splitting' : 'one file'}`, async () => {
    const root = project(`esbuild-${splitting}`);
    const { warnings } = await esbuild({ entryPoints: [join(root, 'main.js')], outdir: join(root, 'dist'), bundle: true, format: 'esm', splitting, minify: true, logLevel: 'silent' });
    assert.deepEqual(warnings, []);
    writeFileSync(join(root, 'dist', 'index.html'), HTML('./main.js'));
    const { page, complaints } = await openPage(browser);
    await page.goto(`${server.base}/built/esbuild-${splitting}/dist/index.html`);
    await page.waitForFunction(() => document.title !== 'waiting', undefined, { timeout: 30_000 });
    assert.equal(await page.title(), EXPECTED);
    // esbuild leaves the file behind, so it is asked for once in vain.
    assert.deepEqual(complaints.filter((text) => !/404/.test(text)), []);
    await page.close();
  });
}

// Browsers without a bundler are in browser.test.js.

const NODE_MAIN = `
import { load } from 'likewise';
import { spawn } from 'likewise/worker';
import { ratio } from 'likewise/lite';
const lw = await load();
const worker = await spawn();
const [site] = await lw.scrape([process.argv[2]]);
console.log([lw.ratio('a', 'a'), await worker.ratio('a', 'a'), ratio('a', 'b'), site.page.title].join(' '));
`;
// Not execFileSync: the server answers on this very thread.
const run = async (path) => (await promisify(execFile)(process.execPath, [path, `${server.base}/page/3`], { timeout: 30_000 })).stdout.trim();

test('Node, as it is and bundled', async () => {
  const root = project('node');
  writeFileSync(join(root, 'node.js'), NODE_MAIN);
  assert.equal(await run(join(root, 'node.js')), '100 100 0 Page 3');
  // Bundled to elsewhere, the package's files are out of reach.
  const outfile = join(root, 'bundled', 'node.js');
  await esbuild({ entryPoints: [join(root, 'node.js')], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
  assert.equal(await run(outfile), '100 100 0 Page 3');
});
