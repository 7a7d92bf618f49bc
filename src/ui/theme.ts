import { Anchor, Combobox, createTheme, SegmentedControl, Select } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'teal',
  // White letters on it can be read.
  primaryShade: { light: 9, dark: 9 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Within a text its colour alone does not tell a link.
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    // Lists that are closed are not drawn: a page with ten fields would hold a hundred options.
    Combobox: Combobox.extend({ defaultProps: { keepMounted: false } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { allowDeselect: false } }),
  },
});
