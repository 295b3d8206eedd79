/**
 * The chart of a table: a bar for each row, and in it a piece for each part. Told apart by pattern
 * and by number as well as by colour, from orange (below) to blue, which everybody can part.
 */
import type { EChartsCoreOption } from 'echarts/core';
import type { FigureTable, Part, Tone } from './figures';

const SHADES: Record<Tone, readonly string[]> = {
  below: ['#d08f12', '#f6c455', '#ffe9bd'],
  same: ['#d1dada'],
  met: ['#a3cfd5', '#4a9dab', '#1b7080', '#0f4853'],
  up: ['#1b7080'],
};
const INK = '#1c2b30';
const BAR = 34;
const AROUND = 150;
/** A piece that is too narrow for its number has none; the table has it. */
const NARROWEST = 7;

export function chartHeight({ rows }: FigureTable): number {
  return rows.filter(({ shown }) => shown !== null).length * BAR + AROUND;
}

export function colourOf(parts: readonly Part[], place: number): string {
  const part = parts[place];
  if (!part) return INK;
  const shades = SHADES[part.tone];
  const among = parts.slice(0, place).filter(({ tone }) => tone === part.tone).length;
  return shades[Math.min(among, shades.length - 1)] ?? INK;
}

export function chartOption(table: FigureTable, fontFamily: string): EChartsCoreOption {
  const drawn = table.rows.filter(({ shown }) => shown !== null);
  const several = new Set(drawn.map(({ subject }) => subject)).size > 1;
  const names = drawn.map(({ subject, group, shown }) => {
    const who = table.compared ? (several ? `${subject}: ${group}` : group) : subject;
    return `${who} (${shown?.pupils ?? 0})`;
  });
  return {
    animation: false,
    textStyle: { fontFamily, color: INK },
    title: {
      text: table.title,
      subtext: `Per cent of the pupils ${table.base}; in brackets, how many pupils there are`,
      textStyle: { fontSize: 16, fontWeight: 600, color: INK, width: 900, overflow: 'break' },
      subtextStyle: { fontSize: 13, color: '#51636a' },
    },
    aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
    legend: { top: 58, left: 0, itemWidth: 28, itemHeight: 16, textStyle: { fontSize: 14 } },
    grid: { top: 100, left: 8, right: 24, bottom: 8, containLabel: true },
    // As text: HTML with styles of its own is what the page's security policy refuses.
    tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'value', max: 100, axisLabel: { formatter: '{value}%', color: INK } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      axisTick: { show: false },
      axisLabel: { fontSize: 14, color: INK, width: 260, overflow: 'break', interval: 0 },
    },
    series: table.parts.map((part, place) => ({
      name: part.name,
      type: 'bar',
      stack: 'parts',
      barMaxWidth: 24,
      itemStyle: { color: colourOf(table.parts, place), borderColor: '#fff', borderWidth: 1 },
      label: {
        show: true,
        formatter: ({ value }: { value: number }) => (value >= NARROWEST ? `${value}%` : ''),
        color: INK,
        backgroundColor: 'rgba(255,255,255,0.9)',
        padding: [1, 3],
        borderRadius: 3,
      },
      data: drawn.map(({ shown }) => shown?.parts[place]?.per_cent ?? 0),
    })),
  };
}
