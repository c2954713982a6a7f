#!/usr/bin/env node
// npm run hostile: submissions that attack the checker.
import { start } from './start.js'

start('hostile')
