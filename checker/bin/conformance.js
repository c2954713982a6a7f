#!/usr/bin/env node
// npm run conformance: what real session stores do, and what they do not.
import { start } from './start.js'

start('conformance')
