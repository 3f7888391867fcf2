// An Electron with one window and nothing of the market in it: the floor of a start, and a window for pages that are measured.
import { app, BrowserWindow } from 'electron'

const show = () => {
  const window = new BrowserWindow({ width: 1280, height: 800, webPreferences: { backgroundThrottling: false } })
  void window.loadURL(process.env['BENCH_PAGE'] ?? 'about:blank')
}
void app.whenReady().then(show)
