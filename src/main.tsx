import './ui/styles.ts';
import './ui/theme.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { installApi } from './app/install-api.ts';
import { goOffline } from './app/offline.ts';
import { openView } from './app/open-view.ts';
import { complain } from './app/page/notices.ts';
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
addEventListener('hashchange', () => void openView(location.hash));
void openView(location.hash);
if (import.meta.env.PROD) goOffline().catch(complain);
