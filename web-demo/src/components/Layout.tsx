import { useEffect, type ReactNode } from 'react';
import { Footer } from './Footer';
import { TopBar } from './TopBar';

interface Props {
  title: string;
  children: ReactNode;
}

/** What every page stands in. */
export function Layout({ title, children }: Props) {
  useEffect(() => {
    document.title = title === 'Windrose' ? title : `${title} · Windrose`;
  }, [title]);
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <TopBar />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </>
  );
}
