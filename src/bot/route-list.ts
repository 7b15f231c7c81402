import type { Context } from "./context.ts";
import type { Chain } from "./middleware.ts";
import type { Route } from "./route.ts";
import { indexed } from "./route-index.ts";

/** @internal The routes of a composer in their order, and the way through them. */
export class RouteList<C extends Context> {
  readonly #routes: Route<C>[] = [];
  #index: { readonly size: number; readonly run: Chain<C> } | undefined;

  get all(): readonly Route<C>[] {
    return this.#routes;
  }

  add(route: Route<C>): void {
    this.#routes.push(route);
  }

  /** Adds one in front of those that there are. */
  addFirst(route: Route<C>): void {
    this.#routes.unshift(route);
  }

  /** All as one; what is added later is part of it. */
  readonly chain: Chain<C> = (pass, next) => {
    if (this.#index?.size !== this.#routes.length) {
      this.#index = { size: this.#routes.length, run: indexed(this.#routes) };
    }
    return this.#index.run(pass, next);
  };
}
