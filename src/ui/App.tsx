import {
  ActionIcon,
  Container,
  Grid,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Title,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { dismiss, setTemplate } from '../app/lab.ts';
import { useLab } from '../app/store.ts';
import { LevelSlider } from './controls/LevelSlider.tsx';
import { Steps } from './controls/Steps.tsx';
import { Curve } from './curve/Curve.tsx';
import { FactPanel } from './facts/FactPanel.tsx';
import { Library } from './library/Library.tsx';
import { ForgettingMap } from './map/ForgettingMap.tsx';
import { Failure } from './parts/Failure.tsx';
import { RelationTable } from './relations/RelationTable.tsx';
import { LinkNote } from './status/LinkNote.tsx';
import { Numbers } from './status/Numbers.tsx';
import { RunStatus } from './status/RunStatus.tsx';
import { Sentence } from './status/Sentence.tsx';
import { Share } from './status/Share.tsx';

export function App() {
  const steps = useLab((state) => state.choice.steps.length);
  const template = useLab((state) => state.choice.template);
  const notices = useLab((state) => state.notices);
  return (
    <Container size={1500} py="md" px={{ base: 'xs', sm: 'md' }}>
      <Stack gap="md">
        <Header />
        {notices.map((notice) => (
          <Failure key={notice.message} error={notice} onClose={() => dismiss(notice)} />
        ))}
        <LinkNote />
        <Grid gap="md" component="main">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack gap="md">
              <Paper withBorder p="md" component="section" aria-label="Compression">
                <Stack gap="md">
                  <Sentence />
                  {Array.from({ length: steps }, (_, index) => (
                    <LevelSlider key={index} index={index} />
                  ))}
                  <Group gap="sm">
                    <Text size="sm" id="wording">
                      Asked
                    </Text>
                    <SegmentedControl
                      size="xs"
                      aria-labelledby="wording"
                      value={template}
                      onChange={(value) => setTemplate(value as typeof template)}
                      data={[
                        { value: 'seen', label: 'as in training' },
                        { value: 'paraphrase', label: 'in other words' },
                      ]}
                    />
                  </Group>
                </Stack>
              </Paper>
              <RunStatus />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Curve />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack gap="md">
              <ForgettingMap />
              <RelationTable />
              <Library />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Stack gap="md">
              <Steps />
              <FactPanel />
              <Numbers />
            </Stack>
          </Grid.Col>
        </Grid>
        <Footer />
      </Stack>
    </Container>
  );
}

function Header() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Group component="header" justify="space-between" wrap="nowrap">
      <div>
        <Title order={1} size="h2">
          Lossy
        </Title>
        <Text size="sm" c="dimmed">
          What does a language model forget when you compress it?
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Share />
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
  );
}

function Footer() {
  const opened = useLab((state) => state.opened);
  return (
    <Text component="footer" size="xs" c="dimmed">
      {opened &&
        `${opened.model.title}: ${opened.model.training} Licence ${opened.model.licence}. SHA-256 ${opened.model.sha256.slice(0, 16)}…. `}
      After Namburi et al. 2023, The Cost of Compression (Findings of EMNLP). Everything is computed on this machine;
      nothing leaves it.
    </Text>
  );
}
