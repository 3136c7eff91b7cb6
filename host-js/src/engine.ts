// One instance of the component for everything that does not wait.

import type { Modules } from './component/modules.js';
import { LikewiseError } from './errors.js';
import type { Engine as Exports } from './generated/engine.js';
import { instantiate } from './generated/glue-plain.js';

/** An instance, and the way into it. */
export class Engine {
  readonly #exports: Exports;
  #trap: LikewiseError | undefined;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  /** An instance without network: fetching has instances of its own. */
  static async of(modules: Modules): Promise<Engine> {
    const failure = { kind: 'denied', message: 'no transport was granted' } as const;
    const exchange = (submit: { id: number }[]) => submit.map(({ id }) => ({ id, outcome: { tag: 'err', val: failure } as const }));
    return new Engine(await instantiate((name) => modules[name] as WebAssembly.Module, { 'likewise:engine/transport': { exchange } }));
  }

  /** Call the guest. After a trap its memory is in no known state, so that every later call fails as well. */
  call<T>(action: (exports: Exports) => T): T {
    if (this.#trap) throw this.#trap;
    try {
      return action(this.#exports);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      const message = `the guest stopped: ${error.message}; what was made with this instance is lost, load() gives another`;
      throw (this.#trap = new LikewiseError('trap', message, { cause: error }));
    }
  }
}
