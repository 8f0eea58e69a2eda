/** Where things are once they have been installed. */
export const places: {
  readonly node24: string;
  readonly codeServer: string;
  readonly python: string;
  readonly trainer: string;
};
