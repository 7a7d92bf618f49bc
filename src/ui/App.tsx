import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconBell, IconMoon, IconSun } from '@tabler/icons-react';
import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { allowAnnouncing, announceWork, useAnnounce } from '../app/page/announce.ts';
import { dismiss } from '../app/page/notices.ts';
import { linkTo, usePage } from '../app/page/page.ts';
import { viewList } from '../app/view-list.ts';
import { Failure } from './parts/Failure.tsx';
import { app as texts } from './texts/app.ts';
import { Share } from './views/explore/status/Share.tsx';

/** Every view's component, loaded with it. */
const views = Object.fromEntries(
  Object.entries(import.meta.glob<{ default: ComponentType }>('./views/*/index.ts')).map(([path, load]) => [
    path.split('/')[2],
    lazy(load),
  ]),
);

announceWork(texts.done);

/** The frame of all views: name, navigation, notices. */
export function App() {
  const page = usePage((state) => state.page);
  const notices = usePage((state) => state.notices);
  const update = usePage((state) => state.update);
  const percentage = usePage(({ busy }) => (busy === null ? null : Math.floor(busy * 100)));
  const Content = views[page];
  const { title } = viewList.find(({ id }) => id === page)!;
  useEffect(() => {
    // Who looks at something else meanwhile sees in the tab how far it is.
    document.title = percentage === null ? title : `${percentage} % · ${title}`;
  }, [title, percentage]);
  return (
    // Its classes are those of the page as it is before this is there: scripts/shell.ts.
    <div className="lossy-frame">
      <Header />
      {update && (
        <Alert color="teal" title={texts.newVersion} role="status">
          <Button size="xs" onClick={update}>
            {texts.reload}
          </Button>
        </Alert>
      )}
      {notices.map((notice) => (
        <Failure key={notice.message} error={notice} onClose={() => dismiss(notice)} />
      ))}
      <Suspense fallback={<Welcome />}>
        <Content />
      </Suspense>
      <Text component="footer" size="xs" c="dimmed">
        {texts.footer}
      </Text>
    </div>
  );
}

/** The first words, until the view is there. */
const Welcome = () => (
  <main>
    <p className="lossy-welcome">{texts.welcome}</p>
  </main>
);

/** Offers a message for the end of what is being computed, while that was neither allowed nor refused. */
function Announce() {
  const isBusy = usePage(({ busy }) => busy !== null);
  const permission = useAnnounce((state) => state.permission);
  if (permission !== 'default') return null;
  return (
    <Tooltip label={texts.announce}>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={texts.announce}
        disabled={!isBusy}
        onClick={() => void allowAnnouncing()}
      >
        <IconBell size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

function Header() {
  const page = usePage((state) => state.page);
  const links = usePage(useShallow((state) => viewList.map(({ id }) => linkTo(id, state))));
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <header>
      <div className="lossy-head">
        <div>
          <h1 className="lossy-name">{texts.name}</h1>
          <p className="lossy-question">{texts.question}</p>
        </div>
        <Group gap="xs" wrap="nowrap">
          {page === 'explore' && <Share />}
          <Announce />
          <Tooltip label={texts.useColours(other)}>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={texts.useColours(other)}
              onClick={() => setColorScheme(other)}
            >
              {scheme === 'dark' ? <IconSun size={18} /> : <IconMoon size={18} />}
            </ActionIcon>
          </Tooltip>
        </Group>
      </div>
      <nav className="lossy-views" aria-label={texts.views}>
        {viewList.map(({ id, label }, index) => (
          <a key={id} className="lossy-view" href={links[index]} aria-current={id === page ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
    </header>
  );
}
