import { isObject } from '../patch.ts';

/** What a field has to be, in words for the error. */
export type FieldType =
  | 'a string'
  | 'a boolean'
  | 'a number'
  | 'a positive integer'
  | 'an object'
  | 'an array'
  | 'a string or an array'
  | 'an array of messages';

export interface WrongField {
  readonly param: string;
  readonly message: string;
}

const checks: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  'a string': value => typeof value === 'string',
  'a boolean': value => typeof value === 'boolean',
  'a number': value => typeof value === 'number',
  'a positive integer': value => Number.isSafeInteger(value) && Number(value) > 0,
  'an object': isObject,
  'an array': Array.isArray,
  'a string or an array': value => typeof value === 'string' || Array.isArray(value),
  'an array of messages': value =>
    Array.isArray(value) && value.every(item => isObject(item) && typeof item.role === 'string'),
};

/**
 * The first field of the wrong type. The `required` ones have to be there; others may be missing or null. An array of
 * messages may be empty.
 */
export function wrongField(
  fields: Readonly<Record<string, FieldType>>,
  required: readonly string[],
  body: Readonly<Record<string, unknown>>,
): WrongField | undefined {
  for (const [param, type] of Object.entries(fields)) {
    const value = body[param];
    if (value === undefined && required.includes(param)) return { param, message: 'Field required' };
    if (value === undefined || (value === null && !required.includes(param))) continue;
    if (!checks[type](value)) return { param, message: `Input should be ${type}` };
  }
  return undefined;
}
