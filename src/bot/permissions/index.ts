export {
  countChanges,
  MOST_CHANGES,
  membersOf,
  readChanges,
  readChangesOf,
  withMember,
  withRule,
  writeChanges,
} from "./changes.ts";
export { isPattern, PatternError, readPattern } from "./pattern.ts";
export { type Guarded, mayRun, Permissions, permissionsOf } from "./permissions.ts";
export {
  ADMINS,
  type Decision,
  decide,
  groupOf,
  NO_CHANGES,
  type PermissionConfig,
  type Rule,
  type RunTimeChanges,
  type RunTimeRule,
  type Wish,
} from "./policy.ts";
export { isBelieved, type Subject, subjectOf } from "./subject.ts";
