/** The chart beside a table. The table is its text; what is drawn is the same. */
import { Box, Button, Group } from '@mantine/core';
import { BarChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { ImageDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import classes from './AttainmentPage.module.css';
import { chartHeight, chartOption } from './chart-option';
import type { FigureTable } from './figures';

use([
  BarChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  CanvasRenderer,
]);

const NARROW = 560;

export default function FigureChart({ table, file }: { table: FigureTable; file: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const [narrow, setNarrow] = useState(false);
  const height = chartHeight(table, { narrow, titled: false });

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const drawn = init(element);
    chart.current = drawn;
    const watch = new ResizeObserver(() => {
      setNarrow(element.clientWidth < NARROW);
      drawn.resize();
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);

  useEffect(() => {
    const drawing = { fontFamily: pageFont(), narrow, titled: false };
    chart.current?.setOption(chartOption(table, drawing), { notMerge: true });
  }, [table, narrow]);

  return (
    <Box>
      <div
        ref={place}
        role="img"
        aria-label={`Chart of ${table.title}. The table below has the same figures.`}
        className={classes.chart}
        style={{ height }}
      />
      <Group justify="flex-end" mt="xs" className={classes.notPrinted}>
        <Button
          variant="default"
          size="xs"
          leftSection={<ImageDown size={16} aria-hidden />}
          onClick={() => savePicture(table, file)}
        >
          Save the chart as PNG
        </Button>
      </Group>
    </Box>
  );
}

function pageFont(): string {
  return getComputedStyle(document.body).fontFamily;
}

/** As wide on a phone as at a desk, and with its title, since it leaves the page that has it. */
function savePicture(table: FigureTable, file: string): void {
  const shape = { narrow: false, titled: true };
  const apart = document.createElement('div');
  const drawn = init(apart, null, { width: 1100, height: chartHeight(table, shape) });
  drawn.setOption(chartOption(table, { ...shape, fontFamily: pageFont() }));
  const link = document.createElement('a');
  link.href = drawn.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: '#fff' });
  link.download = `${file}.png`;
  link.click();
  drawn.dispose();
}
