// Builds the lite module: guest/lite as one JavaScript file that carries its wasm as text, so that it is there at once.

import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..', '..');
const run = (command, args, env = {}) =>
  execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });

// A panic here ends in a trap with no words, and the standard library is built for size: together they halve the module. Both
// are options of cargo and rustc that are not stable yet, which this variable lets the pinned toolchain take.
const SMALL = { RUSTC_BOOTSTRAP: '1', RUSTFLAGS: '-Zunstable-options -Cpanic=immediate-abort' };
const FEATURES = ['bulk-memory', 'bulk-memory-opt', 'nontrapping-float-to-int', 'sign-ext', 'mutable-globals', 'multivalue', 'reference-types'];

// Added to each byte, modulo 256: a module is full of small numbers, which a literal would have to escape. Of all, this one compresses best.
const SHIFT = 42;

// What is left out of wasm-bindgen's glue, each at exactly one place: ways that are not taken here, and engines too old for the module.
const OMISSIONS = [
  /    if \(realloc === undefined\) \{[^]*?return ptr;\n    \}\n/,
  /if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?\n\}\n/,
  /        \} else \{\n            console\.warn\('using deprecated parameters for `initSync[^\n]*\n/,
  /    if \(!\(module instanceof WebAssembly\.Module\)\) \{\n        module = new WebAssembly\.Module\(module\);\n    \}\n/,
];

function slim(glue) {
  for (const pattern of OMISSIONS) {
    if (glue.split(pattern).length !== 2) throw new Error(`wasm-bindgen's glue has changed: ${pattern} is not found exactly once`);
    glue = glue.replace(pattern, '');
  }
  return glue;
}

/** Bytes as a string literal, one character each: compressed it is hardly longer than the bytes, base64 a quarter. */
function literal(bytes) {
  const escapes = { '\\': '\\\\', "'": "\\'", '\r': '\\r', '\n': '\\n', '\0': '\\x00' };
  return `'${Buffer.from(bytes.map((byte) => byte + SHIFT)).toString('latin1').replace(/[\\'\r\n\0]/g, (character) => escapes[character])}'`;
}

/** Write wasm-bindgen's glue and the module as text into a folder. */
export async function buildLite(folder) {
  run('sh', ['host-js/scripts/tools.sh']);
  const target = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'lite');
  const std = ['-Zbuild-std=std', '-Zbuild-std-features=optimize_for_size'];
  run('cargo', ['build', '--quiet', '--locked', '-p', 'likewise-lite', '--profile', 'lite', '--target', 'wasm32-unknown-unknown', ...std], {
    ...SMALL,
    CARGO_TARGET_DIR: target,
  });
  const work = await mkdtemp(join(tmpdir(), 'likewise-lite-'));
  try {
    const core = join(target, 'wasm32-unknown-unknown', 'lite', 'likewise_lite.wasm');
    run('.venv/cargo/bin/wasm-bindgen', ['--target', 'web', '--out-dir', work, '--out-name', 'lite', core]);
    const wasmOpt = join(dirname(createRequire(import.meta.url).resolve('binaryen/package.json')), 'bin', 'wasm-opt');
    const small = join(work, 'small.wasm');
    const strip = ['--strip-debug', '--strip-producers', '--strip-target-features'];
    run(process.execPath, [wasmOpt, '-Oz', '--converge', ...strip, ...FEATURES.map((name) => `--enable-${name}`), join(work, 'lite_bg.wasm'), '-o', small]);
    await writeFile(join(folder, 'lite.js'), slim(await readFile(join(work, 'lite.js'), 'utf8')));
    await writeFile(join(folder, 'lite-module.js'), `export const shift = ${SHIFT};\nexport const bytes = ${literal(await readFile(small))};\n`);
  } finally {
    await rm(work, { recursive: true });
  }
}
