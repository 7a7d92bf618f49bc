import './ui/styles.ts';
import './ui/theme.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { installApi } from './app/api.ts';
import { goOffline } from './app/page/offline.ts';
import { openPage } from './app/page/open.ts';
import { complain } from './app/run/shared.ts';
import { App } from './ui/App.tsx';
import { theme } from './ui/theme.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <App />
    </MantineProvider>
  </StrictMode>,
);
installApi();
addEventListener('hashchange', () => void openPage(location.hash));
void openPage(location.hash);
if (import.meta.env.PROD) goOffline().catch(complain);
