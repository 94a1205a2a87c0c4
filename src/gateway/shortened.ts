/** Real names are shorter. */
const maxNameChars = 200;

/** A caller's name of a model or provider, bounded for the ledger. */
export function shortened(name: string): string {
  return name.length <= maxNameChars ? name : name.slice(0, maxNameChars).toWellFormed();
}
