// Pictures and previews of late; older ones are in the archive's store.
const KEPT = 300;

const pictures = new Map();
const previews = new Map();
let lastId = 0;

export function savePicture(bytes) {
  lastId += 1;
  const picture = { id: lastId, bytes, savedAt: Date.now() };
  pictures.set(picture.id, picture);
  if (pictures.size > KEPT) {
    const [oldest] = pictures.keys();
    pictures.delete(oldest);
    previews.delete(oldest);
  }
  return picture;
}

export const pictureById = (id) => pictures.get(id);

export function savePreview(id, preview) {
  if (pictures.has(id)) previews.set(id, preview);
}

export const previewOf = (id) => previews.get(id);
