// A bundle of its own, with the YAML parser in it: loaded with the first config file of a trainer (load.ts).
export { readTrainerConfig } from '../../core/trainer-config/read.ts';
