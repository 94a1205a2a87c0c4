import fc from 'fast-check';

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];

const half = fc
  .array(fc.constantFrom(...alphabet), { minLength: 12, maxLength: 12 })
  .map(letters => letters.join(''));

/** Keys in the exact form of a gateway's. */
export const anyKey: fc.Arbitrary<string> = fc
  .tuple(half, half)
  .map(halves => `hf_headroom_${halves.join('headroom')}`);

type Change = (key: string) => string;

const at = (position: number, text: string) => position % text.length;
/** A place in the word `headroom` of a key that begins with its prefix. */
const inWord = fc.integer({ min: 3, max: 10 });
const filler = fc.constantFrom('.', '~', '+', '/', '=', '-', '_', '"', "'", ',', '\u200b', ' ');

/** What terminals, files, people and attackers make of a key. */
const aChange: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>(key => key.toUpperCase()),
  fc.constant<Change>(key => key.replace('headroom', 'Headroom')),
  fc.func(fc.boolean()).map<Change>(isUpper => key => {
    return [...key].map((letter, index) => (isUpper(index) ? letter.toUpperCase() : letter)).join('');
  }),
  fc.oneof(filler, fc.constantFrom('x', '0', '\u00e9')).map<Change>(more => key => key + more),
  fc
    .constantFrom('hf_', 'HF_', 'hf_oauth_', 'Bearer ', '"', "'", ' ', 'hf_x')
    .map<Change>(more => key => more + key),
  fc.nat().map<Change>(position => key => {
    const place = at(position, key);
    const encoded = `%${Buffer.from(key.charAt(place)).toString('hex').match(/../g)?.join('%')}`;
    return key.slice(0, place) + encoded + key.slice(place + 1);
  }),
  fc.constant<Change>(key => encodeURIComponent(encodeURIComponent(key))),
  fc.constant<Change>(key => `${key}${key}`),
  fc.constant<Change>(key => key.slice(0, -8)),
);

/** A separator anywhere. */
const anInsertion = fc.tuple(fc.nat(), filler).map<Change>(([position, more]) => key => {
  return key.slice(0, at(position, key)) + more + key.slice(at(position, key));
});

/** Without the prefix and without up to 12 characters at either end. */
const aPart = fc
  .tuple(fc.integer({ min: 12, max: 24 }), fc.nat({ max: 12 }), fc.constantFrom('hf_', 'hf_x', 'hf_oauth_'))
  .map<Change>(
    ([from, missing, before]) =>
      key =>
        before + key.slice(from, key.length - missing),
  );
const separators = filler.map<Change>(separator => key => [...key].join(separator));
/** Changes that leave all letters and digits of a part. */
const aDisguise: fc.Arbitrary<Change> = fc.oneof(
  separators.map<Change>(change => key => `hf_${change(key.replace(/^hf_/, ''))}`),
  fc.constant<Change>(key => `hf_${key.slice(3).toUpperCase()}`),
  fc.constant<Change>(key => `${key}.`),
);

/** One typing error in the prefix: everything else is as it was. */
const aSlip: fc.Arbitrary<Change> = fc.oneof(
  inWord.map<Change>(place => key => key.slice(0, place) + key.slice(place + 1)),
  fc.tuple(inWord, fc.constantFrom(...alphabet)).map<Change>(
    ([place, letter]) =>
      key =>
        key.slice(0, place) + letter + key.slice(place + 1),
  ),
  fc.tuple(inWord, fc.constantFrom(...alphabet)).map<Change>(
    ([place, letter]) =>
      key =>
        key.slice(0, place) + letter + key.slice(place),
  ),
  fc.integer({ min: 3, max: 9 }).map<Change>(place => key => {
    return key.slice(0, place) + key.charAt(place + 1) + key.charAt(place) + key.slice(place + 2);
  }),
  fc.constantFrom('\uff48', '\u0125', '\u1e27').map<Change>(letter => key => key.replace('h', letter)),
);

/** Any of those around it, then at most one typing error in it. */
const aWholeKey: fc.Arbitrary<Change> = fc
  .tuple(
    fc.option(aSlip, { nil: [] }),
    fc.array(anInsertion, { maxLength: 2 }),
    fc.array(aChange, { maxLength: 3 }),
  )
  .map<Change>(changes => key => changes.flat().reduce((text, change) => change(text), key));

/** A change that leaves the key recognizable. */
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: aWholeKey },
  {
    weight: 2,
    arbitrary: fc.tuple(aPart, fc.array(aDisguise, { maxLength: 2 })).map<Change>(
      ([part, disguises]) =>
        key =>
          disguises.reduce((text, change) => change(text), part(key)),
    ),
  },
);
