/** The product's sign and name, which leads home. */
import { Link } from '@tanstack/react-router';
import classes from './AppLayout.module.css';

export function Wordmark({ dark = false }: { dark?: boolean }) {
  return (
    <Link to="/" className={classes.wordmark} data-dark={dark || undefined}>
      <img src="/icon.svg" alt="" width={dark ? 36 : 30} height={dark ? 36 : 30} />
      <span>Classroom Monitor</span>
    </Link>
  );
}
