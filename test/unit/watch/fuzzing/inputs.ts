import {
  classifyRefusal,
  classifyStreamError,
  type Refusal,
} from '../../../../src/limits/refusals/refusal.ts';
import { outputOf } from '../../../../src/watch/debugOutput.ts';
import { textOfOutput } from '../../../../src/watch/notebookOutput.ts';
import type { PrintedBy } from '../../../../src/watch/printedBy.ts';
import { RefusalReader } from '../../../../src/watch/refusalReader.ts';
import { textOfBody } from '../../../../src/watch/responseBody.ts';
import { surroundings } from '../printed.ts';
import { mutated } from './mutations.ts';
import { cutUp, randomPrint, randomUrl } from './prints.ts';
import { Random } from './random.ts';
import { randomBody, randomResponse } from './responses.ts';

/** Outside input, and the product's code that reads it. */
export interface FuzzInput {
  readonly kind: string;
  /** The input, for the message of a failure. */
  readonly data: unknown;
  /** Begins to read. */
  begin(): Reading;
}

export interface Reading {
  /** In order, each in a turn of the event loop. */
  readonly turns: readonly (() => void)[];
  /** The refusals so far. */
  readonly refusals: readonly Refusal[];
}

const makers = [
  response,
  response,
  response,
  streamEvent,
  body,
  terminal,
  terminal,
  debugMessages,
  cell,
  cell,
];

/** The input of this number, always the same. */
export function inputOf(number: number): FuzzInput {
  const random = new Random(number);
  return random.of(makers)(random);
}

function response(random: Random): FuzzInput {
  const data = randomResponse(random);
  return { kind: 'response', data, begin: () => once(() => classifyRefusal(data)) };
}

function streamEvent(random: Random): FuzzInput {
  const data = { ...randomResponse(random), event: randomBody(random) };
  return { kind: 'event of a stream', data, begin: () => once(() => classifyStreamError(data, data.event)) };
}

/** A body from the wire; its encoding may not be the declared one. */
function body(random: Random): FuzzInput {
  const facts = randomResponse(random);
  const headers = { 'content-encoding': random.of(['gzip', 'deflate', 'br', 'identity', 'zstd', 'x']) };
  const data = { ...facts, headers, bytes: Buffer.from(facts.bodyText ?? '', 'latin1') };
  const read = () => classifyRefusal({ ...data, bodyText: textOfBody(headers, [data.bytes]) });
  return { kind: 'body', data, begin: () => once(read) };
}

function terminal(random: Random): FuzzInput {
  const chunks = cutUp(randomPrint(random), random);
  const by = { source: 'terminal', program: 'python train.py', url: randomUrl(random) } as const;
  return { kind: 'terminal', data: { by, chunks }, begin: () => printed(by, chunks, chunk => chunk) };
}

function debugMessages(random: Random): FuzzInput {
  const messages = cutUp(randomPrint(random), random).map(output => ({
    type: random.once(30) ? randomBody(random) : 'event',
    event: 'output',
    body: random.once(30) ? null : { category: random.of(['stdout', 'stderr', undefined]), output },
  }));
  const by = { source: 'debug-console', program: 'Train' } as const;
  return {
    kind: 'debug console',
    data: messages,
    begin: () => printed(by, messages, each => outputOf(each)?.text),
  };
}

function cell(random: Random): FuzzInput {
  const text = randomPrint(random);
  const error = JSON.stringify({ name: 'HfHubHTTPError', message: text.slice(0, 80), stack: text });
  const [mime, output] = random.of([
    ['application/vnd.code.notebook.error', random.once(3) ? mutated(error, random, [error]) : error],
    ['application/vnd.code.notebook.stderr', text],
  ] as const);
  const data = { mime, data: Buffer.from(output, random.of(['utf8', 'latin1'])) };
  const by = { source: 'notebook', program: 'a.ipynb, cell 7' } as const;
  return { kind: 'notebook', data: { mime, output }, begin: () => printed(by, [data], textOfOutput) };
}

function once(read: () => Refusal | undefined): Reading {
  const refusals: Refusal[] = [];
  const turn = () => {
    const refusal = read();
    if (refusal) refusals.push(refusal);
  };
  return { turns: [turn], refusals };
}

function printed<Piece>(
  by: PrintedBy,
  pieces: readonly Piece[],
  textOf: (piece: Piece) => string | undefined,
): Reading {
  const refusals: Refusal[] = [];
  const world = surroundings();
  const reader = new RefusalReader(by, world, refusal => refusals.push(refusal));
  const turns = pieces.map(piece => () => reader.write(textOf(piece) ?? ''));
  const end = () => {
    reader.end();
    if (world.pending() > 0) throw new Error('a pause is waited for after the end');
  };
  return { turns: [...turns, end], refusals };
}
