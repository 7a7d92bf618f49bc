import { useRef } from 'react';
import { LineDrawShape, type LineDrawShapeProps } from 'recharts';

/**
 * The shape of a chart's line that does not grow from left to right. The library asks for the length of every line whose
 * path it holds, for which the browser lays out the whole page: this one holds its path itself.
 */
export function StillLine(props: LineDrawShapeProps) {
  const path = useRef<SVGPathElement>(null!);
  return <LineDrawShape {...props} pathRef={path} />;
}
