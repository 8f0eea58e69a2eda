interface SegmentsProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly note?: string }[];
  readonly onPick: (value: string) => void;
}

/** A choice of two or three, all in sight. */
export const Segments = ({ label, value, options, onPick }: SegmentsProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out inline
  <div class="seg" role="group" aria-label={label}>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        aria-pressed={option.value === value}
        onClick={() => onPick(option.value)}
      >
        {option.label}
        {option.note ? <span class="dim num"> {option.note}</span> : null}
      </button>
    ))}
  </div>
);
