// From a component to a working engine, once for all callers.

import { compile, type Modules } from './component/modules.js';
import { Engine } from './engine.js';
import { ownOptions } from './arguments.js';
import { LikewiseError } from './errors.js';
import type { OpenSession } from './fetch/session.js';
import { likewise, type Likewise } from './likewise.js';
import { toBytes } from './text.js';

/** Where to take the component from. */
export interface LoadOptions {
  /**
   * The component's bytes or where to fetch them, for those who serve the file themselves (`likewise/component.wasm`). It must be the
   * very file that this version was made for. Unless given, it is found beside the code.
   */
  component?: URL | string | Uint8Array | ArrayBuffer | undefined;
}

async function bytesOf(source: NonNullable<LoadOptions['component']>): Promise<Uint8Array> {
  // A copy: what becomes of the bytes while they are checked and compiled changes nothing.
  if (typeof source !== 'string' && !(source instanceof URL)) return toBytes(source, 'component', 'a URL or bytes').slice();
  try {
    const response = await fetch(source);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw new Error(`status ${response.status}`);
  } catch (error) {
    throw new LikewiseError('load', `the component cannot be fetched from ${source}: ${(error as Error).message}; that of a file is given as its bytes`, { cause: error });
  }
}

/** What differs between platforms. */
export interface Platform {
  /** The component that the package carries. */
  packagedComponent(): Promise<Uint8Array>;
  /** A fetch session. */
  openSession: OpenSession;
}

/** `load` and what it shares with the worker, for one platform. */
export function loader({ packagedComponent, openSession }: Platform) {
  let packaged: Promise<Modules> | undefined;

  /** The compiled core modules: those of the packaged component are compiled once. */
  async function modules(options: LoadOptions): Promise<Modules> {
    if (options.component !== undefined) return compile(await bytesOf(options.component));
    packaged ??= packagedComponent().then(compile);
    try {
      return await packaged;
    } catch (error) {
      // The next call tries again.
      packaged = undefined;
      throw error;
    }
  }

  async function load(options?: LoadOptions): Promise<Likewise> {
    const compiled = await modules(ownOptions(options, ['component']));
    return likewise(await Engine.of(compiled), compiled, openSession);
  }

  return { load, modules };
}
