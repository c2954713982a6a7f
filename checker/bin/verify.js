#!/usr/bin/env node
// npm run verify: the author's check.
import { start } from './start.js'

start('verify')
