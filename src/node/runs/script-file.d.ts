/** Scripts of sh as text: the build and the test runner both load them so. */
declare module '*.sh' {
  const source: string;
  export default source;
}
declare module '*.sbatch' {
  const source: string;
  export default source;
}
