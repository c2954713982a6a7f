#!/usr/bin/env node
// npm run soak: the steadiness of the verdicts.
import { start } from './start.js'

start('soak')
