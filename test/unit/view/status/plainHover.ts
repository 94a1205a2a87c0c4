/** A hover as it is read: without escapes, and each bar as `61 % {its alt text}`. */
export function plainHover(markdown: string): string {
  return markdown
    .replace(/!\[([^\]]*)\]\(data:image\/svg\+xml,([^)]*)\)/g, (_, alt: string, svg: string) => {
      const [, whole, filled] =
        /<svg [^>]*width='(\d+)'.*?<rect width='([\d.]+)'/.exec(decodeURIComponent(svg)) ?? [];
      return `${Math.round((100 * Number(filled)) / Number(whole))} % {${alt}}`;
    })
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\\(\p{ASCII})/gu, '$1');
}
