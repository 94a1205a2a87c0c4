import { useReader } from '../reader.ts';

interface Props {
  readonly panel: string;
  readonly splits: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: string | undefined;
  readonly onChoose: (split: string) => void;
}

/** By what the sums of a chart are split; one of few, so all are in sight. */
export function SplitPicker({ panel, splits, chosen, onChoose }: Props) {
  const { say } = useReader();
  return (
    <fieldset class="splits">
      <legend>{say('splitBy')}</legend>
      {splits.map(({ id, label }) => (
        <label key={id}>
          <input type="radio" name={`${panel}-split`} checked={id === chosen} onChange={() => onChoose(id)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
