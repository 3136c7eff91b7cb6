// A component becomes JavaScript: jco's glue in two variants, and where to find each core module.
//
// Where the engine can suspend a call, fetching takes the variant "jspi"; all else takes "plain", which runs everywhere.
//
// The core modules lie verbatim within the component, so the package ships the component itself and cuts them out when it loads.
//
// jco-transpile stays at 0.1.1 until a later one passes the tests: with 0.13 to 0.15 the JSPI variant is not JavaScript
// (`await` in constructors), every export turns asynchronous, and an instance takes 22 ms instead of 1.

import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { generateHostTypes, transpileBytes } from '@bytecodealliance/jco-transpile';

/** The one function that waits, and the one that it waits in. */
const WAITS = {
  asyncMode: 'jspi',
  asyncImports: ['likewise:engine/transport@0.1.0#exchange'],
  asyncExports: ['likewise:engine/scraper@0.1.0#[method]session.next'],
};

/** What is changed in jco's output, each at exactly one place, or wherever it stands (`g`). */
const AMENDMENTS = [
  // Tracing costs an object per call even when it is off.
  [/const _debugLog = \(\.\.\.args\) => \{\n.*\n.*\n\}/, 'function _debugLog() {}'],
  // Core modules are always given; left in, this makes bundlers look for files.
  [/if \(!getCoreModule\) getCoreModule = .*\n/, ''],
  [/async function fetchCompile \(url\) \{[^]*?\n\}\n/, ''],
  // The garbage collector would have it call an instance that has stopped, and throw where nobody can catch it: the package frees what is forgotten.
  [/function finalizationRegistryCreate \(unregister\) \{[^]*?\n\}\n/, 'function finalizationRegistryCreate() {\n  return { register() {}, unregister() {} };\n}\n'],
  // A handle's flag and the guest's address share 32 bits. Bit 30 of the address is in use from 1 GiB on; halved, for all are even, each has its own.
  [/const T_FLAG = 1 << 30;/, 'const T_FLAG = 1 << 31;'],
  [/rep \| T_FLAG/g, 'rep >>> 1 | T_FLAG'],
  [/(handleTable\d+\[\(\w+ << 1\) \+ 1\]|\bval) & ~T_FLAG/g, (_, kept) => `((${kept} & ~T_FLAG) << 1)`],
  // A decoder drops a leading U+FEFF unless told not to; a string from the guest is not a file.
  [/new TextDecoder\(\)/, "new TextDecoder('utf-8', { ignoreBOM: true })"],
  // Words are short and mostly ASCII: writing them directly makes a call three times as fast as TextEncoder does (bench/js). Pages
  // are written in place, where they are ASCII; from the first other character on they take a second piece.
  [
    /let buf = utf8Encoder\.encode\(s\);\n\s*let ptr = realloc\(0, 0, 1, buf\.length\);\n\s*new Uint8Array\(memory\.buffer\)\.set\(buf, ptr\);\n\s*utf8EncodedLen = buf\.length;/,
    `const reserved = s.length;
    let ptr = realloc(0, 0, 1, reserved);
    const bytes = new Uint8Array(memory.buffer, ptr, reserved);
    let read = 0;
    let written = 0;
    if (reserved <= 64) {
      for (let c; read < reserved && (c = s.charCodeAt(read)) < 0x80; read++) bytes[read] = c;
      written = read;
    } else {
      ({ read, written } = utf8Encoder.encodeInto(s, bytes));
    }
    if (read < reserved) {
      const rest = utf8Encoder.encode(s.slice(read));
      ptr = realloc(ptr, reserved, 1, written + rest.length);
      new Uint8Array(memory.buffer).set(rest, ptr + written);
      written += rest.length;
    }
    utf8EncodedLen = written;`,
  ],
];

function amend(glue) {
  for (const [pattern, replacement] of AMENDMENTS) {
    const places = glue.match(new RegExp(pattern, 'g'))?.length ?? 0;
    if (places !== 1 && !(pattern.global && places > 1)) throw new Error(`jco's output has changed: ${pattern} is found at ${places} places`);
    glue = glue.replace(pattern, typeof replacement === 'string' ? () => replacement : replacement);
  }
  return glue;
}

/** Glue and manifest of a component. The same bytes always give the same result. */
export async function transpile(component) {
  component = Buffer.from(component);
  const options = { name: 'likewise', instantiation: 'async', emitTypescriptDeclarations: false };
  const plain = await transpileBytes(component, options);
  const jspi = await transpileBytes(component, { ...options, ...WAITS });

  const cores = {};
  for (const [name, data] of Object.entries(plain.files)) {
    if (!name.endsWith('.wasm')) continue;
    const bytes = Buffer.from(data);
    if (!bytes.equals(Buffer.from(jspi.files[name]))) throw new Error(`${name} differs between the variants of the glue`);
    const offset = component.indexOf(bytes);
    if (offset < 0) throw new Error(`${name} is not within the component`);
    cores[name] = { offset, length: bytes.length };
  }
  const text = (result) => amend(Buffer.from(result.files['likewise.js']).toString());
  return {
    glue: { plain: text(plain), jspi: text(jspi) },
    manifest: {
      sha256: createHash('sha256').update(component).digest('hex'),
      size: component.length,
      cores,
    },
  };
}

/** Type declarations of the contract with its documentation, by file name. */
export async function contractTypes(wit) {
  const files = await generateHostTypes(wit, { name: 'engine', worldName: 'engine', instantiation: 'async' });
  const entries = files instanceof Array ? files : Object.entries(files);
  return Object.fromEntries(entries.map(([name, data]) => [name, typeof data === 'string' ? data : Buffer.from(data).toString()]));
}
