#!/usr/bin/env node
// lab-check: judges a student's work.
import { start } from './start.js'

start('lab-check')
