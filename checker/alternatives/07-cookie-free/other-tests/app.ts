// The app of the solution.
export * from '../../../../solutions/07-cookie-free/app.ts'
