/**
 * The chart of a table: a bar for each row, and in it a piece for each part. Told apart by pattern
 * and by number as well as by colour, from orange (below) to blue, which everybody can part.
 */
import type { EChartsCoreOption } from 'echarts/core';
import type { FigureRow, FigureTable, Part, Tone } from './figures';

const SHADES: Record<Tone, readonly string[]> = {
  below: ['#d08f12', '#f6c455', '#ffe9bd'],
  same: ['#d1dada'],
  met: ['#a3cfd5', '#4a9dab', '#1b7080', '#0f4853'],
  up: ['#1b7080'],
};
const INK = '#1c2b30';
const BAR = 36;
const AXIS = 34;
const TITLE = 60;
const LEGEND = 26;
/** A piece that is too narrow for its number has none; the table has it. */
const NARROWEST = { wide: 5, narrow: 14 };

export interface Drawing {
  fontFamily: string;
  /** On a narrow screen the legend stands in lines, and names are broken. */
  narrow: boolean;
  /** On the page there is a heading; a picture that is saved has to say what it is. */
  titled: boolean;
}

type Shape = Omit<Drawing, 'fontFamily'>;

/** Those of which there is something to draw. */
export function drawnRows({ rows }: FigureTable): FigureRow[] {
  return rows.filter(({ shown }) => shown?.parts.some(({ pupils }) => pupils > 0));
}

function top(table: FigureTable, { narrow, titled }: Shape): number {
  return (titled ? TITLE : 0) + LEGEND * (narrow ? table.parts.length : 1) + 8;
}

export function chartHeight(table: FigureTable, shape: Shape): number {
  return drawnRows(table).length * BAR + top(table, shape) + AXIS;
}

export function colourOf(parts: readonly Part[], place: number): string {
  const part = parts[place];
  if (!part) return INK;
  const shades = SHADES[part.tone];
  const among = parts.slice(0, place).filter(({ tone }) => tone === part.tone).length;
  return shades[Math.min(among, shades.length - 1)] ?? INK;
}

export function chartOption(table: FigureTable, drawing: Drawing): EChartsCoreOption {
  const { fontFamily, narrow, titled } = drawing;
  const drawn = drawnRows(table);
  const several = new Set(drawn.map(({ subject }) => subject)).size > 1;
  const names = drawn.map(({ subject, group, shown }) => {
    const who = table.compared ? (several ? `${subject}: ${group}` : group) : subject;
    return `${who} (${shown?.pupils ?? 0})`;
  });
  const least = narrow ? NARROWEST.narrow : NARROWEST.wide;
  return {
    animation: false,
    textStyle: { fontFamily, color: INK },
    title: {
      show: titled,
      text: table.title,
      subtext: `Per cent of the pupils ${table.base}; in brackets, how many pupils there are`,
      left: 0,
      textStyle: { fontSize: 18, fontWeight: 600, color: INK },
      subtextStyle: { fontSize: 14, color: '#51636a' },
    },
    aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
    legend: {
      top: titled ? TITLE : 0,
      left: 0,
      orient: narrow ? 'vertical' : 'horizontal',
      itemWidth: 28,
      itemHeight: 16,
      textStyle: { fontSize: 14, color: INK },
    },
    grid: { top: top(table, drawing), left: 4, right: 24, bottom: 4, containLabel: true },
    // As text: HTML with styles of its own is what the page's security policy refuses.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      axisPointer: { type: 'shadow' },
      valueFormatter: (value: unknown) => `${Math.round(Number(value))}%`,
    },
    xAxis: {
      type: 'value',
      max: 100,
      splitNumber: narrow ? 2 : 5,
      axisLabel: { formatter: '{value}%', color: INK },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      axisTick: { show: false },
      axisLabel: {
        fontSize: narrow ? 12 : 14,
        color: INK,
        width: narrow ? 110 : 260,
        overflow: 'break',
        interval: 0,
      },
    },
    series: table.parts.map((part, place) => ({
      name: part.name,
      type: 'bar',
      stack: 'parts',
      barMaxWidth: 26,
      itemStyle: { color: colourOf(table.parts, place), borderColor: '#fff', borderWidth: 1 },
      label: {
        fontSize: 13,
        color: INK,
        backgroundColor: '#fff',
        padding: [2, 4],
        borderRadius: 3,
      },
      // As long as it is, so that pieces add up; the number is the table's, which is rounded.
      data: drawn.map(({ shown }) => {
        const { pupils = 0, per_cent = 0 } = shown?.parts[place] ?? {};
        const whole = shown?.parts.reduce((sum, part) => sum + part.pupils, 0) || 1;
        const value = (100 * pupils) / whole;
        return { value, label: { show: value >= least, formatter: `${per_cent}%` } };
      }),
    })),
  };
}
