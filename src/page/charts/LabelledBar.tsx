interface Props {
  readonly label: string;
  readonly value: string;
  /** 0 to 1; undefined: not known. */
  readonly share: number | undefined;
  /** Of the bar's colour. */
  readonly look: string;
  readonly children?: preact.ComponentChildren;
}

/** A row with a name, a value, and a bar below both. */
export function LabelledBar({ label, value, share, look, children }: Props) {
  return (
    <>
      <span class="bar-label" title={label}>
        {label}
      </span>
      <span class="bar-value">{value}</span>
      <svg class="bar" width="100%" height="6" aria-hidden="true">
        <rect class={share === undefined ? 'track track-unknown' : 'track'} width="100%" height="6" rx="3" />
        {share !== undefined && share > 0 && (
          <rect
            class={`bar-fill ${look}`}
            width={`${Math.max(0.8, Math.min(1, share) * 100)}%`}
            height="6"
            rx="3"
          />
        )}
      </svg>
      {children}
    </>
  );
}
