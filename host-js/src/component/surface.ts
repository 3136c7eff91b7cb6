// What a component imports and exports, read from its binary form.

import { LikewiseError } from '../errors.js';

const IMPORTS = 10;
const EXPORTS = 11;
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** Whether bytes begin as WebAssembly does: an answer of a server that has no such file does not. */
export function isWasm(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Names of what the component imports and exports. */
export function surface(component: Uint8Array): { imports: string[]; exports: string[] } {
  const found = { imports: [] as string[], exports: [] as string[] };
  let position = 8;
  const byte = (): number => {
    const value = component[position++];
    if (value === undefined) throw new LikewiseError('load', 'the component is cut short');
    return value;
  };
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = byte();
      value += (next % 128) * scale;
      if (next < 128) return value;
    }
  };
  const name = (): string => {
    byte();
    const length = number();
    position += length;
    return new TextDecoder().decode(component.subarray(position - length, position));
  };
  // Functions, components and instances are a kind and an index; types and core modules are not exported by this component.
  const described = (): void => {
    const kind = byte();
    if (kind !== 1 && kind !== 4 && kind !== 5) throw new LikewiseError('load', `the component has an import or export of kind ${kind}`);
    number();
  };
  while (position < component.length) {
    const id = byte();
    const end = number() + position;
    if (id === IMPORTS || id === EXPORTS) {
      for (let left = number(); left > 0; left--) {
        (id === IMPORTS ? found.imports : found.exports).push(name());
        described();
        if (id === EXPORTS && byte() === 1) described();
      }
    }
    position = end;
  }
  return found;
}
