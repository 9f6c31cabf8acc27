import { dashboardAddress } from '../address';

export function Footer() {
  return (
    <footer className="footer">
      <p>
        Four faults are planted in this demo: a photo that is found late, a banner that pushes the
        page down, a filter that keeps the browser busy, and a list that is rendered anew for
        nothing.{' '}
        <a href={dashboardAddress}>See them in the dashboard</a>
      </p>
      <p>Windrose and its trips are made up. The places are real.</p>
    </footer>
  );
}
