export { featuresOf } from "./features.ts";
export { generateAvatar } from "./generated-avatar.ts";
export { Identity } from "./identity.ts";
export { type Image, LARGEST_AVATAR } from "./image.ts";
export { type Profile, type ProfileDefinition, profileOf } from "./profile.ts";
