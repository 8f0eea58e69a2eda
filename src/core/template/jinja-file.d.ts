/** A template as text: the build and the test runner both load it so. */
declare module '*.jinja' {
  const source: string;
  export default source;
}
