import type { IncomingMessage } from 'node:http';
import type { Trailers } from '../hub/trailers.ts';

/** What follows a client's body, without what was not announced. @param names those that may go on */
export function requestTrailers(request: IncomingMessage, names: readonly string[]): Trailers {
  return {
    announced: names.join(', '),
    fields() {
      const announced = new Set(names.map(name => name.toLowerCase()));
      const { rawTrailers } = request;
      const fields: string[] = [];
      for (let index = 0; index + 1 < rawTrailers.length; index += 2) {
        const name = rawTrailers[index] ?? '';
        if (announced.has(name.toLowerCase())) fields.push(name, rawTrailers[index + 1] ?? '');
      }
      return fields;
    },
  };
}
