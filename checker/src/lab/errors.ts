// The two kinds of trouble that are not the student's work: a wrong command line, and a checker that cannot do its job.

/** The command was used wrongly: exit status 2. The message says what is right. */
export class UsageError extends Error {}

/** The checker or the machine is at fault, not the student: exit status 3. */
export class CheckerError extends Error {}
