import {
  ActionIcon,
  Container,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { lazy, Suspense, useEffect } from 'react';
import { type PageId, usePage } from '../app/page.ts';
import { dismiss } from '../app/shared.ts';
import { Failure } from './parts/Failure.tsx';
import classes from './parts/parts.module.css';
import { Share } from './status/Share.tsx';

const views = {
  explore: { label: 'Explore one model', Content: lazy(() => import('./explore/Explore.tsx')) },
  families: { label: 'Compare families', Content: lazy(() => import('./families/Families.tsx')) },
} satisfies Record<PageId, unknown>;

/** The frame of all views: name, navigation, notices. */
export function App() {
  const page = usePage((state) => state.page);
  const notices = usePage((state) => state.notices);
  const { Content } = views[page];
  useEffect(() => {
    document.title =
      page === 'families'
        ? 'Lossy: which kind of language model forgets most?'
        : 'Lossy: what does a language model forget when you compress it?';
  }, [page]);
  return (
    <Container size={1500} py="md" px={{ base: 'xs', sm: 'md' }}>
      <Stack gap="md">
        <Header />
        {notices.map((notice) => (
          <Failure key={notice.message} error={notice} onClose={() => dismiss(notice)} />
        ))}
        <Suspense fallback={<Skeleton height={600} />}>
          <Content />
        </Suspense>
        <Text component="footer" size="xs" c="dimmed">
          After Namburi et al. 2023, The Cost of Compression (Findings of EMNLP). Everything is computed on this
          machine; nothing leaves it.
        </Text>
      </Stack>
    </Container>
  );
}

function Header() {
  const page = usePage((state) => state.page);
  const links = usePage((state) => state.links);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <header>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Title order={1} size="h2">
            Lossy
          </Title>
          <Text size="sm" c="dimmed">
            What does a language model forget when you compress it?
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          {page === 'explore' && <Share />}
          <Tooltip label={`Use ${other} colours`}>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={`Use ${other} colours`}
              onClick={() => setColorScheme(other)}
            >
              {scheme === 'dark' ? <IconSun size={18} /> : <IconMoon size={18} />}
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <nav className={classes.views} aria-label="Views">
        {(Object.keys(views) as PageId[]).map((id) => (
          <a key={id} className={classes.view} href={links[id]} aria-current={id === page ? 'page' : undefined}>
            {views[id].label}
          </a>
        ))}
      </nav>
    </header>
  );
}
