import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

/** Upstream and load are in C, so that neither is the bottleneck. Undefined without a compiler. */
export function compileNatives(folder: string): { upstream: string; load: string } | undefined {
  const compiler = ['cc', 'gcc', 'clang'].find(
    name => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (!compiler) return undefined;
  const compile = (name: string) => {
    const program = path.join(folder, name);
    execFileSync(compiler, ['-O2', '-o', program, path.join(import.meta.dirname, `${name}.c`)]);
    return program;
  };
  return { upstream: compile('upstream'), load: compile('load') };
}
