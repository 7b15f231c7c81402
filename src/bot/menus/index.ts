export { MenuCall, menuCallOf, type Stage, type StageQuestion } from "./call.ts";
export { menuInfo, menuItem, menuItems } from "./list.ts";
export { isMenuCall, menus } from "./menus.ts";
