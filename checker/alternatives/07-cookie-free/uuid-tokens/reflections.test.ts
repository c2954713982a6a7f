// The tests of the solution: what they ask is no matter of how the app is made.
import '../../../../solutions/07-cookie-free/reflections.test.ts'
