interface PickerProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onPick: (value: string) => void;
}

/** A native select under its label: the toolkit's dropdown can neither be this compact nor take an outside label. */
export const Picker = ({ label, value, options, onPick }: PickerProps) => (
  <label class="picker">
    {label}
    {/* A narrow panel cuts what is chosen. On the select itself it would be read out twice. */}
    <span class="wrap" title={options.find((option) => option.value === value)?.label}>
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  </label>
);
