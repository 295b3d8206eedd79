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
import { useEffect, useRef } from 'react';
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

export default function FigureChart({ table, file }: { table: FigureTable; file: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const height = chartHeight(table);

  useEffect(() => {
    if (!place.current) return;
    const drawn = init(place.current);
    chart.current = drawn;
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);

  useEffect(() => {
    const font = getComputedStyle(document.body).fontFamily;
    chart.current?.resize({ height });
    chart.current?.setOption(chartOption(table, font), { notMerge: true });
  }, [table, height]);

  const save = () => {
    const picture = chart.current?.getDataURL({
      type: 'png',
      pixelRatio: 2,
      backgroundColor: '#fff',
    });
    if (!picture) return;
    const link = document.createElement('a');
    link.href = picture;
    link.download = `${file}.png`;
    link.click();
  };

  return (
    <Box>
      <div
        ref={place}
        role="img"
        aria-label={`Chart of ${table.title}. The table below has the same figures.`}
        className={classes.chart}
        style={{ height }}
      />
      <Group justify="flex-end" className={classes.notPrinted}>
        <Button
          variant="default"
          size="xs"
          leftSection={<ImageDown size={16} aria-hidden />}
          onClick={save}
        >
          Save the chart as PNG
        </Button>
      </Group>
    </Box>
  );
}
