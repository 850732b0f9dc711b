/** Photos of goods: brought with a rejection or to a dispute, and shown to those whom they are for. */
export const photos = {
  "photo.label": "Photos of the goods",
  "photo.hint":
    "Up to {most}, as JPEG, PNG or WebP, each up to {size} MiB. We keep the picture only: where and by whom it was taken is removed. The other side sees it, and operators who say why.",
  "photo.kept": "Kept with this form already: {count}",
  "photo.shown": "Photos",
  "photo.alt": "Photo {number} of {count}",
  "photo.reason": "Why you look at photo {number}",
  "photo.look": "Look at photo {number}",
  "photo.lookHint": "The buyer reads that you have looked, and why.",
  "mistake.photo": "One of these files is no photo that we can read. Choose JPEG, PNG or WebP.",
  "mistake.photoLarge": "One of these files is larger than {size} MiB.",
  "mistake.photoMany": "These are more than {most} photos.",
  "mistake.photosFull": "No more photos are taken for this trade, or today. Say it in words.",
  "mistake.photosBusy": "Too many photos are coming in just now. Choose them again in a minute.",
} as const;
