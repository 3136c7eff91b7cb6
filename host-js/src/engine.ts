// One instance of the component for everything that does not wait.

import type { Modules } from './component/modules.js';
import { LikewiseError } from './errors.js';
import type { Engine as Exports } from './generated/engine.js';
import { instantiate } from './generated/glue-plain.js';

const EXHAUSTED = new RangeError('the call stack was used up');

/** An instance, and the way into it. */
export class Engine {
  readonly #exports: Exports;
  #stopped: Error | undefined;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  /** An instance without network: fetching has instances of its own. */
  static async of(modules: Modules): Promise<Engine> {
    const failure = { kind: 'denied', message: 'no transport was granted' } as const;
    const exchange = (submit: { id: number }[]) => submit.map(({ id }) => ({ id, outcome: { tag: 'err', val: failure } as const }));
    return new Engine(await instantiate((name) => modules[name] as WebAssembly.Module, { 'likewise:engine/transport': { exchange } }));
  }

  /** Whether it is at its end: then there is nothing to be freed any more. */
  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  /**
   * Call the guest. After a trap its memory is in no known state, so that every later call fails as well. So it is where this thread's
   * stack was used up in the midst of it: a RangeError, in Firefox an InternalError.
   */
  call<T>(action: (exports: Exports) => T): T {
    if (this.#stopped) throw trap(this.#stopped);
    // It counts as stopped until it is known not to be: without a stack, nothing below may come to run.
    this.#stopped = EXHAUSTED;
    let result: T;
    try {
      result = action(this.#exports);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError || (error as Partial<Error>).name === 'InternalError') {
        throw trap((this.#stopped = error as Error));
      }
      this.#stopped = undefined;
      throw error;
    }
    this.#stopped = undefined;
    return result;
  }
}

function trap(cause: Error): LikewiseError {
  return new LikewiseError('trap', `the guest stopped: ${cause.message}; what was made with this instance is lost, load() gives another`, { cause });
}
