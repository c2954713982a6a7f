#!/usr/bin/env node
// npm run benchmark: how much longer lab-check takes than the app alone.
import { start } from './start.js'

start('benchmark')
