// Builds dist/ from a component: `node scripts/build.js [COMPONENT]`, by default ../dist/likewise.component.wasm.

import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { buildLite } from './lite.js';
import { contractTypes, transpile } from './transpile.js';

const HOST = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const GENERATED = join(HOST, 'src', 'generated');
const DIST = join(HOST, 'dist');

async function component() {
  const path = resolve(process.argv[2] ?? process.env.LIKEWISE_COMPONENT ?? join(HOST, '..', 'dist', 'likewise.component.wasm'));
  try {
    return await readFile(path);
  } catch (error) {
    const name = relative(process.cwd(), path);
    throw new Error(`${name} cannot be read; build it with ./just build, or name another: node scripts/build.js COMPONENT`, { cause: error });
  }
}

/** Files that TypeScript sees: types of the glue and of the contract. */
async function writeTypes(types) {
  await rm(GENERATED, { recursive: true, force: true });
  await mkdir(join(GENERATED, 'interfaces'), { recursive: true });
  for (const [name, text] of Object.entries(types)) await writeFile(join(GENERATED, name), text);
  const glue = `import type { Engine, ImportObject } from './engine.js';
export function instantiate(
  getCoreModule: (name: string) => WebAssembly.Module,
  imports: { 'likewise:engine/transport': ImportObject['likewise:engine/transport@0.1.0'] },
): Promise<Engine>;
`;
  await writeFile(join(GENERATED, 'glue-plain.d.ts'), glue);
  // With JSPI the import may wait, and `next` then gives a promise.
  await writeFile(
    join(GENERATED, 'glue-jspi.d.ts'),
    `import type { Engine } from './engine.js';
import type { Completion, Request } from './interfaces/likewise-engine-transport.js';
export function instantiate(
  getCoreModule: (name: string) => WebAssembly.Module,
  imports: { 'likewise:engine/transport': { exchange(submit: Request[], wait: boolean): Promise<Completion[]> } },
): Promise<Engine>;
`,
  );
  await writeFile(
    join(GENERATED, 'manifest.d.ts'),
    `/** Where a core module lies within the component. */
export type Core = { offset: number; length: number };
export const manifest: { sha256: string; size: number; cores: Record<string, Core> };
`,
  );
  await writeFile(
    join(GENERATED, 'lite.d.ts'),
    `export function compare(metric: number, far: boolean, a: string, b: string): number;
export function longestQuery(metric: number): number;
export class Index {
  constructor(text: string, priorities: Uint8Array);
  count(): number;
  get(index: number): string;
  search(query: string, limit: number, metric: number, cutoff: number): Float64Array;
  free(): void;
}
export function initSync(options: { module: WebAssembly.Module }): unknown;
`,
  );
  await writeFile(join(GENERATED, 'lite-module.d.ts'), '/** The module, a character for each byte, moved up by `shift` (modulo 256). */\nexport const bytes: string;\nexport const shift: number;\n');
  await writeFile(join(GENERATED, 'inline.d.ts'), '/** The component, gzipped, in base64. */\nexport const component: string;\n');
  await writeFile(join(GENERATED, 'worker-source.d.ts'), '/** The worker as one classic script. */\nexport const source: string;\n');
  await writeFile(join(GENERATED, 'worker-source.node.d.ts'), '/** The worker as one CommonJS script. */\nexport const source: string;\n');
}

/** The worker as one script, to be carried as a string. */
async function bundleWorker(platform) {
  const { outputFiles } = await build({
    entryPoints: [join(DIST, 'worker', `script.${platform}.js`)],
    bundle: true,
    write: false,
    minify: true,
    legalComments: 'none',
    ...(platform === 'node' ? { platform: 'node', format: 'cjs', target: 'node20' } : { format: 'iife', target: 'es2022' }),
  });
  return outputFiles[0].text;
}

/** The lite entry as one file, of which nothing is left that it does not use. */
async function bundleLite() {
  await build({
    entryPoints: [join(DIST, 'lite', 'index.js')],
    outfile: join(DIST, 'lite', 'index.js'),
    allowOverwrite: true,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  await rm(join(output, 'lite.js'));
  await rm(join(output, 'lite-module.js'));
}

const bytes = await component();
const { glue, manifest } = await transpile(bytes);
const types = await contractTypes(join(HOST, '..', 'wit'));
await writeTypes(types);

await rm(DIST, { recursive: true, force: true });
const output = join(DIST, 'generated');
await mkdir(join(output, 'interfaces'), { recursive: true });
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', join(HOST, 'tsconfig.json')], { stdio: 'inherit' });
await cp(GENERATED, output, { recursive: true });

const minified = async (text) => (await transform(text, { format: 'esm', minify: true, target: 'es2022' })).code;
for (const [variant, text] of Object.entries(glue)) await writeFile(join(output, `glue-${variant}.js`), await minified(text));
await writeFile(join(output, 'manifest.js'), `export const manifest = ${JSON.stringify(manifest, null, 1)};\n`);
const inline = gzipSync(bytes, { level: 9 }).toString('base64');
await writeFile(join(output, 'inline.js'), `export const component = ${JSON.stringify(inline)};\n`);
await writeFile(join(DIST, 'likewise.component.wasm'), Buffer.from(bytes));
for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT']) await cp(join(HOST, '..', licence), join(DIST, licence));

await buildLite(output);
await bundleLite();
const browser = await bundleWorker('browser');
await writeFile(join(DIST, 'worker-script.js'), browser);
await writeFile(join(output, 'worker-source.js'), `export const source = ${JSON.stringify(browser)};\n`);
await writeFile(join(output, 'worker-source.node.js'), `export const source = ${JSON.stringify(await bundleWorker('node'))};\n`);
console.log(`likewise ${manifest.sha256.slice(0, 12)}: ${(bytes.length / 1024).toFixed(0)} KB component, glue ${((await readFile(join(output, 'glue-plain.js'))).length / 1024).toFixed(0)} KB`);
