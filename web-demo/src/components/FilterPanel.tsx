import type { RefObject } from 'react';
import { countChoices, orders, readFilters, stays, type Filters } from '../data/filters';
import { themeNames, themes } from '../data/trip';

const priceStepEur = 50;

interface Props {
  formRef: RefObject<HTMLFormElement | null>;
  /** What the form says now, applied or not. */
  draft: Filters;
  onDraft: (draft: Filters) => void;
}

/**
 * What it does with its answers is `useSlowFilter`'s. Any price may be typed, hence `noValidate`:
 * the step is for the arrows only.
 */
export function FilterPanel({ formRef, draft, onDraft }: Props) {
  const choices = countChoices(draft);
  return (
    <form
      id="filters"
      className="filters"
      ref={formRef}
      aria-label="Filters"
      noValidate
      onInput={(event) => onDraft(readFilters(new FormData(event.currentTarget)))}
    >
      <fieldset>
        <legend>Price per person, €</legend>
        <div className="range">
          <Price name="price-from" label="From" />
          <Price name="price-to" label="To" />
        </div>
      </fieldset>
      <fieldset>
        <legend>Nights</legend>
        {Object.entries(stays).map(([key, { label }]) => (
          <label className="choice" key={key}>
            <input type="radio" name="stay" value={key} defaultChecked={key === 'any'} />
            {label}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Themes</legend>
        {themes.map((theme) => (
          <label className="choice" key={theme}>
            <input type="checkbox" name="theme" value={theme} />
            {themeNames[theme]}
          </label>
        ))}
      </fieldset>
      <label className="field">
        Order
        <select name="order">
          {Object.entries(orders).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button apply">
        Apply filters{choices > 0 && ` (${choices})`}
      </button>
    </form>
  );
}

function Price({ name, label }: { name: string; label: string }) {
  return (
    <label className="field">
      {label}
      <input name={name} type="number" min={0} step={priceStepEur} inputMode="numeric" />
    </label>
  );
}
