// The app of app.ts, with the settings of the environment.
import { host, port } from '../../../../labs/kit/config.ts'
import { settingsFromEnvironment } from '../../../../solutions/07-cookie-free/settings.ts'
import { openApp } from './app.ts'

const { handler } = await openApp({ ...settingsFromEnvironment(), database: 'riddles.db' })
handler.listen(port(3007), host())
