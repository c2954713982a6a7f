#!/usr/bin/env node
// npm run resilience: lab 5's solution under failures.
import { start } from './start.js'

start('resilience')
