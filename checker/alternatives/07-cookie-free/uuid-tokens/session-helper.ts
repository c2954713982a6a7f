// The helper of the solution.
export * from '../../../../solutions/07-cookie-free/session-helper.ts'
