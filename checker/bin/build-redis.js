// Downloads a Redis and builds it in a folder, with redis-memory-server. Progress goes to standard output, as the library prints it;
// the last line on standard error is the program's path, or why there is none.
import { RedisBinary } from 'redis-memory-server'

try {
  console.error(await RedisBinary.getPath({ downloadDir: process.argv[2], version: 'stable' }))
} catch (error) {
  console.error(error instanceof Error ? error.message.split('\n')[0] : String(error))
  process.exitCode = 1
}
