export {
  type InvitationPolicy,
  isInvitationAccepted,
  MOST_ROOMS_BY_INVITATION,
  type RoomsSettings,
} from "./invitation-policy.ts";
export type { RoomJoinOptions } from "./joining.ts";
export { RoomKeeper, type RoomKeeperOptions } from "./keeper.ts";
export { type RoomNews, tellRoomNews } from "./news.ts";
export { type KnownOccupant, Occupants } from "./occupants.ts";
export { type Refusal, refusalOf } from "./refusal.ts";
export { Room, type RoomInviteOptions } from "./room.ts";
export { type RoomAction, RoomError } from "./room-error.ts";
export type { RoomSender } from "./room-sender.ts";
export { Rooms, type RoomsOptions } from "./rooms.ts";
export type { KnownRoom, StayState } from "./stay.ts";
