export const FILE = 'M7 3h7l4 4v14H7zM14 3v4h4'
export const CLIP =
  'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7.5'
