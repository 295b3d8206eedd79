/** The pages of a report as pictures, one below the other. */
import classes from './ReportPages.module.css';

interface ReportPagesProps {
  /** PNGs in base64. */
  pages: readonly string[];
  /** What they are of: `the preview`. */
  of: string;
}

export function ReportPages({ pages, of }: ReportPagesProps) {
  return (
    <ol className={classes.pages} aria-label={`Pages of ${of}`}>
      {pages.map((page, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a page is its place
        <li key={number}>
          <img
            className={classes.page}
            src={`data:image/png;base64,${page}`}
            alt={`Page ${number + 1} of ${pages.length} of ${of}. The PDF can be read by a screen reader.`}
          />
        </li>
      ))}
    </ol>
  );
}
