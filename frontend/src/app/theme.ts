/**
 * The look of every page: colours whose contrast meets WCAG AA, one hyperlegible typeface, and the
 * defaults of Mantine's components.
 */
import {
  Alert,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  EmptyState,
  InputWrapper,
  type MantineColorsTuple,
  NavLink,
  Notification,
  Paper,
  PasswordInput,
  Select,
  Table,
  TextInput,
  Tooltip,
  type VariantColorsResolver,
} from '@mantine/core';

/** Text on shade 0 takes shade 8 or darker; white text sits on shade 6 or darker. */
const lagoon: MantineColorsTuple = [
  '#e8f4f5',
  '#cfe6e9',
  '#a3cfd5',
  '#73b5bf',
  '#4a9dab',
  '#2c8494',
  '#1b7080',
  '#145b69',
  '#0f4853',
  '#0a343d',
];

const amber: MantineColorsTuple = [
  '#fff6e0',
  '#ffe9bd',
  '#fcd88a',
  '#f6c455',
  '#e8ab2e',
  '#d08f12',
  '#a26b00',
  '#855700',
  '#664200',
  '#4a3000',
];

const brick: MantineColorsTuple = [
  '#fdeeec',
  '#f9d9d5',
  '#f0b3ab',
  '#e58a7f',
  '#d9655a',
  '#c8463b',
  '#b0332a',
  '#952820',
  '#7a1f19',
  '#5c1612',
];

const leaf: MantineColorsTuple = [
  '#eaf5ec',
  '#d2e9d7',
  '#a9d3b2',
  '#7dbb8a',
  '#55a267',
  '#3a874d',
  '#2a723d',
  '#205c30',
  '#184825',
  '#103319',
];

const slate: MantineColorsTuple = [
  '#f4f6f5',
  '#ebefee',
  '#e0e6e6',
  '#d1dada',
  '#b3bfc1',
  '#7c8d92',
  '#51636a',
  '#3d4d53',
  '#2b3a40',
  '#1c2b30',
];

/** The 'light' variant with text dark enough on its tint. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const name = input.color ?? input.theme.primaryColor;
  if (input.variant !== 'light' || !(name in input.theme.colors)) return colors;
  return {
    ...colors,
    background: `var(--mantine-color-${name}-0)`,
    hover: `var(--mantine-color-${name}-1)`,
    color: `var(--mantine-color-${name}-8)`,
  };
};

/** Mantine's own greys and reds are too pale for AA on our page. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': slate[6],
    '--mantine-color-default-border': slate[3],
    '--mantine-color-error': brick[7],
    '--mantine-color-placeholder': '#66777d',
    '--mantine-color-anchor': lagoon[7],
  },
  dark: {},
});

const fontFamily =
  "'Atkinson Hyperlegible Next Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  colors: { lagoon, amber, brick, leaf, slate, gray: slate },
  primaryColor: 'lagoon',
  primaryShade: 7,
  black: slate[9],
  variantColorResolver,
  fontFamily,
  headings: {
    fontFamily,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.35' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1rem', lg: '1.125rem', xl: '1.25rem' },
  defaultRadius: 'md',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: Alert.extend({ defaultProps: { variant: 'light', radius: 'md' } }),
    Badge: Badge.extend({
      defaultProps: { variant: 'light', radius: 'sm', size: 'lg' },
      styles: {
        root: { textTransform: 'none', fontWeight: 600, flexShrink: 0, maxWidth: 'none' },
        label: { overflow: 'visible' },
      },
    }),
    Button: Button.extend({ defaultProps: { loaderProps: { type: 'dots' } } }),
    EmptyState: EmptyState.extend({ defaultProps: { px: 'md' } }),
    InputWrapper: InputWrapper.extend({
      styles: { label: { fontWeight: 600, marginBottom: 4 }, error: { fontSize: '0.875rem' } },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close this message' } },
    }),
    NavLink: NavLink.extend({ defaultProps: { variant: 'light' } }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'lg' } }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show or hide the password' } },
    }),
    Select: Select.extend({
      // The list scrolls by itself: Mantine's scroll area could not be reached by keyboard.
      defaultProps: {
        allowDeselect: false,
        withScrollArea: false,
        comboboxProps: { shadow: 'md' },
      },
      styles: { options: { maxHeight: 260, overflowY: 'auto' } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } }),
    TextInput: TextInput.extend({ defaultProps: { autoComplete: 'off' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { events: { hover: true, focus: true, touch: true } },
    }),
  },
});
