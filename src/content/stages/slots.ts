/**
 * Puts ads into fixed slots of a list, counted from 1 and ascending, and cuts it at `length`. Posts
 * move down; none is skipped. An ad whose slot lies beyond the posts comes right after them; a slot
 * without an ad left holds a post.
 */
export function injectAds<Item>(
  posts: readonly Item[],
  ads: readonly Item[],
  slots: readonly number[],
  length: number,
): Item[] {
  const list = [...posts];
  slots.slice(0, ads.length).forEach((slot, k) => list.splice(slot - 1, 0, ads[k]));
  return list.slice(0, length);
}
