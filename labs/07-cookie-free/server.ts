// Starts the app with the settings of the environment. Given: nothing to do here.
import { serve } from '#kit/app.ts'
import { port } from '#kit/config.ts'
import { openApp } from './app.ts'
import { settingsFromEnvironment } from './settings.ts'

const { handler } = await openApp(settingsFromEnvironment())

serve(handler, port(3007))
