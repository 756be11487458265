// The headroom of this process, served to threads that must not read files for it.
import { readHeadroomMb } from './headroom.ts';

export interface MemoryDesk {
  headroomMb(): Promise<number>;
}

export const memoryDesk: MemoryDesk = { headroomMb: async () => readHeadroomMb() };
