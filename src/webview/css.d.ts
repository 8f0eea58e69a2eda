/** Style sheets are for the bundler only. */
declare module '*.css';
