import type { LfsFile } from '../state.ts';
import { generatedSha256 } from './generatedFile.ts';

/** SHA-256 of the file. */
export function oidOf({ size, oid }: LfsFile): string {
  return oid ?? generatedSha256(size);
}

/** The LFS pointer that git stores for a large file. */
export function pointerOf(file: LfsFile): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(file)}\nsize ${file.size}\n`;
}

/** The large file that a pointer in git names; undefined for any other content. */
export function parsePointer(content: string): LfsFile | undefined {
  const match =
    /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n$/.exec(
      content,
    );
  return match?.[1] === undefined ? undefined : { oid: match[1], size: Number(match[2]) };
}
