import { Anchor, Text } from '@mantine/core';
import { linkTo, usePage } from '../../../app/page/page.ts';
import { relatedViews as texts } from '../../texts/related-views.ts';

/** What other views show of the same. */
export function RelatedViews() {
  const layers = usePage((state) => linkTo('layers', state));
  const library = usePage((state) => linkTo('library', state));
  return (
    <Text size="sm">
      <Anchor href={layers}>{texts.layers}</Anchor> · <Anchor href={library}>{texts.library}</Anchor>
    </Text>
  );
}
