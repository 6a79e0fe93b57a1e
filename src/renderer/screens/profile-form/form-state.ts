import type { UseFormReturnType } from '@mantine/form';
import type { FormValues } from './form-values.ts';

export type ProfileFormState = UseFormReturnType<FormValues>;
