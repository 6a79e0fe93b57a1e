import {
  type CSSVariablesResolver,
  createTheme,
  InputWrapper,
  type MantineColorsTuple,
  Tabs,
} from '@mantine/core';

const scope: MantineColorsTuple = [
  '#e8f4fc',
  '#d2e6f5',
  '#a5cdea',
  '#74b2de',
  '#4c9bd3',
  '#348dcd',
  '#1a7cbf',
  '#0a639c',
  '#085485',
  '#04446d',
];

const dark: MantineColorsTuple = [
  '#e2e8ed',
  '#c3ccd4',
  '#9ca8b3',
  '#6b7884',
  '#38424c',
  '#2a333c',
  '#1f272f',
  '#171d23',
  '#10151a',
  '#0c1014',
];

/** Mantine in Poolscope's clothes: dense, quiet, small radii, the OS's own typeface. */
export const theme = createTheme({
  colors: { scope, dark },
  primaryColor: 'scope',
  primaryShade: { light: 7, dark: 7 },
  black: '#1a2129',
  defaultRadius: 4,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  spacing: { xs: '0.375rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.125rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.35' },
      h3: { fontSize: '0.8125rem', lineHeight: '1.4' },
    },
  },
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Button: { defaultProps: { size: 'xs' } },
    // Explanations are for reading, and Mantine's own size for them is 10 pixels.
    InputWrapper: InputWrapper.extend({
      vars: () => ({
        label: {},
        success: {},
        error: { '--input-error-size': '0.75rem' },
        description: { '--input-description-size': '0.75rem' },
      }),
    }),
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tabs: Tabs.extend({ vars: () => ({ root: { '--tabs-color': 'var(--accent)' } }) }),
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, multiline: true, maw: 320 } },
  },
});

/** Points Mantine's own variables at the tokens, so that its parts and ours share one palette. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface-panel)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-dim)',
    '--mantine-color-placeholder': 'var(--text-dim)',
    '--mantine-color-default': 'var(--surface-panel)',
    '--mantine-color-default-hover': 'var(--surface-hover)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--status-unhealthy)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-primary-color-light-color': 'var(--accent)',
    '--mantine-color-scope-light-color': 'var(--accent)',
    '--mantine-color-scope-light-hover': 'var(--surface-selected)',
  };
  return { variables: {}, light: shared, dark: shared };
};
