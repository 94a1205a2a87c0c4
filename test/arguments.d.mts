import type { ParseArgsConfig } from 'node:util';

type Options = Record<string, NonNullable<ParseArgsConfig['options']>[string] & { port?: true }>;

export function readArguments(call: { usage: string; options: Options; allowPositionals?: boolean }): {
  values: Record<string, string | boolean | undefined>;
  positionals: string[];
};
export function fail(message: string): never;
