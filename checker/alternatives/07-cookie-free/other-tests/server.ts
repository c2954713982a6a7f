// The server of the solution: what is different here are the tests.
import '../../../../solutions/07-cookie-free/server.ts'
