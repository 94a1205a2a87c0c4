// Command lines of `npm start`, `npm test` and the emulator: --help, and mistakes told in one line.
import { parseArgs } from 'node:util';

/**
 * Values and positionals of this process's command line. Prints `usage` for --help.
 * @param options as parseArgs has them; those with `port: true` are a port or 0
 */
export function readArguments({ usage, options, allowPositionals = false }) {
  try {
    const parsed = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals,
    });
    if (parsed.values.help) {
      console.log(usage);
      process.exit(0);
    }
    for (const [name, { port }] of Object.entries(options)) {
      const value = parsed.values[name];
      if (port && value !== undefined && !(/^\d{1,5}$/.test(value) && Number(value) < 65536))
        throw new Error(`--${name} takes a port from 0 (any free one) to 65535, not "${value}".`);
    }
    return parsed;
  } catch (error) {
    fail(`${error.message.split(/\.(?:\s|$)/)[0]}. --help lists what there is.`);
  }
}

/** Ends the process because of how it was called. */
export function fail(message) {
  console.error(message);
  process.exit(2);
}
