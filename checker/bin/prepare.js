// The last step of an install.
import { start } from './start.js'

start('prepare')
