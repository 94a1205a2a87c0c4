/** No real name of a model or a provider is as long. */
const mostName = 200;

/** What a caller calls a model or a provider, short enough to be written down. */
export function shortened(name: string): string {
  return name.length <= mostName ? name : name.slice(0, mostName).toWellFormed();
}
