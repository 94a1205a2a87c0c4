/**
 * Controls (cursor, colours), format characters (direction, zero width), line separators, lone surrogates, and what
 * Unicode says to draw as nothing.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
/** JSON.stringify has escaped the others; its own line feeds stay. */
const invisibleInJson = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text of a server or program, on one line, as a terminal may show it: `\u202e` in place of the character. */
export function visible(text: string): string {
  return text.replace(invisible, escaped);
}

/** The same JSON value. */
export function visibleJson(json: string): string {
  return json.replace(invisibleInJson, escaped);
}

/** In UTF-16 units, as in JSON. */
function escaped(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
