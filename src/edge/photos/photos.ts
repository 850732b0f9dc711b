/** Photos of goods that were rejected, or are argued about: brought, made anew in a process of its own, kept sealed, shown to few. */
export { type FormPhotos, keepFormPhotos } from "./photo-forms.ts";
export { openPhotos, type Photos } from "./photo-book.ts";
export { registerPhotoRoutes } from "./photo-routes.ts";
