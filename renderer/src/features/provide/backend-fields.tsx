import { useState } from 'react'
import type { ProviderChoice } from '../../../../core/contract/provider.ts'
import { rich, said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { Discovered } from '../../store/types.ts'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choice.tsx'
import { Facts } from '../../ui/facts.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import {
  addressOf,
  classKeyOf,
  isBilled,
  reachOf,
  triedBackendOf,
  type BackendKind,
  type ChoiceDraft,
  type ChoiceErrors,
} from './choice.ts'
import { KeyDialog } from './key-dialog.tsx'
import { TryOut } from './try-out.tsx'

export type FieldsProps = {
  readonly draft: ChoiceDraft
  readonly change: (changed: Partial<ChoiceDraft>) => void
  readonly errors: ChoiceErrors
}

const KINDS: readonly BackendKind[] = ['local', 'anthropic', 'claude-cli', 'practice']

/** What does the work: chosen, reached, and asked what it can run. */
export const BackendFields = ({ draft, change, errors }: FieldsProps) => (
  <>
    <Choices
      label={t('choice.backend')}
      options={KINDS.map((kind) => ({ value: kind, name: t(`choice.backend.${kind}`), hint: t(`choice.backend.${kind}.hint`) }))}
      value={draft.kind}
      onChange={(kind) => change({ kind, model: '', classKey: '' })}
    />
    <p className='small soft'>{t('choice.backend.never')}</p>
    {draft.kind !== 'practice' && <Reach key={draft.kind} draft={draft} change={change} errors={errors} />}
    <div>
      <TryOut backend={triedBackendOf(draft)} />
    </div>
  </>
)

/** A backend that is there already: its class may be changed; another model or address is another backend. */
export const KnownBackend = ({ backend, draft, change, errors }: FieldsProps & { readonly backend: ProviderChoice['backend'] }) => {
  const { baseUrl, keyRef } = reachOf(backend)
  return (
    <>
      <Facts
        facts={[
          { name: t('provide.backend.kind'), value: t(`provide.backend.${backend.kind}`) },
          ...(backend.kind === 'practice'
            ? []
            : [{ name: t('provide.backend.model'), value: <span className='foreign'>{backend.model}</span> }]),
          ...(baseUrl === null ? [] : [{ name: t('provide.backend.address'), value: <span className='mono'>{baseUrl}</span> }]),
          ...(keyRef === null ? [] : [{ name: t('provide.backend.key'), value: keyRef }]),
        ]}
      />
      <ClassField draft={draft} change={change} errors={errors} />
    </>
  )
}

const ClassField = ({ draft, change, errors }: FieldsProps) => (
  <TextField
    label={t('choice.class')}
    hint={t('choice.class.hint')}
    maxLength={64}
    value={draft.classKey}
    onChange={(classKey) => change({ classKey })}
    error={errors.classKey ?? null}
  />
)

type Checked = { readonly isHealthy: boolean; readonly sentence: string; readonly models: readonly string[] }

