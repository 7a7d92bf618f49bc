import { useRef } from 'react';
import { LineDrawShape, type LineDrawShapeProps } from 'recharts';

/**
 * The shape of a line that is not animated. recharts measures every path that it holds a reference to, which makes the
 * browser lay out the whole page: this shape holds the reference itself.
 */
export function StaticLine(props: LineDrawShapeProps) {
  const path = useRef<SVGPathElement>(null!);
  return <LineDrawShape {...props} pathRef={path} />;
}
