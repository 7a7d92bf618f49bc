import { Anchor, Button, Group, Input, InputBase, Select, Text } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { entryOf, type ScopeOffer, withScope } from '../../../app/recipe/catalogue.ts';
import { needOf, type ShownField, shownFields } from '../../../app/recipe/check.ts';
import { withExact, withMethod } from '../../../app/recipe/steps.ts';
import type { Value } from '../../../lab/compress/controls.ts';
import { stepFields as texts } from '../../texts/controls.ts';
import columns from '../columns.module.css';
import { Disclosure } from '../Disclosure.tsx';
import { RichText } from '../RichText.tsx';
import { Term } from '../Term.tsx';
import { ChoiceField } from './ChoiceField.tsx';
import classes from './controls.module.css';
import { MethodPicker } from './MethodPicker.tsx';
import { NumberField } from './NumberField.tsx';
import type { Draft } from './useDraft.ts';

interface Props {
  draft: Draft;
  /** Left out where what it is applied to is not chosen here. */
  scopes?: readonly ScopeOffer[];
  /** What is to be said of the chosen scope. */
  scopeNote?: ReactNode;
}

/** The choices of one step: method, scope and the method's own parameters, each with what is wrong with it. */
export function StepFields({ draft, scopes, scopeNote }: Props) {
  const { step, problems, isPending } = draft;
  const { label, term, kind, help, citation } = entryOf(step.method);
  const { exact, own, calibration } = shownFields(step);
  const id = useId();
  const offers = scopes && withScope(scopes, step.scope);
  const scopeId = useId();
  const problemOf = (field: string) => problems.find((problem) => problem.field === field)?.message;
  const field = (shown: ShownField) => {
    const { control } = shown;
    const change = (value: Value, options?: { typed?: boolean }) =>
      draft.change(
        shown.isExact
          ? withExact(step, {
              ...Object.fromEntries(exact.map((other) => [other.control.name, other.value ?? other.control.default])),
              [control.name]: value,
            })
          : { ...step, params: { ...step.params, [control.name]: value } },
        options,
      );
    const shared = { value: shown.value, error: problemOf(control.name), onFlush: draft.flush };
    return control.kind === 'choice' ? (
      <ChoiceField key={control.name} control={control} {...shared} onChange={change} />
    ) : (
      <NumberField
        key={control.name}
        control={control}
        {...shared}
        onChange={(value) => change(value, { typed: true })}
      />
    );
  };
  return (
    <>
      <div>
        <MethodPicker
          value={step.method}
          onPick={(method) => draft.change(withMethod(step, method))}
          target={(open) => (
            <InputBase
              component="button"
              type="button"
              pointer
              multiline
              label={texts.method}
              aria-label={texts.methodNow(label)}
              aria-describedby={id}
              rightSection={<IconSelector size={16} />}
              rightSectionPointerEvents="none"
              onClick={open}
            >
              {label}
            </InputBase>
          )}
        />
        <Text size="xs" c="dimmed" mt={4} id={id}>
          <RichText phrase={texts.inTerms(kind, term)} />
          {help} <RichText phrase={texts.costs[needOf(step)]} />{' '}
          <Anchor size="xs" href={citation.url} target="_blank" rel="noreferrer">
            {citation.text}
          </Anchor>
        </Text>
        {problemOf('method') && (
          <Text size="xs" c="red" role="alert">
            {problemOf('method')}
          </Text>
        )}
      </div>
      {offers && (
        <div>
          <Group gap={6} align="baseline">
            <Input.Label htmlFor={scopeId}>{texts.scope}</Input.Label>
            <Text span size="sm" c="dimmed">
              <Term id="scope">{texts.scopeTerm}</Term>
            </Text>
          </Group>
          <Select
            id={scopeId}
            data={offers.map((scope) => ({ value: scope.id, label: scope.label }))}
            value={step.scope}
            onChange={(scope) => scope && draft.change({ ...step, scope })}
            description={offers.find((scope) => scope.id === step.scope)?.help}
            inputWrapperOrder={['input', 'error', 'description']}
            error={problemOf('scope')}
            errorProps={{ role: 'alert' }}
          />
          {scopeNote}
        </div>
      )}
      {exact.length + own.length > 0 && <div className={columns.two}>{[...exact, ...own].map(field)}</div>}
      {calibration.length > 0 && (
        <Disclosure className={classes.calibration} title={texts.calibration}>
          <div className={columns.two}>{calibration.map(field)}</div>
        </Disclosure>
      )}
      {isPending && problems.length > 0 && (
        <Group gap="xs" justify="space-between">
          <Text size="xs">{texts.impossible}</Text>
          <Button size="compact-xs" variant="default" onClick={draft.reset}>
            {texts.takeBack}
          </Button>
        </Group>
      )}
    </>
  );
}
