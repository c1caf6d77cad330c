/** Loaded together, after the page: see useRowMenus. */
export { CellMenu } from './CellMenu.tsx'
export { ColumnMenu } from './ColumnMenu.tsx'
