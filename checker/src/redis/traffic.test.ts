import { expect, test } from 'vitest'
import { Traffic } from './traffic.ts'

function trafficOf(...requests: string[]) {
  const told: string[] = []
  const traffic = new Traffic('ours:', (key) => told.push(key))
  for (const request of requests) traffic.note(request.split(' '))
  return { traffic, told }
}

test('every key below the prefix is remembered once, whatever names it', () => {
  const { traffic, told } = trafficOf(
    'SET ours:a 1',
    'EXPIRE ours:a 60',
    'FCALL change 1 ours:b',
    'GET theirs',
  )
  expect(traffic.written()).toEqual(['ours:a', 'ours:b'])
  expect(told).toEqual(['ours:a', 'ours:b'])
})

test('keys that are written elsewhere are told apart, and reading is no writing', () => {
  expect(trafficOf('SET theirs 1', 'DEL ours:a other', 'GET third').traffic.foreign()).toEqual([
    'theirs',
    'other',
  ])
})

test('the story is the commands with their first arguments, and can begin anew without losing keys', () => {
  const { traffic } = trafficOf('set ours:a 1', 'PING', 'SET theirs 1')
  expect(traffic.commands()).toEqual(['SET ours:a', 'PING', 'SET theirs'])
  traffic.forgetStory()
  expect([traffic.commands(), traffic.foreign(), traffic.written()]).toEqual([[], [], ['ours:a']])
})

test('an app that writes without end does not fill the memory', () => {
  const { traffic } = trafficOf(...Array.from({ length: 12_000 }, (_, index) => `SET ours:${index} 1`))
  expect(traffic.written()).toHaveLength(2_000)
  expect(traffic.commands()).toHaveLength(500)
})
