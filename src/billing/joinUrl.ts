/** Where `path`, which begins with `/`, is behind a base URL that has no trailing slash and perhaps a path of its own. */
export function joinUrl(base: string, path: string): { readonly origin: string; readonly path: string } {
  const { origin, pathname } = new URL(base);
  return { origin, path: pathname === '/' ? path : pathname + path };
}
