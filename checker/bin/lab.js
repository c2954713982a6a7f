#!/usr/bin/env node
// npm run lab N: starts a lab and restarts it on save.
import { start } from './start.js'

start('lab')
