import { resultsAddress } from '../address';
import { destinationLengthMax, travellersMax, type Criteria } from '../data/criteria';
import { formatMonth } from '../format';

const months = Array.from({ length: 12 }, (_, index) => index + 1);

/** An ordinary form: its answer is another page. */
export function SearchForm({ criteria }: { criteria: Criteria }) {
  return (
    <form className="search" role="search" action={resultsAddress}>
      <label className="field">
        Where to
        <input
          name="to"
          type="search"
          defaultValue={criteria.to}
          maxLength={destinationLengthMax}
          placeholder="Lisbon, the Alps, islands"
          autoComplete="off"
        />
      </label>
      <label className="field">
        When
        <select name="month" defaultValue={criteria.month ?? ''}>
          <option value="">Any month</option>
          {months.map((month) => (
            <option key={month} value={month}>
              {formatMonth(month)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        Travellers
        <input
          name="travellers"
          type="number"
          min={1}
          max={travellersMax}
          defaultValue={criteria.travellers}
        />
      </label>
      <button type="submit" className="button">
        Search
      </button>
    </form>
  );
}
