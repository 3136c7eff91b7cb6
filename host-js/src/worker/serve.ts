// The worker's half: it owns the engine and its dictionaries, and answers one call after the other.

import { comparisons } from '../comparison.js';
import { dictionaries, type Dictionary } from '../dictionary.js';
import { Engine } from '../engine.js';
import { LikewiseError } from '../errors.js';
import type { Answer, Call, Init, Reference, Thrown } from './protocol.js';

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** Answer the messages that `receive` is given through `post`. */
export function server(post: (answer: Answer) => void): (message: Init | Call) => void {
  const held = new Map<number, Dictionary>();
  let lastDictionary = 0;
  let engine: Promise<{ compare: Methods; make: Methods }> | undefined;

  function keep(dictionary: Dictionary): Reference {
    held.set(++lastDictionary, dictionary);
    return { dictionary: lastDictionary, length: dictionary.length };
  }

  async function answer({ dictionary, method, args }: Call): Promise<unknown> {
    const { compare, make } = await (engine as NonNullable<typeof engine>);
    if (dictionary === undefined) {
      return method in make ? keep((make[method] as Methods[string])(...args) as Dictionary) : (compare[method] as Methods[string])(...args);
    }
    const target = held.get(dictionary) as Dictionary;
    if (method === 'dispose') held.delete(dictionary);
    if (method === 'memory') return target.memory;
    return (target as unknown as Methods)[method]?.(...args);
  }

  return (message) => {
    if ('modules' in message) {
      engine = Engine.of(message.modules).then((made) => ({
        compare: comparisons(made) as unknown as Methods,
        make: dictionaries(made) as unknown as Methods,
      }));
      engine.then(
        () => post({ id: 0, value: undefined }),
        (error) => post({ id: 0, thrown: toThrown(error) }),
      );
      return;
    }
    answer(message).then(
      (value) => post({ id: message.id, value }),
      (error) => post({ id: message.id, thrown: toThrown(error) }),
    );
  };
}

function toThrown(error: unknown): Thrown {
  return { code: error instanceof LikewiseError ? error.code : undefined, message: error instanceof Error ? error.message : String(error) };
}
