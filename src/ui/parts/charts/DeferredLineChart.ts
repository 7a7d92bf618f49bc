import { lazy } from 'react';

/** The line chart, loaded when first drawn: the chart library is larger than the rest of the page. */
export const LineChart = lazy(() => import('./LineChart.tsx'));
