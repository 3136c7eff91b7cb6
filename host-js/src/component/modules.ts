// From the component's bytes to compiled core modules, once it is certain that they are the right ones.

import { LikewiseError } from '../errors.js';
import { manifest, type Core } from '../generated/manifest.js';
import { isWasm, surface } from './surface.js';

declare global {
  // Programs for Node need not have the types of browsers, where these are; with them, this adds nothing.
  namespace WebAssembly {
    interface Module {}
    interface Instance {}
  }
}

/** Compiled core modules by the names that the glue uses. They may be posted to workers. */
export type Modules = Record<string, WebAssembly.Module>;

/** All that the component may ask of its host, and what it offers. */
const IMPORTS = ['likewise:engine/transport@0.1.0'];
const EXPORTS = ['similarity', 'dictionary', 'page', 'scraper'].map((name) => `likewise:engine/${name}@0.1.0`);

async function check(component: Uint8Array): Promise<void> {
  if (!isWasm(component)) throw new LikewiseError('load', 'what was given as the component is not WebAssembly');
  const { imports, exports } = surface(component);
  const same = (found: string[], expected: string[]): boolean => found.length === expected.length && expected.every((name) => found.includes(name));
  if (!same(imports, IMPORTS) || !same(exports, EXPORTS)) {
    throw new LikewiseError('load', `the component imports [${imports}] and exports [${exports}]; expected are [${IMPORTS}] and [${EXPORTS}]`);
  }
  // Pages served over plain HTTP have no crypto.subtle; the length then has to do.
  const subtle = globalThis.crypto?.subtle;
  const digest = subtle && new Uint8Array(await subtle.digest('SHA-256', component as Uint8Array<ArrayBuffer>));
  const sha256 = digest && Array.from(digest, (value) => value.toString(16).padStart(2, '0')).join('');
  if (component.length !== manifest.size || (sha256 && sha256 !== manifest.sha256)) {
    const found = sha256 ? `sha256 ${sha256}` : `${component.length} bytes`;
    throw new LikewiseError('load', `the component has ${found}; this version of likewise was made for sha256 ${manifest.sha256} (${manifest.size} bytes)`);
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

async function compileCores(cores: Record<string, Core>, component: Uint8Array): Promise<Modules> {
  const compiled = Object.entries(cores).map(async ([name, { offset, length }]) => {
    const bytes = component.subarray(offset, offset + length);
    return [name, await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>)] as const;
  });
  return Object.fromEntries(await Promise.all(compiled));
}

/** Check a component and compile its core modules. */
export async function compile(component: Uint8Array): Promise<Modules> {
  await check(component);
  try {
    return await compileCores(manifest.cores, component);
  } catch (error) {
    const message = `this engine cannot compile the component, which needs WebAssembly 2.0 with SIMD and, in a page with a content security policy, script-src 'wasm-unsafe-eval': ${error}`;
    throw new LikewiseError('unsupported', message, { cause: error });
  }
}

/** The copy that is carried as text, for where no file can be had. */
export async function inlineComponent(): Promise<Uint8Array> {
  const { component } = await import('../generated/inline.js');
  const stream = new Blob([fromBase64(component)]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
