// The app of app.ts, with the settings of the environment.
import { serve } from '../../../../labs/kit/app.ts'
import { port } from '../../../../labs/kit/config.ts'
import { settingsFromEnvironment } from '../../../../solutions/07-cookie-free/settings.ts'
import { openApp } from './app.ts'

const { handler } = await openApp(settingsFromEnvironment())
serve(handler, port(3007))
