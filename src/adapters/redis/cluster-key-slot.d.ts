declare module 'cluster-key-slot' {
  /** The slot of a Cluster that keeps `key`. The package has no types. */
  export default function calculateSlot(key: string): number;
}
