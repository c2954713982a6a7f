// Runs at the end of `npm ci`: keeps the starters for `lab-check reset`.
import { keepStarters } from '../progress/starter.ts'

keepStarters()