const Reach = ({ draft, change, errors }: FieldsProps) => {
  const { client } = useMarket()
  const [checked, setChecked] = useState<Checked | null>(null)
  const [isChecking, setChecking] = useState(false)
  const address = addressOf(draft)
  const changeAddress = (changed: Partial<ChoiceDraft>): void => {
    setChecked(null)
    change(changed)
  }
  const check = async (): Promise<void> => {
    if (address === null) return
    setChecking(true)
    const answer = await client.provider.check({ backend: address })
    setChecking(false)
    if (!answer.ok) return setChecked({ isHealthy: false, sentence: answer.error.message, models: [] })
    const { healthy, problem, models } = answer.value
    if (healthy) return take(models)
    setChecked({ isHealthy: false, sentence: t('choice.check.bad', { problem: said(problem ?? '') }), models: [] })
  }
  const take = (models: readonly string[]): void => {
    setChecked({ isHealthy: true, sentence: t('choice.check.ok', { count: models.length }), models })
    const only = models.length === 1 ? models[0] : undefined
    if (only !== undefined) change({ model: only, classKey: classKeyOf(only) })
  }
  const models = [...new Set([...(checked?.models ?? []), ...(draft.model === '' ? [] : [draft.model])])]
  return (
    <>
      {draft.kind === 'local' && (
        <FoundServers
          onChosen={({ baseUrl, models: offered }) => {
            changeAddress({ localUrl: `${baseUrl}/v1`, model: '', classKey: '' })
            take(offered)
          }}
        />
      )}
      {draft.kind === 'claude-cli' && <FoundClaude />}
      <div className='choice-row'>
        {draft.kind === 'local' ? (
          <TextField
            label={t('choice.url')}
            inputMode='url'
            maxLength={1_000}
            value={draft.localUrl}
            onChange={(localUrl) => changeAddress({ localUrl })}
            error={errors.localUrl ?? null}
          />
        ) : (
          <TextField
            label={t('choice.url')}
            inputMode='url'
            maxLength={1_000}
            value={draft.anthropicUrl}
            onChange={(anthropicUrl) => changeAddress({ anthropicUrl })}
            error={errors.anthropicUrl ?? null}
          />
        )}
        {isBilled(draft.kind) && <KeyField draft={draft} change={changeAddress} errors={errors} />}
        <Button isDisabled={address === null} isPending={isChecking} onPress={() => void check()}>
          {t('choice.check')}
        </Button>
      </div>
      {checked !== null && <Notice tone={checked.isHealthy ? 'good' : 'error'}>{checked.sentence}</Notice>}
      <div className='choice-grid'>
        <Select
          label={t('choice.model')}
          options={models.map((model) => ({ value: model, name: model }))}
          value={draft.model === '' ? null : draft.model}
          placeholder={t('choice.model.unchecked')}
          hint={t('choice.model.hint')}
          isDisabled={models.length === 0}
          onChange={(model) => change({ model, classKey: classKeyOf(model) })}
          error={errors.model ?? null}
        />
        <ClassField draft={draft} change={change} errors={errors} />
      </div>
    </>
  )
}

/** The model servers that answer on this computer: one is chosen by a click instead of by its address. */
const FoundServers = ({ onChosen }: { readonly onChosen: (server: Discovered['servers'][number]) => void }) => {
  const loaded = useFollowed(useMarket().discovered)
  const found = valueOf(loaded)
  if (found === null) return loaded.status === 'failed' ? null : <p className='small soft'>{t('choice.found.looking')}</p>
  if (found.servers.length === 0) return <p className='small soft'>{t('choice.found.none')}</p>
  return (
    <div className='choice-found'>
      <span className='small soft'>{t('choice.found')}</span>
      {found.servers.map((server) => (
        <Button key={server.baseUrl} size='small' onPress={() => onChosen(server)}>
          {t('choice.found.server', { program: server.program, count: server.models.length })}
        </Button>
      ))}
    </div>
  )
}

/** Whether the user's own program is there, and what its login may do. */
const FoundClaude = () => {
  const loaded = useFollowed(useMarket().discovered)
  const found = valueOf(loaded)
  if (found === null) return loaded.status === 'failed' ? null : <p className='small soft'>{t('choice.found.claude.looking')}</p>
  if (found.claude === null) return <Notice tone='warning'>{t('choice.found.claude.none')}</Notice>
  const { path, login } = found.claude
  return (
    <p className='small soft'>
      {rich('choice.found.claude', { path: <span className='mono foreign'>{path}</span> })} {t(`choice.found.login.${login}`)}
    </p>
  )
}

const KeyField = ({ draft, change, errors }: FieldsProps) => {
  const loaded = valueOf(useFollowed(useMarket().credentials))
  const [isOpen, setOpen] = useState(false)
  const refs = [...new Set([...(loaded?.refs ?? []), ...(draft.keyRef === '' ? [] : [draft.keyRef])])]
  return (
    <>
      <Select
        label={t('choice.key')}
        options={refs.map((ref) => ({ value: ref, name: ref }))}
        value={draft.keyRef === '' ? null : draft.keyRef}
        placeholder={t('choice.key.none')}
        isDisabled={refs.length === 0}
        onChange={(keyRef) => change({ keyRef })}
        error={errors.keyRef ?? null}
      />
      <Button onPress={() => setOpen(true)}>{t('choice.key.add')}</Button>
      <KeyDialog
        protection={loaded?.protection ?? 'session'}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onAdded={(keyRef) => change({ keyRef })}
      />
    </>
  )
}
