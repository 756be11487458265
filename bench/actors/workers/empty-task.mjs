// The empty piscina task.
export default function nothing() {}
