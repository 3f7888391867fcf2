import { Component, type ErrorInfo, type ReactNode } from 'react'
import { t } from '../messages/translate.ts'
import { Button } from '../ui/button.tsx'
import { FullPage } from '../ui/notice.tsx'

type Props = { readonly children: ReactNode }

/** A screen that fails takes neither the others nor the market with it. */
export class Boundary extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true }
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    console.error(error, componentStack)
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <FullPage
        isAlert
        title={t('app.crashed.title')}
        action={
          <Button look='primary' onPress={() => window.location.reload()}>
            {t('app.crashed.reload')}
          </Button>
        }
      >
        {t('app.crashed.body')}
      </FullPage>
    )
  }
}
