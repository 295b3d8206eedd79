/** Moving about in the grid by keyboard: cells are found by their row and column. */
import type { KeyboardEvent } from 'react';

/** What a cell's control carries. */
export function cellAt(row: number, column: number) {
  return { 'data-row': row, 'data-column': column };
}

const STEPS: Record<string, readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Enter: [1, 0],
};

/**
 * Arrows and Enter go to the next cell that can be typed in; in a text only from its end. Tab is the
 * browser's own.
 */
export function moveInGrid(event: KeyboardEvent<HTMLElement>): void {
  const from = event.target;
  const step = STEPS[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (!(from instanceof HTMLElement) || from.dataset.row === undefined) return;
  if (from instanceof HTMLTextAreaElement && !leaves(from, event)) return;
  event.preventDefault();
  if (event.key === 'Enter' && event.shiftKey) return;
  next(event.currentTarget, Number(from.dataset.row), Number(from.dataset.column), step)?.focus();
}

function leaves(text: HTMLTextAreaElement, event: KeyboardEvent): boolean {
  if (event.key === 'Enter') return !event.shiftKey;
  if (event.shiftKey || text.selectionStart !== text.selectionEnd) return false;
  const atStart = text.selectionStart === 0;
  const atEnd = text.selectionEnd === text.value.length;
  return event.key === 'ArrowUp' || event.key === 'ArrowLeft' ? atStart : atEnd;
}

function next(
  grid: HTMLElement,
  row: number,
  column: number,
  [rows, columns]: readonly [number, number],
): HTMLElement | undefined {
  const cells = new Map<string, HTMLElement>();
  let last = 0;
  for (const cell of grid.querySelectorAll<HTMLElement>('[data-row]')) {
    cells.set(`${cell.dataset.row}:${cell.dataset.column}`, cell);
    last = Math.max(last, Number(cell.dataset.row), Number(cell.dataset.column));
  }
  for (let far = 1; far <= last; far += 1) {
    const found = cells.get(`${row + far * rows}:${column + far * columns}`);
    if (found) return found;
  }
  return undefined;
}
