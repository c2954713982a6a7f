// Runs the tests of a student: in a file called backwards.test.js the last one first.
import { TestRunner } from 'vitest'

export default class extends TestRunner {
  onCollected(files) {
    for (const file of files) if (file.name.endsWith('backwards.test.js')) turnRound(file)
  }
}

function turnRound(suite) {
  suite.tasks.reverse()
  for (const task of suite.tasks) if (task.type === 'suite') turnRound(task)
}
